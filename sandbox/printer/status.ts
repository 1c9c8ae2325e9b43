/**
 * What a printer answers about itself, bit by bit, as Epson's reference gives it: `DLE EOT` (real time), `GS r` (in turn),
 * automatic status back (`GS a`), `GS I` (identity) and the process id of `GS ( H`.
 */
import type { Command, PrinterState } from './types.ts';

type Condition = Pick<PrinterState, 'paper' | 'coverOpen' | 'cutterError' | 'offline'>;

const when = (condition: boolean, bits: number): number => (condition ? bits : 0);

/** Whether the printer prints now. */
export function isOffline(state: Condition): boolean {
  return state.offline || state.coverOpen || state.cutterError || state.paper === 'out';
}

const isLow = (state: Condition): boolean => state.paper !== 'ok';
const isOut = (state: Condition): boolean => state.paper === 'out';

/** The answer to `DLE EOT` n; undefined for an n that asks nothing. 12h is healthy. */
export function realTimeStatus(state: Condition, kind: number): number | undefined {
  switch (kind) {
    case 1:
      return 0x12 | when(isOffline(state), 0x08);
    case 2:
      return 0x12 | when(state.coverOpen, 0x04) | when(isOut(state), 0x20) | when(state.cutterError, 0x40);
    case 3:
      return 0x12 | when(state.cutterError, 0x08);
    case 4:
      return 0x12 | when(isLow(state), 0x0c) | when(isOut(state), 0x60);
    default:
      return undefined;
  }
}

/** The answer to `GS r` n: 1 or 49 paper, 2 or 50 drawer; undefined for another n. */
export function queuedStatus(state: Condition, kind: number): number | undefined {
  if (kind === 1 || kind === 49) return when(isLow(state), 0x03) | when(isOut(state), 0x0c);
  return kind === 2 || kind === 50 ? 0x00 : undefined;
}

/** The four bytes of automatic status back. */
export function automaticStatus(state: Condition): Buffer {
  return Buffer.of(
    0x10 | when(isOffline(state), 0x08) | when(state.coverOpen, 0x20),
    when(state.cutterError, 0x08),
    when(isLow(state), 0x03) | when(isOut(state), 0x0c),
    0x00,
  );
}

/** Whether a change of the four bytes is one that this `GS a` mask asked for. */
export function concerns(mask: number, before: Buffer, after: Buffer): boolean {
  const changed = (byte: number, bits: number): boolean => (((before[byte] ?? 0) ^ (after[byte] ?? 0)) & bits) !== 0;
  const online = (mask & 0x02) !== 0 && changed(0, 0x28);
  const error = (mask & 0x04) !== 0 && changed(1, 0xff);
  const paper = (mask & 0x08) !== 0 && changed(2, 0xff);
  return online || error || paper;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [65, '1.00 SANDBOX'],
  [66, 'SANDBOX'],
  [67, 'VIRTUAL-80'],
  [68, '0000001'],
]);

/** The answer to `GS I` n: one byte for 1 to 3, a name in a block for 65 to 68; undefined for another n. */
export function identity(kind: number): Buffer | undefined {
  const asNumber = kind >= 49 && kind <= 51 ? kind - 48 : kind;
  if (asNumber >= 1 && asNumber <= 3) return Buffer.of([0x20, 0x02, 0x01][asNumber - 1] ?? 0);
  const name = NAMES.get(kind);
  return name === undefined ? undefined : Buffer.from(`_${name}\0`, 'latin1');
}

/** What `GS ( H` function 48 is answered with, once what came before it is printed. */
function processIdAnswer(id: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0x37, 0x22), id, Buffer.of(0x00)]);
}

/** The answer to `GS ( k` function 182 for a QR code of that many dots each way. */
export function symbolSizeAnswer(dots: number): Buffer {
  return Buffer.concat([
    Buffer.of(0x37, 0x36),
    Buffer.from(`${String(dots)}\x1f${String(dots)}\x1f1\x1f0`),
    Buffer.of(0),
  ]);
}

/**
 * The answer to `GS r`, `GS I` or `GS ( H`, when its turn has come; empty where this printer has none to give, undefined
 * where the question itself is wrong.
 */
export function answerInTurn(state: PrinterState, command: Command): Buffer | undefined {
  const [first = 0, , code, marker] = command.parameters;
  if (command.name === 'GS I') return identity(first);
  if (command.name === 'GS r') {
    const status = queuedStatus(state, first);
    return status === undefined ? undefined : Buffer.of(status);
  }
  const id = command.parameters.subarray(4);
  if (code !== 48 || marker !== 48 || id.length !== 4) return undefined;
  return state.processIds ? processIdAnswer(id) : Buffer.alloc(0);
}
