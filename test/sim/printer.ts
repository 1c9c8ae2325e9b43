import type { ReceiptDocument } from '../../src/main/core/receipt/document.ts';
import type { PrinterCheck, PrinterPort, PrinterProblem, PrintOutcome } from '../../src/main/ports/printer.ts';
import type { Life } from './life.ts';
import type { Chance, Mischief } from './mischief.ts';
import type { Trace } from './trace.ts';
import type { Universe } from './universe.ts';

/** A paper that came out whole. */
export interface Paper {
  readonly receiptNumber: number;
  readonly copy: boolean;
}

interface PrinterOptions {
  readonly universe: Universe;
  readonly chance: Chance;
  readonly mischief: Mischief;
  readonly trace: Trace;
  readonly trouble: number;
  readonly onPaper: (paper: Paper) => void;
}

const gone: PrinterProblem = { code: 'disconnected', message: 'The printer went away.' };
const silent: PrinterProblem = { code: 'timeout', message: 'The printer did not answer in time.' };
const empty: PrinterProblem = { code: 'paper_out', message: 'The printer is out of paper.' };

/** As long as the real adapter waits for a whole job, in milliseconds. */
const jobTimeoutMs = 30_000;

/** A receipt printer that stalls, runs out of paper, or goes away in the middle. Its paper outlives the terminal's process. */
export class SimulatedPrinter {
  readonly #options: PrinterOptions;

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  port(life: Life): PrinterPort {
    return {
      check: () => this.#check(),
      print: (document, _signal, onSent) => this.#print(document, life, onSent),
      stop: () => Promise.resolve(),
    };
  }

  async #check(): Promise<PrinterCheck> {
    const { universe, mischief, trouble, chance } = this.#options;
    await universe.wait(30);
    if (!mischief.happens('printer not ready', trouble * 2)) return { ready: true };
    return { ready: false, problem: chance.one('printer problem', [empty, gone]) };
  }

  async #print(document: ReceiptDocument, life: Life, onSent?: () => void): Promise<PrintOutcome> {
    const { universe, mischief, trouble } = this.#options;
    await universe.wait(20);
    if (mischief.happens('printer gone before the first byte', trouble)) return { outcome: 'failed', problem: gone };
    if (life.mayDie('while printing')) this.#maybe(document);
    await universe.wait(200);
    if (life.alive) onSent?.();
    await universe.wait(200);
    if (!life.alive) return new Promise(() => undefined);
    if (mischief.happens('printer gone in the middle', trouble)) return { outcome: 'doubtful', problem: gone };
    if (mischief.happens('printer stalls', trouble)) return this.#stall(document);
    this.#out(document);
    await universe.wait(80);
    if (mischief.happens('proof of the paper lost', trouble)) return { outcome: 'doubtful', problem: silent };
    return { outcome: 'printed', proof: 'process_id' };
  }

  /** Nothing is heard of it any more; the paper may come out all the same. */
  async #stall(document: ReceiptDocument): Promise<PrintOutcome> {
    const { universe, chance } = this.#options;
    await universe.wait(chance.between('stall', 1000, jobTimeoutMs));
    this.#maybe(document);
    await universe.wait(jobTimeoutMs);
    return { outcome: 'doubtful', problem: silent };
  }

  #maybe(document: ReceiptDocument): void {
    if (this.#options.chance.draw('paper out all the same') < 0.5) this.#out(document);
  }

  #out({ receiptNumber, copy, blocks }: ReceiptDocument): void {
    const marked = blocks.some((block) => block.type === 'text' && block.text === 'COPY');
    if (marked !== copy) throw new Error(`Receipt ${receiptNumber} is a copy (${copy}) but its paper says otherwise.`);
    this.#options.trace.tell('printer', `receipt ${receiptNumber}${copy ? ' COPY' : ''}`);
    this.#options.onPaper({ receiptNumber, copy });
  }
}
