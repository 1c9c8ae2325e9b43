import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MENDED } from '../../sandbox/printer/mishap.ts';
import { servePrinter, type ServedPrinter } from '../../sandbox/printer/serve.ts';
import type { MishapName } from '../../sandbox/printer/types.ts';
import { createSystemClock } from '../../src/main/adapters/clock/system.ts';
import { createPrinter, type PrinterTimeouts } from '../../src/main/adapters/printer/printer.ts';
import { styleOf } from '../../src/main/adapters/printer/create.ts';
import { loadProfile } from '../../src/main/adapters/printer/profile.ts';
import { createDeviceFileTransport } from '../../src/main/adapters/transport/device-file.ts';
import { createSerialTransport } from '../../src/main/adapters/transport/serial.ts';
import { createTcpTransport } from '../../src/main/adapters/transport/tcp.ts';
import type { Transport } from '../../src/main/adapters/transport/transport.ts';
import { until } from '../fakes/until.ts';
import { baseBill, begin, settings } from '../main/core/bill/world.ts';
import { newState } from '../../src/main/core/bill/decide.ts';
import { ReceiptDesk, type Ended } from './desk.ts';

/** How the printer is connected. */
export const transports = ['tcp', 'pty', 'lp'] as const;
export type TransportName = (typeof transports)[number];

/** What happens to the receipts. */
export const faults = [
  'paper-out',
  'cover-open',
  'stall',
  'power-cycle',
  'reset',
  'end',
  'half-open',
  'garbage',
] as const satisfies readonly MishapName[];
export type Fault = (typeof faults)[number];

/** What became of one receipt. */
export interface Met {
  readonly fault: Fault;
  /** Whether it happened while the receipt was printed, and not only after. */
  readonly fired: boolean;
  readonly first: Ended['outcome']['outcome'];
  readonly papers: number;
  /** From the fault's end to the next printed paper, in milliseconds; null where none was needed. */
  readonly resumedAfter: number | null;
}

/** What came of one printer's share. */
export interface LaneReport {
  readonly met: readonly Met[];
  readonly violations: readonly string[];
  /** How long a print took beyond its deadline, the longest; and the longest check; milliseconds. */
  readonly longestOverrun: number;
  readonly longestCheck: number;
}

export interface LaneOptions {
  readonly transport: TransportName;
  readonly receipts: number;
  readonly chance: () => number;
  /** Whether the printer knows process ids, or only answers after the cut. */
  readonly processIds: boolean;
  /** Bytes that it takes in a second, as a slow line would bring them. */
  readonly bytesPerSecond: number | 'unlimited';
  /** Who decides about a receipt in doubt. */
  readonly doubtful: 'copy' | 'ask';
}

const quiet = () => undefined;
const noLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };
/** A tenth of the usual ones: so that a thousand faults do not take a night. */
const timeouts: PrinterTimeouts = { statusMs: 300, shortestJobMs: 1_500, longestJobMs: 1_500 };
const lineTimeouts = { connectMs: 2_000, closeMs: 200 };
const retryEveryMs = 200;
/** What is promised (milliseconds). */
const promised = { overrun: 10_000, resume: 3_000 };
const hangsAfterMs = 40_000;
/** Numbers of six digits, so that all receipts look the same but for them. */
const firstNumber = 100_001;
/** Bytes of the receipt and of the questions before it. */
const [leastBytes, mostBytes] = [20, 560];
const mostDots = 700;

function transportTo(name: TransportName, served: ServedPrinter): Transport {
  const common = { clock: createSystemClock(), timeouts: lineTimeouts };
  if (name === 'tcp') return createTcpTransport({ host: '127.0.0.1', port: served.port ?? 0, ...common });
  const path = served.address;
  return name === 'lp'
    ? createDeviceFileTransport({ path, ...common })
    : createSerialTransport({ path, baudRate: 115_200, flowControl: 'none', ...common });
}

/** A receipt's text without what differs between receipts: its time. */
const plain = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('Time'))
    .join('\n');

/** One printer, one driver, one desk: receipts one after another, each with a fault in its middle. */
export async function runLane(options: LaneOptions): Promise<LaneReport> {
  const folder = mkdtempSync(join(tmpdir(), 'torture-'));
  const at = options.transport === 'tcp' ? { port: 0 } : { link: join(folder, 'printer') };
  const { processIds, bytesPerSecond } = options;
  const state = { processIds, bytesPerSecond, speed: 1_000, startMs: 500 };
  const served = await servePrinter({ at, state });
  const lane = new Lane(options, served);
  try {
    return await lane.run();
  } finally {
    await lane.stop();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Lane {
  readonly #options: LaneOptions;
  readonly #served: ServedPrinter;
  readonly #clock = createSystemClock();
  readonly #printer;
  readonly #desk: ReceiptDesk;
  readonly #violations: string[] = [];
  readonly #ended: Ended[] = [];
  readonly #texts = { original: '', copy: '' };
  #longest = { overrun: 0, check: 0 };
  #onPrint: () => void = quiet;

  constructor(options: LaneOptions, served: ServedPrinter) {
    this.#options = options;
    this.#served = served;
    this.#printer = createPrinter({
      style: { ...styleOf({ profile: 'epson' }), profile: { ...loadProfile('epson'), processId: options.processIds } },
      transport: transportTo(options.transport, served),
      clock: this.#clock,
      log: noLog,
      timeouts,
      random: options.chance,
    });
    this.#desk = new ReceiptDesk({
      printer: this.#printer,
      clock: this.#clock,
      state: { ...newState(settings, begin), receiptsMade: firstNumber - 1 },
      settings: { printRetryEveryMs: retryEveryMs, doubtfulReceipts: options.doubtful },
      onPrint: () => {
        this.#onPrint();
      },
      onEnded: (ended) => {
        this.#judge(ended);
      },
      onChecked: (took) => {
        this.#longest.check = Math.max(this.#longest.check, took);
      },
    });
  }

  async run(): Promise<LaneReport> {
    await this.#learn();
    const met: Met[] = [];
    while (met.length < this.#options.receipts) met.push(await this.#oneReceipt());
    this.#lookForDuplicates();
    const { overrun, check } = this.#longest;
    return { met, violations: this.#violations, longestOverrun: overrun, longestCheck: check };
  }

  async stop(): Promise<void> {
    await this.#printer.stop();
    await this.#desk.stop();
  }

  /** What a whole receipt looks like, and a whole copy. */
  async #learn(): Promise<void> {
    const number = this.#desk.paid(baseBill);
    await this.#printed(number);
    this.#desk.again(number);
    await this.#printed(number);
    const [original = '', copy = ''] = this.#papers().map(plain);
    if (!copy.startsWith('COPY') || original.length < 100) throw new Error('The printer does not even print in peace.');
    Object.assign(this.#texts, { original, copy });
    this.#desk.forget(number);
  }

  /** Blank strips are what a cut before a receipt leaves. */
  #papers(): readonly string[] {
    return this.#served.receipts().flatMap(({ text }) => (text === '' ? [] : [text]));
  }

  #printed(number: number): Promise<unknown> {
    return until(() => this.#desk.receipt(number).paper.name === 'printed', `receipt ${number}`, hangsAfterMs);
  }

  /** How many whole papers of that receipt there are. */
  #count(number: number, copy: boolean): number {
    const whole = this.#texts[copy ? 'copy' : 'original'].replaceAll(String(firstNumber), String(number));
    return this.#papers().filter((text) => plain(text).endsWith(whole)).length;
  }

  #judge(ended: Ended): void {
    const { receiptNumber, copy, outcome, took } = ended;
    this.#ended.push(ended);
    const overrun = took - timeouts.longestJobMs;
    this.#longest.overrun = Math.max(this.#longest.overrun, overrun);
    const name = `receipt ${receiptNumber}${copy ? ' COPY' : ''}`;
    if (overrun > promised.overrun) this.#violations.push(`${name} took ${Math.round(took)} ms`);
    if (outcome.outcome !== 'printed' || this.#texts.copy === '') return;
    if (this.#count(receiptNumber, copy) > 0) return;
    const papers = this.#papers().slice(-2).join('\n~~~\n');
    this.#violations.push(`${name} is called printed, and is not on paper; the last papers:\n${papers}`);
  }

  async #oneReceipt(): Promise<Met> {
    const { chance } = this.#options;
    const fault = faults[Math.floor(chance() * faults.length)] ?? 'reset';
    this.#arm(fault);
    const number = this.#desk.paid(baseBill);
    const from = this.#ended.length;
    try {
      await until(() => this.#ended.length > from || this.#hasFired(), 'the fault', hangsAfterMs);
      const fired = this.#hasFired();
      // Most faults are short; some outlast the deadline.
      await this.#pause(chance() * (chance() < 0.7 ? 400 : 2_500));
      await this.#served.setState(MENDED);
      const mendedAt = await this.#over(fault, from);
      const printedBefore = this.#desk.receipt(number).paper.name === 'printed';
      await this.#settle(number);
      const wasPrinted = this.#desk.receipt(number).paper.name === 'printed';
      const resumedAfter = wasPrinted && !printedBefore ? this.#clock.monotonic() - mendedAt : null;
      if ((resumedAfter ?? 0) > promised.resume) {
        this.#violations.push(`after ${fault} printing resumed only after ${Math.round(resumedAfter ?? 0)} ms`);
      }
      const first = this.#ended[from]?.outcome.outcome ?? 'failed';
      return { fault, fired, first, papers: this.#desk.receipt(number).papers, resumedAfter };
    } finally {
      this.#desk.forget(number);
    }
  }

  /** When it was over; one that forgot the connection, or whose proof was spoiled, cannot be told from a slow one before the job's deadline. */
  async #over(fault: Fault, from: number): Promise<number> {
    if (fault === 'power-cycle') await this.#pause(this.#served.state().startMs);
    if (fault === 'half-open' || fault === 'garbage')
      await until(() => this.#ended.length > from, 'the deadline', hangsAfterMs);
    return this.#clock.monotonic();
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(milliseconds, resolve);
    });
  }

  /** It happens when the receipt has begun to be sent, after some bytes or some dots. */
  #arm(fault: Fault): void {
    const { chance } = this.#options;
    const bytes = chance() < 0.5;
    const after = Math.floor(bytes ? leastBytes + chance() * (mostBytes - leastBytes) : 1 + chance() * mostDots);
    this.#isArmed = true;
    this.#onPrint = () => {
      this.#onPrint = quiet;
      this.#isArmed = false;
      void this.#served.setState({ mishap: { what: fault, after, unit: bytes ? 'bytes' : 'dots' } });
    };
  }

  #isArmed = false;

  #hasFired(): boolean {
    return !this.#isArmed && this.#served.state().mishap === null;
  }

  /** Until it is printed, or a person who looks at the papers is content. */
  async #settle(number: number): Promise<void> {
    const paper = () => this.#desk.receipt(number).paper.name;
    for (;;) {
      await until(() => paper() === 'printed' || paper() === 'doubtful', `receipt ${number} to end`, hangsAfterMs);
      if (paper() === 'printed') return;
      if (this.#count(number, false) + this.#count(number, true) > 0) return;
      this.#desk.again(number);
    }
  }

  #lookForDuplicates(): void {
    for (let number = firstNumber + 1; number <= firstNumber + this.#options.receipts; number += 1) {
      const originals = this.#count(number, false);
      if (originals > 1) this.#violations.push(`receipt ${number} is on ${originals} papers without a mark`);
      if (originals + this.#count(number, true) === 0) this.#violations.push(`receipt ${number} is on no paper`);
    }
    const halves = this.#papers().filter((text) => (text.match(/^Receipt /gm) ?? []).length > 1);
    if (halves.length > 0)
      this.#violations.push(`${halves.length} papers carry parts of two receipts: ${halves[0] ?? ''}`);
  }
}
