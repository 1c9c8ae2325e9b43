import { Double } from '../base.ts';
import type { CommonFaults, Glass, Timer } from '../types.ts';

/** What may go wrong with a customer display: it never answers in any case. */
export interface Escpos2dFaults extends CommonFaults {
  /** Bytes of a code that it keeps; the rest is lost. */
  readonly longestCode: number;
}

interface Escpos2dOptions {
  readonly timer: Timer;
  /** 1F for a customer display, 1D for one that imitates a printer. */
  readonly lead?: 0x1f | 0x1d;
  readonly columns?: number;
  readonly patienceMs?: number;
}

interface Measured {
  readonly length: number;
  readonly obey: (bytes: Buffer) => void;
}

const rows = 2;
/** A command that has not ended after this long never will, milliseconds. An assumption: no maker writes of it. */
const usualPatienceMs = 1_000;

/** A customer display with ESC/POS commands, as Epson's: parsed by their lengths, and never answering. */
export class Escpos2dDouble extends Double<Escpos2dFaults> {
  readonly #lead: number;
  readonly #columns: number;
  readonly #patienceMs: number;
  #held = Buffer.alloc(0);
  #heardAt = 0;
  #selected = true;
  #stored: Buffer | undefined;
  #level: number | undefined;
  #code: string | null = null;
  #cells: string[] = [];
  #cursor = 0;

  constructor({ timer, lead = 0x1f, columns = 20, patienceMs = usualPatienceMs }: Escpos2dOptions) {
    super(timer, { silent: true, slowMs: 0, longestCode: 7_089 });
    this.#lead = lead;
    this.#columns = columns;
    this.#patienceMs = patienceMs;
    this.restart();
  }

  glass(): Glass {
    if (this.isOff) return { lit: false, code: null, lines: [] };
    const lines = Array.from({ length: rows }, (_, row) =>
      this.#cells
        .slice(row * this.#columns, (row + 1) * this.#columns)
        .join('')
        .trim(),
    );
    return { lit: true, code: this.#code, lines: lines.filter((line) => line !== '') };
  }

  protected restart(): void {
    this.#held = Buffer.alloc(0);
    this.#selected = true;
    this.#forgetAll();
  }

  protected started(): void {
    this.#clear();
  }

  protected take(bytes: Uint8Array): void {
    const now = this.timer.monotonic();
    if (this.#held.length > 0 && now - this.#heardAt > this.#patienceMs) {
      this.complain('A command ended in the middle.');
      this.#held = Buffer.alloc(0);
    }
    this.#heardAt = now;
    this.#held = Buffer.concat([this.#held, bytes]);
    for (let next = this.#measure(this.#held); next; next = this.#measure(this.#held)) {
      if (this.#held.length < next.length) return;
      const { obey } = next;
      const command = Buffer.from(this.#held.subarray(0, next.length));
      this.#held = this.#held.subarray(next.length);
      this.inTurn(() => {
        obey(command);
      });
    }
  }

  #forgetAll(): void {
    this.#stored = undefined;
    this.#level = undefined;
    this.#clear();
  }

  #clear(): void {
    this.#code = null;
    this.#cursor = 0;
    this.#cells = Array.from({ length: rows * this.#columns }, () => ' ');
  }

  /** The first command, as soon as its length is known. */
  #measure(held: Buffer): Measured | undefined {
    const [first, second] = held;
    if (first === undefined) return undefined;
    if (first >= 0x20 && first < 0x7f) {
      return this.#ifSelected(1, (bytes) => {
        this.#write(bytes.toString('latin1'));
      });
    }
    if (first === 0x0c || first === 0x0a || first === 0x0d) return this.#ifSelected(1, this.#control);
    if (first !== 0x1b && first !== 0x1f && first !== this.#lead) return this.#unknown(first);
    if (second === undefined) return undefined;
    return first === 0x1b ? this.#escape(second) : this.#longCommand(held, first, second);
  }

  readonly #control = (bytes: Buffer): void => {
    if (bytes[0] === 0x0c) this.#clear();
    else this.#newLine();
  };

  #escape(second: number): Measured {
    if (second === 0x40) {
      return {
        length: 2,
        obey: () => {
          this.#forgetAll();
        },
      };
    }
    if (second !== 0x3d) return this.#unknown(0x1b);
    return {
      length: 3,
      obey: (bytes) => {
        this.#selected = ((bytes[2] ?? 0) & 2) !== 0;
      },
    };
  }

  #longCommand(held: Buffer, first: number, second: number): Measured | undefined {
    if (first === 0x1f && second === 0x24) {
      return this.#ifSelected(4, (bytes) => {
        this.#moveTo(bytes[2] ?? 0, bytes[3] ?? 0);
      });
    }
    if (first !== this.#lead || second !== 0x28) return this.#unknown(first);
    if (held.length < 5) return undefined;
    if (held[2] !== 0x6b) return this.#unknown(first);
    return this.#ifSelected(5 + held.readUInt16LE(3), (bytes) => {
      this.#symbol(bytes.subarray(5));
    });
  }

  #unknown(first: number): Measured {
    return {
      length: 1,
      obey: () => {
        this.complain(`There is no command that begins with ${first.toString(16)} so.`);
      },
    };
  }

  #ifSelected(length: number, obey: (bytes: Buffer) => void): Measured {
    return {
      length,
      obey: (bytes) => {
        if (this.#selected) obey(bytes);
      },
    };
  }

  #write(character: string): void {
    this.#cells[this.#cursor % this.#cells.length] = character;
    this.#cursor = (this.#cursor + 1) % this.#cells.length;
  }

  #newLine(): void {
    this.#cursor =
      this.#cursor % this.#columns === 0
        ? this.#cursor
        : (Math.floor(this.#cursor / this.#columns) + 1) * this.#columns;
    this.#cursor %= this.#cells.length;
  }

  #moveTo(column: number, row: number): void {
    if (column < 1 || column > this.#columns || row < 1 || row > rows) {
      this.complain(`There is no place ${String(column)}, ${String(row)}.`);
      return;
    }
    this.#cursor = (row - 1) * this.#columns + column - 1;
  }

  #symbol(parameters: Buffer): void {
    const [kind, code, first = 0] = parameters;
    if (kind !== 0x31) this.complain('Only QR codes are known.');
    else if (code === 0x41 || code === 0x43) this.#check(code, parameters);
    else if (code === 0x45) this.#level = first >= 0x30 && first <= 0x33 ? first : this.#level;
    else if (code === 0x50) this.#stored = Buffer.from(parameters.subarray(3, 3 + this.faults().longestCode));
    else if (code === 0x51) this.#draw();
    else this.complain(`There is no QR function ${String(code)}.`);
  }

  #check(code: number, parameters: Buffer): void {
    const [, , first = 0, second = 0] = parameters;
    const right = code === 0x41 ? first === 0x32 && second === 0 : first >= 1 && first <= 16;
    if (!right) this.complain(`A QR setting ${String(first)} does not exist.`);
  }

  #draw(): void {
    if (!this.#stored) {
      this.complain('A code was to be drawn before it was stored.');
      return;
    }
    this.#code = this.#stored.toString('utf8');
  }
}
