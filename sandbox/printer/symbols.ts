import qrcode from 'qrcode';

/** A picture that goes onto the paper as a block. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  dark(x: number, y: number): boolean;
}

/** What a `GS ( k` function led to. */
type SymbolResult =
  | { readonly type: 'kept' }
  | { readonly type: 'qr'; readonly payload: string; readonly picture: Picture }
  | { readonly type: 'other'; readonly kind: string; readonly payload: string }
  | { readonly type: 'size'; readonly dots: number }
  | { readonly type: 'problem'; readonly sentence: string };

/** The printer's memory of two-dimensional codes: settings and the stored data of each kind. */
export interface SymbolStore {
  /** Obeys one `GS ( k`: parameters from the length field on. */
  obey(parameters: Uint8Array): SymbolResult;
  reset(): void;
}

const LEVELS: ReadonlyMap<number, 'L' | 'M' | 'Q' | 'H'> = new Map([
  [48, 'L'],
  [49, 'M'],
  [50, 'Q'],
  [51, 'H'],
]);
const QR = 49;
const OTHER_KINDS: ReadonlyMap<number, string> = new Map([
  [48, 'PDF417'],
  [50, 'MaxiCode'],
]);
const KEPT: SymbolResult = { type: 'kept' };

const problem = (sentence: string): SymbolResult => ({ type: 'problem', sentence });

/** Each dark square becomes `scale` × `scale` dots. */
function scaled(size: number, scale: number, dark: (x: number, y: number) => boolean): Picture {
  const dots = size * scale;
  return {
    width: dots,
    height: dots,
    dark: (x, y) => dark(Math.floor(x / scale), Math.floor(y / scale)),
  };
}

interface QrMemory {
  model: number;
  moduleSize: number;
  level: 'L' | 'M' | 'Q' | 'H';
  data: Uint8Array | undefined;
}

const initialQr = (): QrMemory => ({ model: 50, moduleSize: 3, level: 'L', data: undefined });

function drawQr(memory: QrMemory): SymbolResult {
  if (memory.data === undefined) return problem('A QR code was to be printed before its data was stored.');
  if (memory.model !== 50) return problem('Only QR code model 2 can be drawn; another model was selected.');
  let payload: string;
  try {
    payload = new TextDecoder('utf-8', { fatal: true }).decode(memory.data);
  } catch {
    return problem('The data of a QR code is not UTF-8: its length field may count characters instead of bytes.');
  }
  try {
    const { modules } = qrcode.create(payload, { errorCorrectionLevel: memory.level });
    const dark = (x: number, y: number): boolean => modules.get(y, x) === 1;
    return { type: 'qr', payload, picture: scaled(modules.size, memory.moduleSize, dark) };
  } catch (error) {
    return problem(`A QR code cannot be drawn: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type QrFunction = (memory: QrMemory, first: number, rest: Uint8Array) => SymbolResult;

const setModel: QrFunction = (memory, first, rest) => {
  if (rest.length !== 2 || first < 49 || first > 51) return problem(`QR model ${String(first)} does not exist.`);
  memory.model = first;
  return KEPT;
};

const setModuleSize: QrFunction = (memory, first) => {
  if (first < 1 || first > 16) return problem(`A QR module of ${String(first)} dots is out of range (1 to 16).`);
  memory.moduleSize = first;
  return KEPT;
};

const setLevel: QrFunction = (memory, first) => {
  const level = LEVELS.get(first);
  if (level === undefined) return problem(`QR error correction ${String(first)} does not exist.`);
  memory.level = level;
  return KEPT;
};

const storeData: QrFunction = (memory, first, rest) => {
  if (first !== 48 || rest.length < 2) return problem('QR data was stored without its 48 or without any data.');
  memory.data = rest.slice(1);
  return KEPT;
};

const tellSize: QrFunction = (memory) => {
  const drawn = drawQr(memory);
  return drawn.type === 'qr' ? { type: 'size', dots: drawn.picture.width } : drawn;
};

/** Functions 165, 167, 169, 180, 181 and 182 of `GS ( k`, by their code; numbers as Epson's reference has them. */
const QR_FUNCTIONS: ReadonlyMap<number, QrFunction> = new Map([
  [65, setModel],
  [67, setModuleSize],
  [69, setLevel],
  [80, storeData],
  [81, drawQr],
  [82, tellSize],
]);

function obeyOther(stored: Map<number, string>, kind: number, parameters: Uint8Array): SymbolResult {
  const name = OTHER_KINDS.get(kind);
  if (name === undefined) return problem(`GS ( k knows no symbol of kind ${String(kind)}.`);
  const code = parameters[3];
  if (code === 80) stored.set(kind, Buffer.from(parameters.subarray(5)).toString('utf8'));
  return code === 81 ? { type: 'other', kind: name, payload: stored.get(kind) ?? '' } : KEPT;
}

/** An empty memory. */
export function createSymbolStore(): SymbolStore {
  let qr = initialQr();
  const others = new Map<number, string>();
  return {
    obey(parameters) {
      const [, , kind = 0, code = 0] = parameters;
      if (kind !== QR) return obeyOther(others, kind, parameters);
      const rest = parameters.subarray(4);
      const obeyQr = QR_FUNCTIONS.get(code);
      return obeyQr?.(qr, rest[0] ?? 0, rest) ?? problem(`GS ( k has no QR function ${String(code)}.`);
    },
    reset() {
      qr = initialQr();
      others.clear();
    },
  };
}
