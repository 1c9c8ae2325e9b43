import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { Double } from '../base.ts';
import type { CommonFaults, Glass, Timer } from '../types.ts';

/** What may go wrong with a panel of pixels. */
export interface BitmapLcdFaults extends CommonFaults {
  /** Answers the greeting, as newer models do. */
  readonly greets: boolean;
  /** Bytes of a code that it keeps: it does not know what a code is, so all of them. */
  readonly longestCode: number;
}

/** jsqr's module is the function itself; its declaration puts it under `default`. */
const decode = jsqr as unknown as typeof jsqr.default;

const [width, height] = [320, 480];
const headerBytes = 6;
/** A picture that has not ended after this long never will, milliseconds. An assumption: USB loses nothing. */
const usualPatienceMs = 1_000;
const operations = { reset: 101, clear: 102, off: 108, on: 109, brightness: 110, turn: 121, bitmap: 197, hello: 69 };

interface Area {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly bytes: number;
}

/** A 3.5 inch USB panel (revision A) without the panel: it knows pixels only, and what they say is read from them. */
export class BitmapLcdDouble extends Double<BitmapLcdFaults> {
  readonly #patienceMs: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #heardAt = 0;
  #pixels = new Uint16Array(width * height);
  #on = true;
  /** Grows with each change of a pixel. */
  #version = 0;
  #read: { readonly version: number; readonly code: string | null } | undefined;
  /** The USB device is gone for so long. */
  protected override readonly startMs = 5_000;

  constructor({ timer, patienceMs = usualPatienceMs }: { readonly timer: Timer; readonly patienceMs?: number }) {
    super(timer, { silent: false, slowMs: 0, greets: false, longestCode: Infinity });
    this.#patienceMs = patienceMs;
    this.restart();
  }

  /** What can be scanned; letters it does not know. */
  glass(): Glass {
    if (!this.lit()) return { lit: false, code: null, lines: [] };
    if (this.#read?.version !== this.#version) {
      const { data } = this.#picture();
      this.#read = { version: this.#version, code: decode(new Uint8ClampedArray(data), width, height)?.data ?? null };
    }
    return { lit: true, code: this.#read.code, lines: [] };
  }

  /** Whether anything can be seen on it. */
  lit(): boolean {
    return this.#on && !this.isOff;
  }

  /** How many pixels are not as in a picture (1 is dark, from the top left), counted to `most`. */
  differences(picture: Uint8Array, most: number): number {
    let found = 0;
    for (let at = 0; at < picture.length && found < most; at += 1) {
      if ((this.#pixels[at] === 0) !== (picture[at] === 1)) found += 1;
    }
    return found;
  }

  override png(): Buffer {
    return PNG.sync.write(this.#picture());
  }

  protected restart(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#pixels.fill(0xffff);
    this.#version += 1;
    this.#on = true;
  }

  protected started(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  protected take(bytes: Uint8Array): void {
    const now = this.timer.monotonic();
    if (this.#heldBytes > 0 && now - this.#heardAt > this.#patienceMs) {
      this.complain('A picture ended in the middle.');
      this.#held = [];
      this.#heldBytes = 0;
    }
    this.#heardAt = now;
    this.#held.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
    while (this.#next());
  }

  #next(): boolean {
    if (this.#heldBytes < headerBytes) return false;
    const [first] = this.#held;
    if (!first || first.length < headerBytes) this.#held = [Buffer.concat(this.#held)];
    const head = this.#held[0] ?? Buffer.alloc(headerBytes);
    const area = areaOf(head);
    const bytes = headerBytes + (head[5] === operations.bitmap ? area.bytes : 0);
    if (this.#heldBytes < bytes) return false;
    const all = this.#held.length === 1 ? head : Buffer.concat(this.#held);
    const rest = all.subarray(bytes);
    this.#held = rest.length > 0 ? [rest] : [];
    this.#heldBytes = rest.length;
    this.#obey(head[5] ?? 0, area, all.subarray(headerBytes, bytes));
    return true;
  }

  #obey(operation: number, area: Area, data: Buffer): void {
    if (operation === operations.hello) this.#greet();
    else if (operation === operations.bitmap) this.#paint(area, data);
    else if (operation === operations.clear) this.#fill();
    else if (operation === operations.on || operation === operations.off) this.#on = operation === operations.on;
    else if (operation === operations.reset) this.powerCycle();
    else if (operation !== operations.brightness && operation !== operations.turn) {
      this.complain(`There is no operation ${String(operation)}.`);
    }
  }

  #greet(): void {
    if (this.faults().greets) this.send(Buffer.alloc(6, 1));
  }

  #fill(): void {
    this.#pixels.fill(0xffff);
    this.#version += 1;
  }

  #paint({ x, y, columns }: Area, data: Buffer): void {
    for (let at = 0; at + 1 < data.length; at += 2) {
      const column = x + ((at / 2) % columns);
      const row = y + Math.floor(at / 2 / columns);
      if (column < width && row < height) this.#pixels[row * width + column] = data.readUInt16LE(at);
    }
    this.#version += 1;
  }

  #picture(): PNG {
    const image = new PNG({ width, height });
    const dark = !this.lit();
    for (const [at, pixel] of this.#pixels.entries()) {
      const shades = dark ? [0x18, 0x18, 0x18] : [(pixel >> 11) * 8.2, ((pixel >> 5) & 63) * 4.05, (pixel & 31) * 8.2];
      image.data.set([...shades.map(Math.round), 0xff], at * 4);
    }
    return image;
  }
}

/** Coordinates in ten bits each. */
function areaOf(head: Buffer): Area {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0] = head;
  const [x, y] = [(b0 << 2) | (b1 >> 6), ((b1 & 63) << 4) | (b2 >> 4)];
  const [endX, endY] = [((b2 & 15) << 6) | (b3 >> 2), ((b3 & 3) << 8) | b4];
  const [columns, rows] = [Math.max(0, endX - x + 1), Math.max(0, endY - y + 1)];
  return { x, y, columns: Math.max(1, columns), bytes: columns * rows * 2 };
}
