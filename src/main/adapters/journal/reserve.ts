import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';

/**
 * Room on the disk that is kept free for finishing what runs. When the disk is full it is given up, so that payments
 * under way can still be written down; nothing new is taken until it could be filled again.
 */
export class Reserve {
  readonly #path: string;
  readonly #bytes: number;

  /** @param bytes how much is kept */
  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** Whether it is there, whole. */
  get kept(): boolean {
    return existsSync(this.#path) && statSync(this.#path).size === this.#bytes;
  }

  /** Fills it, if there is room; gives whether it is there. Never throws. */
  fill(): boolean {
    if (this.kept) return true;
    try {
      const descriptor = openSync(this.#path, 'w', 0o600);
      try {
        // Written, not only made long: a hole in a file keeps nothing free.
        for (let left = this.#bytes; left > 0; left -= pieceBytes) {
          const piece = Math.min(left, pieceBytes);
          if (writeSync(descriptor, zeros, 0, piece) < piece) throw new Error('The disk is full.');
        }
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      return true;
    } catch {
      // Without room there is no reserve; what it is for is told by whoever asks.
      this.giveUp();
      return false;
    }
  }

  /** Gives the room back. Never throws: the write that needs it then fails with a reason of its own. */
  giveUp(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // A file system that cannot be written has no room to give.
    }
  }
}

const pieceBytes = 65_536;
const zeros = Buffer.alloc(pieceBytes);
