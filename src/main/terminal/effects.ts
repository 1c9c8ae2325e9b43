import { assertNever } from '../../shared/failure.ts';
import type { Effect, PrinterEffect, WalletEffect } from '../core/bill/effect.ts';
import type { CallResult, Happening } from '../core/bill/event.ts';
import type { LinkEvent } from '../core/link/link.ts';
import type { Log } from '../ports/log.ts';
import type { PrinterPort } from '../ports/printer.ts';
import type { Outcome, WalletPort } from '../ports/wallet.ts';
import type { Errand, Scheduler } from './scheduler.ts';

/** What carrying out effects needs, and where the results go. */
export interface EffectsOptions {
  readonly wallet: WalletPort;
  readonly printer: PrinterPort;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly dispatch: (happening: Happening) => void;
  readonly onLink: (event: LinkEvent) => void;
}

/** Money first (design.md 6). */
const errands: Readonly<Record<WalletEffect['type'], Errand>> = {
  confirm: { priority: 0, purpose: 'payments' },
  revoke: { priority: 0, purpose: 'payments' },
  closeSpot: { priority: 0, purpose: 'spot' },
  createTransaction: { priority: 1, purpose: 'bills' },
  attachOrder: { priority: 1, purpose: 'bills' },
  pointOrder: { priority: 1, purpose: 'bills' },
  deleteOrder: { priority: 1, purpose: 'bills' },
};

/** Carries out journaled effects; every result comes back as an event. */
export class Effects {
  readonly #options: EffectsOptions;
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: EffectsOptions) {
    this.#options = options;
  }

  /** Begins effects that the journal holds. Does not wait for them. */
  begin(effects: readonly Effect[]): void {
    for (const effect of effects) {
      const running = this.#carryOut(effect).catch((error: unknown) => {
        // A mistake of ours: the effect stays open in the journal and is recovered at the next start.
        this.#options.log.error('An effect failed in an unforeseen way.', {
          effect: effect.type,
          error: String(error),
        });
      });
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    }
  }

  /** Aborts what is running and waits for it. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  async #carryOut(effect: Effect): Promise<void> {
    if (effect.type === 'checkPrinter' || effect.type === 'print') await this.#printer(effect);
    else await this.#wallet(effect);
  }

  async #wallet(effect: WalletEffect): Promise<void> {
    const { scheduler, dispatch, onLink } = this.#options;
    const result = await scheduler.run(errands[effect.type], () => this.#call(effect));
    // Stopped before or while it left: its result is unknown, and the next start asks.
    if (result === null || this.#abort.signal.aborted) return;
    onLink(linkEvent(result));
    dispatch({ type: 'called', effectId: effect.effectId, result: result.ok ? result.value : result });
  }

  async #call(effect: WalletEffect): Promise<Outcome<Extract<CallResult, { ok: true }>>> {
    const { wallet } = this.#options;
    const { signal } = this.#abort;
    switch (effect.type) {
      case 'createTransaction':
        return mapped(await wallet.createTransaction(effect.request, signal), (transaction) => ({
          ok: true,
          transaction,
        }));
      case 'attachOrder':
        return mapped(await wallet.attachOrder(effect.spotId, effect.key, signal), (order) => ({ ok: true, order }));
      case 'pointOrder':
        return mapped(await wallet.pointOrder(effect.orderId, effect.key, signal), (order) => ({ ok: true, order }));
      case 'confirm':
        return mapped(await wallet.confirm(effect.key, signal), () => ({ ok: true }));
      case 'revoke':
        return mapped(await wallet.revoke(effect.key, signal), () => ({ ok: true }));
      case 'deleteOrder':
        return mapped(await wallet.deleteOrder(effect.orderId, signal), () => ({ ok: true }));
      case 'closeSpot':
        return mapped(await wallet.closeSpot(effect.spotId, signal), () => ({ ok: true }));
      default:
        return assertNever(effect);
    }
  }

  async #printer(effect: PrinterEffect): Promise<void> {
    const { printer, dispatch, onLink } = this.#options;
    const { effectId } = effect;
    if (effect.type === 'checkPrinter') {
      const check = await printer.check(this.#abort.signal);
      if (this.#abort.signal.aborted) return;
      onLink({ type: 'printer', problem: check.ready ? null : check.problem });
      const low = check.ready && check.paperLow ? { paperLow: check.paperLow } : {};
      dispatch({ type: 'printerChecked', effectId, problem: check.ready ? null : check.problem.message, ...low });
      return;
    }
    const ended = await printer.print(effect.document, this.#abort.signal, () => {
      dispatch({ type: 'paperSent', effectId });
    });
    onLink({ type: 'printer', problem: ended.outcome === 'printed' ? null : ended.problem });
    const result =
      ended.outcome === 'printed'
        ? { outcome: ended.outcome, proof: ended.proof }
        : { outcome: ended.outcome, problem: ended.problem.message };
    dispatch({ type: 'paperEnded', effectId, result });
  }
}

function mapped<Value, Result>(outcome: Outcome<Value>, map: (value: Value) => Result): Outcome<Result> {
  return outcome.ok ? { ok: true, value: map(outcome.value) } : outcome;
}

/** What an outcome says about the link: an answer that refuses is an answer all the same. */
export function linkEvent(outcome: Outcome<unknown>): LinkEvent {
  if (outcome.ok) return { type: 'apiAnswered' };
  const { failure } = outcome;
  const answered = [
    'not_found',
    'invalid_state',
    'invalid_parameters',
    'invalid_request',
    'not_acceptable',
    'forbidden',
  ];
  return answered.includes(failure.code) ? { type: 'apiAnswered' } : { type: 'apiFailed', failure };
}
