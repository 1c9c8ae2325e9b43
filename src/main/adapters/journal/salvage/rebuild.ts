import { packed, storedEntriesOf, unpacked, type Block } from '../block.ts';
import { beginning, readEntry, type StoredEntry } from '../entry.ts';
import { sealedEntries } from '../seal.ts';
import type { Shelf } from '../shelf.ts';
import { Story } from '../story.ts';
import type { Gathered } from './gather.ts';

/** What the new journal is built with, beside what was gathered. */
export interface Rebuilding {
  readonly shelf: Shelf;
  /** The newest revision that the witness knows; null when it cannot tell. */
  readonly headRevision: number | null;
  /** Whether a state may be gone on with. */
  readonly isState: (state: unknown) => boolean;
}

/**
 * Writes everything sound into a new journal, in order, and what is missing as gaps. The chain is taken over as it was:
 * no hash is made anew, so that a gap can be seen for ever.
 */
export function rebuild(gathered: Gathered, { shelf, headRevision, isState }: Rebuilding): void {
  const building = new Building(shelf, gathered, isState);
  for (const piece of piecesOf(gathered)) building.add(piece);
  building.end(headRevision);
}

/** A block as it was, or entries without one that follow each other. */
type Piece = { readonly block: Block } | { readonly run: readonly StoredEntry[] };

function piecesOf({ entries, blocks }: Gathered): readonly Piece[] {
  const ordered = [...blocks.values()].sort((left, right) => left.firstRevision - right.firstRevision);
  const covered = (revision: number) =>
    ordered.some(({ firstRevision, lastRevision }) => firstRevision <= revision && revision <= lastRevision);
  const loose = [...entries.values()]
    .filter(({ revision }) => !covered(revision))
    .sort((left, right) => left.revision - right.revision);
  const pieces: Piece[] = [...ordered.map((block) => ({ block })), ...runsOf(loose).map((run) => ({ run }))];
  return pieces.sort((left, right) => firstOf(left) - firstOf(right));
}

function runsOf(entries: readonly StoredEntry[]): readonly (readonly StoredEntry[])[] {
  const runs: StoredEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const follows = last && entry.revision === last.revision + 1 && entry.previous.equals(last.hash);
    if (run && follows && run.length < sealedEntries) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function firstOf(piece: Piece): number {
  return 'block' in piece ? piece.block.firstRevision : (piece.run[0]?.revision ?? 0);
}

class Building {
  readonly #shelf: Shelf;
  readonly #gathered: Gathered;
  readonly #isState: (state: unknown) => boolean;
  #revision = 0;
  #hash: Buffer = beginning;
  #notice = 0;
  /** What the entries so far lead to, and the last of it that can be gone on with. */
  #state: unknown = null;
  #sound: unknown = null;
  /** Whether something before may be missing from the state. */
  #doubt = false;

  constructor(shelf: Shelf, gathered: Gathered, isState: (state: unknown) => boolean) {
    this.#shelf = shelf;
    this.#gathered = gathered;
    this.#isState = isState;
  }

  add(piece: Piece): void {
    const first = firstOf(piece);
    const previous = 'block' in piece ? piece.block.previous : piece.run[0]?.previous;
    if (first > this.#revision + 1 || !previous?.equals(this.#hash)) this.#gapBefore(first);
    const known = previous && this.#gathered.checkpoints.get(previous.toString('hex'));
    if (known) this.#goOnFrom(JSON.parse(known.state), known.notice);
    if ('run' in piece) this.#addRun(piece.run);
    else this.#addBlock(piece.block);
  }

  end(headRevision: number | null): void {
    const checkpoint = this.#gathered.checkpoints.get(this.#hash.toString('hex'));
    if (checkpoint) this.#goOnFrom(JSON.parse(checkpoint.state), checkpoint.notice);
    if (headRevision !== null && headRevision > this.#revision) this.#gapBefore(headRevision + 1);
    else if (headRevision === null) this.#doubt = true;
    const repaired = { firstRevision: 0, lastRevision: 0, doubt: this.#doubt };
    this.#shelf.addGap(repaired);
    this.#shelf.setCheckpoint({
      revision: this.#revision,
      notice: this.#notice,
      hash: this.#hash,
      state: JSON.stringify(this.#sound ?? null),
    });
  }

  #goOnFrom(state: unknown, notice: number): void {
    this.#state = state;
    this.#doubt = false;
    this.#notice = notice;
    this.#keep();
  }

  #keep(): void {
    if (this.#state === null || this.#isState(this.#state)) this.#sound = this.#state;
    else this.#doubt = true;
  }

  #gapBefore(revision: number): void {
    // Revisions that follow each other with hashes that do not: something else once stood between them.
    const firstRevision = Math.min(this.#revision + 1, revision);
    this.#doubt = true;
    this.#shelf.addGap({ firstRevision, lastRevision: Math.max(firstRevision, revision - 1), doubt: true });
  }

  #addBlock(block: Block): void {
    if (block.packed === null) {
      this.#shelf.addBlock(block, { bills: new Map(), receipts: new Map(), keys: new Map() });
    } else {
      const whole = { ...block, packed: block.packed };
      const entries = storedEntriesOf(whole);
      const story = tell(unpacked(whole).state, entries);
      this.#shelf.addBlock(block, story);
      this.#goOnFrom(story.state, block.lastNotice);
    }
    this.#revision = block.lastRevision;
    this.#hash = block.hash;
  }

  #addRun(run: readonly StoredEntry[]): void {
    const last = run.at(-1);
    if (!last) return;
    const block = packed(run, { state: this.#state, notice: this.#notice });
    const story = tell(this.#state, run);
    this.#shelf.addBlock(block, story);
    this.#revision = last.revision;
    this.#hash = last.hash;
    this.#state = story.state;
    this.#notice = block.lastNotice;
    this.#keep();
  }
}

function tell(state: unknown, entries: readonly StoredEntry[]): Story {
  const story = new Story(state);
  for (const { content } of entries) story.add(readEntry(content));
  return story;
}
