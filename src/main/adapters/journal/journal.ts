import type { DatabaseSync } from 'node:sqlite';
import type { BillId } from '../../../shared/ids.ts';
import type { JournalDamage } from '../../core/bill/event.ts';
import type { Bill, Receipt, TerminalState } from '../../core/bill/state.ts';
import type { Commit, JournalPort, LifeStep } from '../../ports/journal.ts';
import type { Notice } from '../../ports/terminal.ts';
import { unpacked } from './block.ts';
import { difference } from './change.ts';
import { blockFault, readTail } from './check.ts';
import { chained, readEntry, type Entry } from './entry.ts';
import { HeadFile } from './head.ts';
import { lifeSteps } from './life.ts';
import { migrations } from './migrations/index.ts';
import { asJournalError, inTransaction, isDiskFull } from './open.ts';
import { openOrSave, type Opened } from './opening.ts';
import { Reserve } from './reserve.ts';
import { partsOf } from './salvage/salvage.ts';
import { billSchema, noticeSchema, receiptSchema, stateSchema } from './schema.ts';
import { seal, toSeal } from './seal.ts';
import { numberOf, type Shelf } from './shelf.ts';
import { Story, type KeyMade } from './story.ts';

/** What may differ from the usual. */
export interface JournalOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Room on the disk that is kept for finishing what runs, in bytes. */
  readonly reserveBytes?: number;
}

/** Two megabytes: thousands of entries. */
const usualReserveBytes = 2 * 1024 * 1024;

/**
 * The journal on SQLite: each decision an entry, chained to the one before, in one durable transaction. A damaged one is
 * built anew from everything sound, and says so (docs/journal.md).
 * @param path the database file, or `:memory:`; what belongs to it lies beside it
 * @throws JournalError when it cannot be opened, nothing of it can be saved, it is in use, or from a newer program
 */
export function openJournal(path: string, options: JournalOptions = {}): JournalPort {
  return portOf(new Journal(path, openOrSave(path, options.now ?? Date.now), options));
}

/** The journal's file open for writing: what of it is in memory follows every commit. */
class Journal {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #shelf: Shelf;
  readonly #head: HeadFile | undefined;
  readonly #reserve: Reserve | undefined;
  readonly #damage: JournalDamage | null;
  #story: Story;
  #hash: Buffer;
  #notice: number;
  #times: number[];
  /** Notices of the entries without a block, oldest first. */
  #notices: Notice[];
  /** Whether gaps wait for the entry that tells of them. */
  #untold: boolean;
  /** The block that is checked next, by the revision before it. */
  #checked = 0;
  /** The block that was read last: who asks for one bill of it often asks for the next. */
  #lastRead: { readonly firstRevision: number; readonly story: Story } | undefined;
  #open = true;

  constructor(path: string, opened: Opened, { reserveBytes = usualReserveBytes }: JournalOptions) {
    const { database, shelf, tail } = opened;
    this.#path = path;
    this.#database = database;
    this.#shelf = shelf;
    this.#story = tail.story;
    this.#hash = tail.hash;
    this.#notice = Math.max(tail.notice, opened.head?.head?.notices ?? 0);
    this.#times = [...tail.times];
    this.#notices = this.#readNotices();
    this.#damage = opened.damage;
    this.#untold = shelf.gaps().some(({ told }) => !told);
    if (path === ':memory:') return;
    const parts = partsOf(path);
    this.#head = new HeadFile(parts.head, (opened.head?.damaged ?? 0) > 0);
    this.#reserve = new Reserve(parts.reserve, reserveBytes);
    this.#reserve.fill();
  }

  get damage(): JournalDamage | null {
    return this.#damage;
  }

  load(): TerminalState | null {
    const { state } = readTail(this.#shelf).story;
    return state === null ? null : (stateSchema.parse(state) as unknown as TerminalState);
  }

  commit(commit: Commit): readonly Notice[] {
    const { event, state, effects } = commit;
    let notice = this.#notice;
    const notices = commit.notices.map((each): Notice => ({ id: (notice += 1), at: event.at, ...each }));
    const entry: Entry = {
      revision: state.revision,
      at: event.at,
      event,
      effects,
      notices: notices.map(({ id, type, data }) => ({ id, type, data })),
      change: difference(this.#story.state, state) ?? {},
    };
    const stored = chained(this.#hash, entry);
    this.#write(() => {
      this.#shelf.addEntry(stored);
      if (this.#untold) this.#shelf.tellGaps();
    });
    this.#untold = false;
    this.#story.follow(entry, state);
    this.#hash = stored.hash;
    this.#notice = notice;
    this.#times.push(entry.at);
    this.#notices.push(...notices);
    const { effectsMade, receiptsMade } = state;
    const hash = stored.hash.toString('hex');
    this.#head?.tell({ revision: entry.revision, hash, effectsMade, receiptsMade, notices: notice });
    return notices;
  }

  /** In one transaction; when the disk is full, with the room that was kept for it. */
  #write(act: () => void): void {
    try {
      inTransaction(this.#database, act);
    } catch (error) {
      if (!isDiskFull(error) || this.#reserve?.kept !== true) throw error;
      this.#reserve.giveUp();
      inTransaction(this.#database, act);
    }
  }

  probe(): void {
    // The same number again: SQLite writes the page that holds it.
    this.#database.exec(`PRAGMA user_version = ${migrations.length}`);
  }

  spare(): boolean {
    return this.#reserve?.fill() ?? true;
  }

  tidy(): boolean {
    const count = toSeal(this.#times);
    if (count === 0) return false;
    inTransaction(this.#database, () => {
      seal(this.#shelf, count);
    });
    const state = this.#story.state;
    const tail = readTail(this.#shelf);
    this.#story = tail.story;
    // The objects that the terminal goes on with: what they share need not be compared.
    this.#story.follow({ event: { type: 'sealed' } }, state);
    this.#times = [...tail.times];
    this.#notices = this.#readNotices();
    return true;
  }

  checkNext(): string | null | undefined {
    const block = this.#shelf.nextBlock(this.#checked);
    if (!block) {
      this.#checked = 0;
      return undefined;
    }
    const before = this.#checked === 0 ? undefined : this.#shelf.block(this.#checked);
    this.#checked = block.firstRevision;
    return blockFault(this.#shelf, block, before) ?? null;
  }

  earlier(key: string): { readonly billId: BillId; readonly bodyHash: string } | null {
    const place = this.#shelf.placeOfKey(key);
    const made = (place === undefined ? undefined : this.#storyOf(place).keys.get(key)) ?? this.#story.keys.get(key);
    return made ? idOf(made) : null;
  }

  bill(id: string): Bill | null {
    const place = this.#shelf.placeOfBill(id);
    const body = this.#story.bills.get(id) ?? (place && this.#storyOf(place.last).bills.get(id));
    return body === undefined ? null : (billSchema.parse(body) as unknown as Bill);
  }

  billsNamed(number: string): readonly string[] {
    const packed = this.#shelf.billIds(number);
    const here = [...this.#story.bills].flatMap(([id, body]) => (numberOf(body) === number ? id : []));
    return [...new Set([...packed, ...here])];
  }

  life(billId: string): Iterable<LifeStep> {
    return lifeSteps(this.#shelf, billId);
  }

  receipt(number: number): Receipt | null {
    const place = this.#shelf.placeOfReceipt(number);
    const body =
      this.#story.receipts.get(number) ?? (place === undefined ? undefined : this.#storyOf(place).receipts.get(number));
    return body === undefined ? null : (receiptSchema.parse(body) as unknown as Receipt);
  }

  noticesAfter(id: number, limit: number): readonly Notice[] {
    const found: Notice[] = [];
    let after = id;
    for (let block = this.#shelf.blockOfNotice(after); block && found.length < limit;) {
      if (block.packed) found.push(...noticesIn(unpacked({ packed: block.packed }).contents, after));
      after = block.lastNotice;
      block = this.#shelf.blockOfNotice(after);
    }
    const rest = this.#notices.filter((notice) => notice.id > id && notice.id > (found.at(-1)?.id ?? 0));
    return [...found, ...rest].slice(0, limit);
  }

  get newestNotice(): number {
    return this.#notice;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#database.close();
    this.#head?.close();
  }

  /** What a block tells; one in an archive tells nothing any more. */
  #storyOf(firstRevision: number): Story {
    if (this.#lastRead?.firstRevision === firstRevision) return this.#lastRead.story;
    const block = this.#shelf.block(firstRevision);
    if (!block?.packed) return new Story(null);
    const { state, contents } = unpacked({ packed: block.packed });
    const story = new Story(state);
    for (const content of contents) story.add(readEntry(content));
    this.#lastRead = { firstRevision, story };
    return story;
  }

  #readNotices(): Notice[] {
    return noticesIn(
      this.#shelf.entries().map(({ content }) => content),
      0,
    );
  }

  /** @throws JournalError for whatever went wrong */
  guarded<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw asJournalError(error, this.#path);
    }
  }
}

function portOf(journal: Journal): JournalPort {
  return {
    damage: () => journal.damage,
    load: () => journal.guarded(() => journal.load()),
    commit: (commit) => journal.guarded(() => journal.commit(commit)),
    probe: () => {
      journal.guarded(() => {
        journal.probe();
      });
    },
    spare: () => journal.spare(),
    tidy: () => journal.guarded(() => journal.tidy()),
    checkNext: () => journal.guarded(() => journal.checkNext()),
    earlier: (key) => journal.guarded(() => journal.earlier(key)),
    bill: (id) => journal.guarded(() => journal.bill(id)),
    receipt: (number) => journal.guarded(() => journal.receipt(number)),
    billsNamed: (number) => journal.guarded(() => journal.billsNamed(number)),
    life: (billId) => journal.guarded(() => [...journal.life(billId)]),
    noticesAfter: (id, limit) => journal.guarded(() => journal.noticesAfter(id, limit)),
    newestNotice: () => journal.newestNotice,
    close: () => {
      journal.close();
    },
  };
}

function idOf({ billId, bodyHash }: KeyMade): { billId: BillId; bodyHash: string } {
  return { billId: billId as BillId, bodyHash };
}

function noticesIn(contents: readonly string[], afterId: number): Notice[] {
  return contents.flatMap((content) => {
    const { at, notices } = readEntry(content);
    return notices.filter(({ id }) => id > afterId).map((notice) => noticeSchema.parse({ ...notice, at }) as Notice);
  });
}
