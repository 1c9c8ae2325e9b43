import type { Bill, Receipt, Settings, TerminalState } from '../../src/main/core/bill/state.ts';
import type { Effect, PrinterEffect } from '../../src/main/core/bill/effect.ts';
import {
  paperEnded,
  paperSent,
  printerChecked,
  printNext,
  queueReceipt,
  reprint,
} from '../../src/main/core/receipt/printing.ts';
import { Turn } from '../../src/main/core/turn.ts';
import type { Clock, Stop } from '../../src/main/ports/clock.ts';
import type { PrinterPort, PrintOutcome } from '../../src/main/ports/printer.ts';

/** One print that was asked of the printer, and how it ended. */
export interface Ended {
  readonly receiptNumber: number;
  readonly copy: boolean;
  readonly outcome: PrintOutcome;
  /** Milliseconds. */
  readonly took: number;
}

interface DeskOptions {
  readonly printer: PrinterPort;
  readonly clock: Clock;
  readonly state: TerminalState;
  readonly settings: Partial<Settings>;
  readonly onPrint: () => void;
  readonly onEnded: (ended: Ended) => void;
  /** How long a check took, in milliseconds. */
  readonly onChecked: (took: number) => void;
}

/** How often papers that wait are looked at, in milliseconds. */
const lookEveryMs = 20;

/** The part of a terminal that has receipts printed: the core's own decisions, carried out with a printer. */
export class ReceiptDesk {
  readonly #options: DeskOptions;
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #state: TerminalState;
  #timer: Stop = () => undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#state = { ...options.state, settings: { ...options.state.settings, ...options.settings } };
    this.#look();
  }

  receipt(number: number): Receipt {
    const receipt = this.#state.receipts[number];
    if (!receipt) throw new Error(`There is no receipt ${number}.`);
    return receipt;
  }

  /** Queues the receipt of a bill that was paid in cash; gives its number. */
  paid(bill: Bill): number {
    return this.#decide((turn) => queueReceipt(turn, bill, 'cash', null));
  }

  /** A person asks for the paper again. */
  again(number: number): void {
    this.#decide((turn) => {
      reprint(turn, number, null);
    });
  }

  /** Forgets a receipt that is done with, as the terminal does after a while. */
  forget(number: number): void {
    const { [number]: _done, ...receipts } = this.#state.receipts;
    this.#state = { ...this.#state, receipts };
  }

  async stop(): Promise<void> {
    this.#timer();
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  #look(): void {
    this.#timer = this.#options.clock.after(lookEveryMs, () => {
      this.#decide(() => undefined);
      this.#look();
    });
  }

  #decide<Value>(act: (turn: Turn) => Value): Value {
    const turn = new Turn(this.#state, this.#options.clock.now());
    const value = act(turn);
    if (!this.#abort.signal.aborted) printNext(turn);
    this.#state = turn.state;
    for (const effect of turn.effects) if (isPrinting(effect)) this.#begin(effect);
    return value;
  }

  #begin(effect: PrinterEffect): void {
    const running = effect.type === 'print' ? this.#print(effect) : this.#check(effect);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #check({ effectId }: PrinterEffect): Promise<void> {
    const { printer, clock, onChecked } = this.#options;
    const startedAt = clock.monotonic();
    const check = await printer.check(this.#abort.signal);
    onChecked(clock.monotonic() - startedAt);
    const problem = check.ready ? null : check.problem.message;
    this.#decide((turn) => {
      printerChecked(turn, { type: 'printerChecked', at: turn.at, effectId, problem });
    });
  }

  async #print({ effectId, document }: Extract<PrinterEffect, { type: 'print' }>): Promise<void> {
    const { printer, clock, onPrint, onEnded } = this.#options;
    const { receiptNumber, copy } = document;
    const startedAt = clock.monotonic();
    onPrint();
    const outcome = await printer.print(document, this.#abort.signal, () => {
      this.#decide((turn) => {
        paperSent(turn, effectId);
      });
    });
    onEnded({ receiptNumber, copy, outcome, took: clock.monotonic() - startedAt });
    this.#decide((turn) => {
      paperEnded(
        turn,
        effectId,
        outcome.outcome === 'printed'
          ? { outcome: 'printed', proof: outcome.proof }
          : { outcome: outcome.outcome, problem: outcome.problem.message },
      );
    });
  }
}

function isPrinting(effect: Effect): effect is PrinterEffect {
  return effect.type === 'print' || effect.type === 'checkPrinter';
}
