import type { BillView } from '../../shared/bill.ts';
import type { ScreenSession } from '../../shared/contract.ts';
import type { BillId } from '../../shared/ids.ts';
import type { Role } from '../../shared/roles.ts';
import type { Language, Snapshot } from '../../shared/snapshot.ts';
import type { CoreIntent } from '../core/bill/event.ts';
import { isAtRest } from '../core/bill/at-rest.ts';
import { isUnpaid } from '../core/bill/intents.ts';
import type { Settings } from '../core/bill/state.ts';
import type { Limits } from '../core/polling/budget.ts';
import type { Cadence } from '../core/polling/pace.ts';
import { billView, currentOffer } from '../core/snapshot/bill-view.ts';
import type { Shown } from '../core/snapshot/snapshot.ts';
import type { AdminDesk, ServiceDesk } from '../ports/admin.ts';
import type { Callback, CallbackDesk } from '../ports/callbacks.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { DisplayPort } from '../ports/display.ts';
import type { PrinterPort } from '../ports/printer.ts';
import type { ReceiptPictures } from '../ports/receipt-pictures.ts';
import type { Notice, ScreenDesk, TillCommand, TillDesk } from '../ports/terminal.ts';
import type { RequestMemory } from '../ports/requests.ts';
import type { WalletPort } from '../ports/wallet.ts';
import { CallbackWatch, type CallbackSettings } from './callbacks.ts';
import { keepDisplays, type KeptDisplays } from './displays.ts';
import { Effects } from './effects.ts';
import { keepJournal } from './journal-keeper.ts';
import { Loop } from './loop.ts';
import { openPinDesk } from './pin-desk.ts';
import { Poller } from './poller.ts';
import { Publisher } from './publisher.ts';
import { Scheduler } from './scheduler.ts';
import { Session } from './session.ts';

/** Everything a terminal is made of. */
export interface TerminalOptions {
  readonly settings: Settings;
  readonly shown: Shown;
  readonly language: Language;
  readonly cadence: Cadence;
  readonly limits: Limits;
  /** Where the budget outlives the process; forgotten at each start when left out. */
  readonly requests?: RequestMemory | undefined;
  readonly lockAfterMs: number;
  readonly wallet: WalletPort;
  readonly printer: PrinterPort;
  /** QR displays besides the terminal's own screen; none when left out. */
  readonly displays?: readonly DisplayPort[] | undefined;
  readonly journal: JournalPort;
  readonly clock: Clock;
  /** How far the machine's own clock is from the API's, in milliseconds, after corrections too. */
  readonly machineOffsetMs: () => number;
  readonly log: Log;
  /** Chance in 0..1. */
  readonly random: () => number;
  /** A new bill's id, from a CSPRNG. */
  readonly newBillId: () => BillId;
  /** Whose PIN this is, and undefined when nobody's; left out when none is configured. */
  readonly roleOf: ((pin: string) => Promise<Role | undefined>) | undefined;
  /** Left out, there is no admin screen. */
  readonly admin?: AdminDesk | undefined;
  /** Left out, no callbacks are asked for (api.md 12). */
  readonly callbacks?: CallbackSettings | undefined;
  /** Left out, staff can neither see receipts nor save them. */
  readonly pictures?: ReceiptPictures | undefined;
}

/** The terminal, running: what the till and the screens talk to. */
export interface Terminal extends TillDesk, ScreenDesk, CallbackDesk, ServiceDesk {
  /** Whether a restart would disturb nobody: no bill, no money that moves, no paper on its way, nobody checked in. */
  isAtRest(): boolean;
  /** Takes nothing new, ends what is under way and keeps it for the next start. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a terminal: loads the journal, recovers what was under way, and begins to ask the API. The screens have their
 * snapshot at once; the network is asked afterwards (design.md 5, row 0).
 * @throws JournalError when the journal cannot be used
 */
export function startTerminal(options: TerminalOptions): Terminal {
  const { clock, log, journal } = options;
  const scheduler = schedulerOf(options);
  const notices = new Set<(notice: Notice) => void>();
  const publisher = new Publisher({
    clock,
    shown: options.shown,
    language: options.language,
    state: () => loop.state,
    spent: () => scheduler.spent,
  });
  const onLink = publisher.linkChanged.bind(publisher);
  const loop = new Loop({
    settings: options.settings,
    journal,
    clock,
    log,
    onEffects: (effects) => {
      running.effects.begin(effects);
    },
    onState: () => {
      publisher.changed();
      running.poller.kick();
    },
    onNotice: (notice) => {
      for (const tell of notices) tell(notice);
    },
    onJournal: (problem) => {
      onLink({ type: 'journal', problem: problem && { code: problem.code, message: problem.message } });
    },
  });
  const dispatch = loop.dispatch.bind(loop);
  const callbacks = callbacksOf(options, onLink, () => running.poller);
  const parts = { wallet: callbacks.wallet, scheduler, clock, log, dispatch, onLink };
  const { cadence, limits, random } = options;
  const polling = { cadence, limits, random, callbacks: callbacks.verdict };
  const running = {
    effects: new Effects({ ...parts, printer: options.printer }),
    poller: new Poller({ ...parts, ...polling, state: () => loop.state }),
  };
  const stopClock = startInOrder(loop, () => keepClockRight(options, onLink, scheduler));
  running.poller.kick();
  const sessions = sessionDesk(options, loop, publisher);
  const kept = keepThings(options, { dispatch, onLink, publisher });
  let stopping: Promise<void> | undefined;

  const stop = async () => {
    stopClock();
    await kept.stop();
    callbacks.stop();
    sessions.close();
    await stopParts({ ...running, loop, scheduler, publisher });
  };
  return {
    ...tillDesk(options, loop, { publisher, notices }),
    openSession: sessions.open,
    hear: callbacks.hear,
    ...serviceDesk(loop, publisher, kept),
    stop: () => (stopping ??= stop()),
  };
}

/** The terminal as the admin screen sees it. */
function serviceDesk(loop: Loop, publisher: Publisher, kept: KeptDisplays): ServiceDesk {
  return {
    isAtRest: () => isAtRest(loop.state),
    serves: () => publisher.snapshot().customer.view !== 'unavailable',
    standings: () => publisher.standings(),
    showTest: (display, forMs) => kept.showTest(display, forMs),
    printerAsked: (problem) => {
      publisher.linkChanged({ type: 'printer', problem });
    },
  };
}

/** Looks after what stands beside the payments: the journal, and the displays. */
function keepThings(
  { journal, clock, log, displays = [] }: TerminalOptions,
  {
    publisher,
    ...tell
  }: Pick<Parameters<typeof keepJournal>[0], 'dispatch' | 'onLink'> & { readonly publisher: Publisher },
): KeptDisplays {
  const stopJournal = keepJournal({ journal, clock, log, ...tell });
  const kept = keepDisplays({ displays, publisher, clock, log });
  return {
    showTest: (name, forMs) => kept.showTest(name, forMs),
    async stop() {
      stopJournal();
      await kept.stop();
    },
  };
}

/** Grants every request, further ones of a call too. */
function schedulerOf({ limits, clock, requests, wallet }: TerminalOptions): Scheduler {
  const scheduler = new Scheduler(limits, clock, requests);
  wallet.askBeforeFurther(() => scheduler.mayLeaveBesides('spot'));
  return scheduler;
}

/** The API, asked for callbacks where they are switched on, and what hears them. */
function callbacksOf(
  { callbacks: settings, wallet, clock, log }: TerminalOptions,
  onLink: Publisher['linkChanged'],
  poller: () => Poller,
) {
  const onVerdict = () => {
    poller().kick();
  };
  const watch = settings && new CallbackWatch({ settings, clock, log, onLink, onVerdict });
  return {
    wallet: watch?.watched(wallet) ?? wallet,
    verdict: () => watch?.verdict ?? 'off',
    hear: (callback: Callback) => {
      watch?.heard(callback);
      poller().hint(callback.key);
    },
    stop: () => watch?.stop(),
  };
}

/** Opens sessions and closes those that are left. */
function sessionDesk(options: TerminalOptions, loop: Loop, publisher: Publisher) {
  const { roleOf, clock, settings, admin } = options;
  const pins = openPinDesk({ roleOf, loop, clock, lockOutMs: settings.pinLockOutMs });
  const tryPin = pins.attempt;
  const sessions = new Set<Session>();
  return {
    open: (): ScreenSession => {
      const onClose = () => sessions.delete(session);
      const session = new Session({ ...sessionParts(options, loop), admin, publisher, tryPin, onClose });
      sessions.add(session);
      return session;
    },
    close: () => {
      pins.stop();
      for (const session of sessions) session.close();
    },
  };
}

/**
 * The clock before the first signed request, which waits for it: a machine whose clock is off is not refused once for
 * each. @throws JournalError
 */
function startInOrder(loop: Loop, startClock: () => Stop): Stop {
  const stopClock = startClock();
  try {
    loop.start();
    return stopClock;
  } catch (error) {
    stopClock();
    throw error;
  }
}

interface Parts {
  readonly loop: Loop;
  readonly scheduler: Scheduler;
  readonly publisher: Publisher;
  readonly poller: Poller;
  readonly effects: Effects;
}

/** Takes nothing new first, then lets go of what waits, then ends what is under way. */
async function stopParts({ loop, scheduler, publisher, poller, effects }: Parts): Promise<void> {
  loop.stop();
  scheduler.stop();
  publisher.stop();
  await Promise.all([poller.stop(), effects.stop()]);
}

/** How often the API's clock is asked when it could not be asked at the start, and in the long run; milliseconds. */
const clockRetryMs = 15_000;
const clockEveryMs = 6 * 3_600_000;

/** Asks the API's time at the start, then now and then: timestamps are signed with it (api.md 2). */
function keepClockRight(
  { wallet, clock, machineOffsetMs }: TerminalOptions,
  onLink: Publisher['linkChanged'],
  scheduler: Scheduler,
): Stop {
  const abort = new AbortController();
  let timer: Stop | undefined;
  const ask = async (alone = false) => {
    const errand = { priority: 1, purpose: 'clock', alone } as const;
    const outcome = await scheduler.run(errand, () => wallet.synchroniseClock(abort.signal));
    if (outcome === null || abort.signal.aborted) return;
    if (outcome.ok) onLink({ type: 'clockOffset', offsetMs: machineOffsetMs() });
    timer = clock.after(outcome.ok ? clockEveryMs : clockRetryMs, () => void ask());
  };
  // Alone only once: should the API's clock not answer, payments go on with the machine's.
  void ask(true);
  return () => {
    abort.abort();
    timer?.();
  };
}

/** What the decision needs to know beyond the state, from the journal. */
function sessionParts(options: TerminalOptions, loop: Loop) {
  const { journal, clock, log, lockAfterMs, newBillId, pictures } = options;
  return {
    clock,
    log,
    lockAfterMs,
    pictures,
    intend: (intent: CoreIntent) => loop.intend(intent),
    gather: {
      newBillId,
      hasEnded: (billId: string) => hasEnded(journal, billId),
      archivedReceipt: (number: number) => journal.receipt(number),
      receipt: (number: number) => loop.state.receipts[number] ?? journal.receipt(number),
    },
  };
}

function hasEnded(journal: JournalPort, billId: string): boolean {
  const bill = journal.bill(billId);
  return bill !== null && !isUnpaid(bill);
}

interface Told {
  readonly publisher: Publisher;
  readonly notices: Set<(notice: Notice) => void>;
}

function tillDesk({ journal, newBillId }: TerminalOptions, loop: Loop, { publisher, notices }: Told): TillDesk {
  return {
    submit: (command) => Promise.resolve(loop.intend(intentOf(command, journal, newBillId))),
    bill: (billId): BillView | undefined => {
      const live = loop.state.bills[billId as BillId];
      if (live) return billView(live, currentOffer(live, loop.state.offers));
      const old = journal.bill(billId);
      return old ? billView(old, undefined) : undefined;
    },
    snapshot: (): Snapshot => publisher.snapshot(),
    newestNotice: () => journal.newestNotice(),
    noticesAfter: (id, limit) => journal.noticesAfter(id, limit),
    onNotice: (callback) => {
      notices.add(callback);
      return () => notices.delete(callback);
    },
  };
}

function intentOf(command: TillCommand, journal: JournalPort, newBillId: () => BillId): CoreIntent {
  if (command.type === 'create') {
    const { draft, idempotency } = command;
    const earlier = journal.earlier(idempotency.key);
    return { type: 'createBill', billId: newBillId(), source: 'till', draft, idempotency, earlier };
  }
  const about = { billId: command.billId as BillId, ended: hasEnded(journal, command.billId) };
  if (command.type === 'edit') return { type: 'editBill', ...about, draft: command.draft };
  if (command.type === 'withdraw') return { type: 'withdrawBill', ...about };
  return { type: 'payBillOtherwise', ...about, how: command.how };
}
