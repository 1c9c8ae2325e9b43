import type { Failure } from '../../../shared/failure.ts';
import type { Health, UnavailableReason } from '../../../shared/snapshot.ts';

/**
 * How the terminal's links are doing: the API, the printer, the clock, the journal. A fact of its own beside what we
 * know (design.md 2): "paid, offline" is an ordinary sight. Not journaled.
 */
export interface LinkState {
  readonly api: Health;
  /** Milliseconds since 1970 when the API last answered anything sensible; null before. */
  readonly lastAnswerAt: number | null;
  readonly printer: Health;
  readonly clock: Health;
  readonly journal: Health;
  /** Whether the spot was looked for and does not exist, or is not ours. */
  readonly spotMissing: boolean;
  /** Whether callbacks reach us; null when they are switched off. */
  readonly callbacks: Health | null;
  /** Each configured QR display by its name. */
  readonly displays: Readonly<Record<string, Health>>;
}

export type LinkEvent =
  | { readonly type: 'apiAnswered' }
  | { readonly type: 'apiFailed'; readonly failure: Failure }
  | { readonly type: 'clockOffset'; readonly offsetMs: number }
  | { readonly type: 'printer'; readonly problem: { readonly code: string; readonly message: string } | null }
  | {
      readonly type: 'display';
      readonly name: string;
      /** `unknown` before it was ever tried. */
      readonly problem: { readonly code: string; readonly message: string } | null | 'unknown';
    }
  | { readonly type: 'journal'; readonly problem: { readonly code: string; readonly message: string } | null }
  | { readonly type: 'spotMissing'; readonly missing: boolean }
  | { readonly type: 'callbacks'; readonly standing: 'unproven' | 'working' | 'silent' };

/** Nothing is known yet. */
export function unknownLink(at: number): LinkState {
  const health: Health = { status: 'unknown', since: at };
  return {
    api: health,
    lastAnswerAt: null,
    printer: health,
    clock: health,
    journal: health,
    spotMissing: false,
    callbacks: null,
    displays: {},
  };
}

/** A difference of the clocks that staff should hear of, in milliseconds. */
const clockOffMs = 60_000;

/** The links after an event at a moment (milliseconds since 1970). Gives the same object when nothing changed. */
export function linkAfter(link: LinkState, event: LinkEvent, at: number): LinkState {
  switch (event.type) {
    case 'apiAnswered':
      return { ...link, api: healthAfter(link.api, null, at), lastAnswerAt: at };
    case 'apiFailed':
      return { ...link, api: healthAfter(link.api, event.failure, at) };
    case 'clockOffset':
      return { ...link, clock: healthAfter(link.clock, clockProblem(event.offsetMs), at) };
    case 'printer':
      return { ...link, printer: healthAfter(link.printer, event.problem, at) };
    case 'display':
      return { ...link, displays: { ...link.displays, [event.name]: displayHealth(link, event, at) } };
    case 'journal':
      return { ...link, journal: healthAfter(link.journal, event.problem, at) };
    case 'spotMissing':
      return link.spotMissing === event.missing ? link : { ...link, spotMissing: event.missing };
    case 'callbacks':
      return { ...link, callbacks: callbacksHealth(event.standing, at) };
  }
}

function displayHealth(
  { displays }: LinkState,
  { name, problem }: Extract<LinkEvent, { type: 'display' }>,
  at: number,
): Health {
  const unknown: Health = { status: 'unknown', since: at };
  return problem === 'unknown' ? unknown : healthAfter(displays[name] ?? unknown, problem, at);
}

/** Callbacks only make payments be seen sooner: when they do not come, nothing is lost. */
function callbacksHealth(standing: Extract<LinkEvent, { type: 'callbacks' }>['standing'], at: number): Health {
  if (standing === 'unproven') return { status: 'unknown', since: at };
  if (standing === 'working') return { status: 'ok', since: at };
  return {
    status: 'failing',
    since: at,
    code: 'callbacks_silent',
    message:
      'Paysera did not tell us of a payment. Payments go on, seen a little later; have the public address for callbacks checked.',
  };
}

function healthAfter(old: Health, problem: { code: string; message: string } | null, at: number): Health {
  const status = problem ? 'failing' : 'ok';
  const since = old.status === status ? old.since : at;
  return problem ? { status, since, code: problem.code, message: problem.message } : { status, since };
}

function clockProblem(offsetMs: number): { code: string; message: string } | null {
  if (Math.abs(offsetMs) < clockOffMs) return null;
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  const direction = offsetMs > 0 ? 'behind' : 'ahead';
  return {
    code: 'clock_off',
    message: `This machine's clock is ${seconds} s ${direction}. Payments go on by Paysera's clock; set the machine's clock right.`,
  };
}

/**
 * Why the terminal cannot serve at the moment, if so. A single failure is no reason: the API may fail for
 * `unavailableAfterMs` before the customer is sent away.
 */
export function unavailable(link: LinkState, unavailableAfterMs: number, at: number): UnavailableReason | undefined {
  // With a full disk what runs is still finished: only new bills are refused.
  if (link.journal.status === 'failing' && link.journal.code !== 'disk_full') return 'journal_failed';
  if (link.api.status === 'failing') {
    if (link.api.code === 'unauthorized') return 'key_refused';
    if (link.api.code === 'forbidden') return 'forbidden';
    if (at - link.api.since >= unavailableAfterMs) {
      return link.api.code === 'rate_limit_exceeded' ? 'rate_limited' : 'api_unreachable';
    }
  }
  return link.spotMissing ? 'spot_not_found' : undefined;
}
