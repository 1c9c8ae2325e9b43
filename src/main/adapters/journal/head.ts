import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The newest entry as a witness outside the database knows it, with the counters that must never go back. */
export interface Head {
  readonly revision: number;
  /** The entry's hash, as hexadecimal text. */
  readonly hash: string;
  readonly effectsMade: number;
  readonly receiptsMade: number;
  readonly notices: number;
}

/** What the file says; `damaged` counts places that were written and cannot be read. */
export interface HeadRead {
  readonly head: Head | null;
  readonly damaged: number;
  readonly missing: boolean;
}

/** Two places, written in turns: when the power goes in the middle of one, the other still stands. Bytes. */
const placeBytes = 256;
const places = 2;

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

function written({ revision, hash, effectsMade, receiptsMade, notices }: Head): string {
  const text = `entry ${revision} ${hash} effects ${effectsMade} receipts ${receiptsMade} notices ${notices}`;
  return `${`${text} sum ${sumOf(text)}`.padEnd(placeBytes - 1)}\n`;
}

const line = /^(entry (\d+) ([0-9a-f]{64}) effects (\d+) receipts (\d+) notices (\d+)) sum ([0-9a-f]{32}) *\n$/;

function read(place: string): Head | undefined {
  const [, text = '', revision, hash = '', effectsMade, receiptsMade, notices, sum] = line.exec(place) ?? [];
  if (sum === undefined || sumOf(text) !== sum) return undefined;
  return {
    revision: Number(revision),
    hash,
    effectsMade: Number(effectsMade),
    receiptsMade: Number(receiptsMade),
    notices: Number(notices),
  };
}

/** Reads the witness. Never throws for what is written in it. */
export function readHead(path: string): HeadRead {
  const text = existsSync(path) ? readFileSync(path, 'latin1') : '';
  // Made, and nothing told yet, is as good as missing.
  if (text === '') return { head: null, damaged: 0, missing: true };
  const found: Head[] = [];
  let damaged = 0;
  for (let place = 0; place < places; place += 1) {
    const part = text.slice(place * placeBytes, (place + 1) * placeBytes);
    const head = read(part);
    if (head) found.push(head);
    else if (!/^ *\n?$/.test(part) || part.length !== placeBytes) damaged += 1;
  }
  found.sort((left, right) => right.revision - left.revision);
  return { head: found[0] ?? null, damaged, missing: false };
}

/**
 * The witness beside the journal: after each commit it is told of the newest entry. SQLite leaves out the end of a
 * write-ahead log that it cannot read, without a word; this file then knows better (docs/journal.md). It is not forced
 * to the disk: after a power cut it may be behind the journal, never before it.
 */
export class HeadFile {
  readonly #descriptor: number;
  #open = true;
  #renew: boolean;

  /**
   * Makes it when it is missing.
   * @param renew whether what is in it is damaged: it is written anew as soon as there is something to tell
   * @throws what the file system throws
   */
  constructor(path: string, renew = false) {
    this.#descriptor = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
    this.#renew = renew || fstatSync(this.#descriptor).size < places * placeBytes;
  }

  /** @throws what the file system throws */
  tell(head: Head): void {
    if (this.#renew) {
      ftruncateSync(this.#descriptor, 0);
      writeSync(this.#descriptor, `${' '.repeat(placeBytes - 1)}\n`.repeat(places), 0);
      this.#renew = false;
    }
    writeSync(this.#descriptor, written(head), (head.revision % places) * placeBytes);
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }
}
