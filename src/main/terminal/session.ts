import { z } from 'zod';
import { adminRequests, type AdminName, type AdminReply } from '../../shared/admin.ts';
import {
  intents,
  refusal,
  type Answer,
  type IntentInput,
  type IntentName,
  type ScreenSession,
} from '../../shared/contract.ts';
import { mayAct, type Role } from '../../shared/roles.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { CoreIntent } from '../core/bill/event.ts';
import type { Receipt } from '../core/bill/state.ts';
import type { ReceiptDocument } from '../core/receipt/document.ts';
import { receiptOnScreen } from '../core/receipt/shown.ts';
import { AdminError, type AdminDesk } from '../ports/admin.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { ReceiptSaveError, type ReceiptPictures } from '../ports/receipt-pictures.ts';
import type { Publisher } from './publisher.ts';

/** What a session may do with the terminal. */
export interface SessionOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly publisher: Publisher;
  readonly lockAfterMs: number;
  readonly intend: (intent: CoreIntent) => Answer;
  /** What the core needs to know of a bill or receipt that has left the state, and a new bill's id. */
  readonly gather: {
    readonly newBillId: () => `bill_${string}`;
    readonly hasEnded: (billId: string) => boolean;
    readonly archivedReceipt: (number: number) => Extract<CoreIntent, { type: 'reprintReceipt' }>['archived'];
    /** Of the state or, when it has left that, of the journal. */
    readonly receipt: (number: number) => Receipt | null;
  };
  /** Left out, this terminal shows and saves no receipts. */
  readonly pictures: ReceiptPictures | undefined;
  /** Left out, there is no admin screen. */
  readonly admin: AdminDesk | undefined;
  /** Whose PIN that is, by the configuration; counts wrong ones in the journal. */
  readonly tryPin: (pin: string) => Promise<Role | Answer>;
  /** The screen is gone. */
  readonly onClose: () => void;
}

const accepted: Answer = { ok: true };

type Handlers = { readonly [Name in IntentName]: (input: IntentInput<Name>) => Answer | Promise<Answer> };

/**
 * One screen's connection: parses its intents, knows whether staff have unlocked it, and shows it what it may see. Who
 * may do what is decided here, in main, and not in the page (style.md 4.6).
 */
export class Session implements ScreenSession {
  readonly #options: SessionOptions;
  readonly #handlers: Handlers;
  readonly #subscriptions = new Set<(snapshot: Snapshot) => void>();
  readonly #stopListening: Stop;
  #locksAt = 0;
  #unlockedBy: Role | undefined;
  #lockTimer: Stop | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#handlers = this.#makeHandlers();
    this.#stopListening = options.publisher.onChange(() => {
      this.#push();
    });
  }

  async intent(name: string, input: unknown): Promise<Answer> {
    if (this.#closed) return refusal('stopping', 'The terminal is stopping. Try again when it has started.');
    if (!isIntentName(name))
      return refusal('unknown_intent', 'This terminal does not know that request. Reload the screen.');
    const { role } = intents[name];
    if (role !== 'anyone' && !mayAct(this.#role, role)) return refusal('staff_only', 'Enter the staff PIN first.');
    const parsed = intents[name].input.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    if (role !== 'anyone') this.#keepUnlocked();
    try {
      const handler = this.#handlers[name] as (value: unknown) => Answer | Promise<Answer>;
      return await handler(parsed.data);
    } catch (error) {
      this.#options.log.error('An intent failed in an unforeseen way.', { name, error: String(error) });
      return refusal('invalid', 'This could not be done. Look at the log, and try again.');
    }
  }

  async admin(name: string, input: unknown): Promise<AdminReply> {
    const { admin, log } = this.#options;
    if (this.#closed) return refused('stopping', 'The terminal is stopping. Try again when it has started.');
    if (!admin || !isAdminName(name)) {
      return refused('unknown_request', 'This terminal does not know that request. Reload the screen.');
    }
    const { role, input: schema } = adminRequests[name];
    if (!mayAct(this.#role, role)) return refused('role_needed', `This takes the PIN of a ${role}.`);
    const parsed = schema.safeParse(input);
    if (!parsed.success) return { ...refused('invalid', sentenceOf(parsed.error)), fields: fieldsOf(parsed.error) };
    try {
      const answer = admin[name] as (value: unknown) => unknown;
      return { ok: true, value: await answer(parsed.data) };
    } catch (error) {
      if (error instanceof AdminError) {
        const { code, message, fields } = error;
        return { ...refused(code, message), ...(fields && { fields: { ...fields } }) };
      }
      log.error('A request of the admin screen failed in an unforeseen way.', { name, error: String(error) });
      return refused('unforeseen', 'This could not be done. Look at the log, and try again.');
    }
  }

  snapshot(): Snapshot {
    const { publisher } = this.#options;
    const role = this.#role;
    return role ? publisher.staffSnapshot({ role, locksAt: this.#locksAt }) : publisher.snapshot();
  }

  subscribe(callback: (snapshot: Snapshot) => void): () => void {
    this.#subscriptions.add(callback);
    callback(this.snapshot());
    return () => this.#subscriptions.delete(callback);
  }

  close(): void {
    this.#closed = true;
    this.#lock();
    this.#subscriptions.clear();
    this.#stopListening();
    this.#options.onClose();
  }

  /** Who has unlocked this screen; undefined while it is locked. */
  get #role(): Role | undefined {
    return this.#locksAt > this.#options.clock.now() ? this.#unlockedBy : undefined;
  }

  #push(): void {
    const snapshot = this.snapshot();
    for (const callback of this.#subscriptions) callback(snapshot);
  }

  #lock(): void {
    this.#locksAt = 0;
    this.#unlockedBy = undefined;
    this.#lockTimer?.();
    this.#lockTimer = undefined;
  }

  #keepUnlocked(): void {
    const { clock, lockAfterMs } = this.#options;
    this.#lockTimer?.();
    this.#locksAt = clock.now() + lockAfterMs;
    this.#lockTimer = clock.after(lockAfterMs, () => {
      this.#lock();
      this.#push();
    });
  }

  #makeHandlers(): Handlers {
    const { intend, gather, publisher } = this.#options;
    const about = (billId: string) => ({ billId: billId as `bill_${string}`, ended: gather.hasEnded(billId) });
    return {
      chooseLanguage: ({ language }) => {
        publisher.choose(language);
        return accepted;
      },
      unlockStaff: ({ pin }) => this.#unlock(pin),
      lockStaff: () => {
        this.#lock();
        this.#push();
        return accepted;
      },
      staffActivity: () => {
        this.#push();
        return accepted;
      },
      createBill: ({ draft }) =>
        intend({
          type: 'createBill',
          billId: gather.newBillId(),
          source: 'staff',
          draft,
          idempotency: null,
          earlier: null,
        }),
      editBill: ({ billId, draft }) => intend({ type: 'editBill', ...about(billId), draft }),
      withdrawBill: ({ billId }) => intend({ type: 'withdrawBill', ...about(billId) }),
      payBillOtherwise: ({ billId, how }) => intend({ type: 'payBillOtherwise', ...about(billId), how }),
      offerBillAgain: ({ billId }) => intend({ type: 'offerBillAgain', ...about(billId) }),
      closeSpot: () => intend({ type: 'closeSpot' }),
      reprintReceipt: ({ receiptNumber }) =>
        intend({ type: 'reprintReceipt', receiptNumber, archived: gather.archivedReceipt(receiptNumber) }),
      showReceipt: ({ receiptNumber }) =>
        this.#withReceipt(receiptNumber, async (document, pictures) => {
          const picture = await pictures.draw(document);
          return { ok: true, receiptNumber, picture: Buffer.from(picture).toString('base64') };
        }),
      saveReceipt: ({ receiptNumber, form }) =>
        this.#withReceipt(receiptNumber, async (document, pictures) => {
          return { ok: true, receiptNumber, savedAs: await pictures.save(document, form) };
        }),
      dismissAttention: ({ id }) => intend({ type: 'dismissAttention', id }),
    };
  }

  async #withReceipt(
    number: number,
    use: (document: ReceiptDocument, pictures: ReceiptPictures) => Promise<Answer>,
  ): Promise<Answer> {
    const { gather, pictures, log } = this.#options;
    if (!pictures) return refusal('unknown_intent', 'This terminal makes no pictures of receipts.');
    const receipt = gather.receipt(number);
    if (!receipt) return refusal('receipt_unknown', `There is no receipt ${number}.`);
    try {
      return await use(receiptOnScreen(receipt), pictures);
    } catch (error) {
      if (!(error instanceof ReceiptSaveError)) throw error;
      log.warn('A receipt could not be saved.', { receiptNumber: number, error: String(error.cause) });
      return refusal(error.code, error.message);
    }
  }

  async #unlock(pin: string): Promise<Answer> {
    const found = await this.#options.tryPin(pin);
    if (typeof found === 'object') return found;
    if (this.#closed) return refusal('stopping', 'The terminal is stopping. Try again when it has started.');
    this.#unlockedBy = found;
    this.#keepUnlocked();
    this.#push();
    return accepted;
  }
}

function isIntentName(name: string): name is IntentName {
  return Object.hasOwn(intents, name);
}

function isAdminName(name: string): name is AdminName {
  return Object.hasOwn(adminRequests, name);
}

/** A schema's complaints: path -> sentence. */
function fieldsOf(error: z.ZodError): Record<string, string> {
  return Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), issue.message]));
}

function sentenceOf(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'The request does not have the right form.';
}

function invalid(error: z.ZodError): Answer {
  return refusal('invalid', sentenceOf(error), fieldsOf(error));
}

function refused(code: string, message: string): Extract<AdminReply, { ok: false }> {
  return { ok: false, code, message };
}
