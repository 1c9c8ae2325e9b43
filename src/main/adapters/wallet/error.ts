import type { Failure, Retry } from '../../../shared/failure.ts';
import { errorSchema, type WireError } from './wire.ts';

/** What the wallet adapter sends. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** An answer as it came: nothing parsed yet. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface Details {
  readonly code: string;
  readonly retry: Retry;
  readonly status?: number | undefined;
  readonly correlationId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The one error of this adapter: a stable code, what may be done after it, and a sentence for a person. */
export class WalletError extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: Details) {
    super(message, { cause: details.cause });
    this.name = 'WalletError';
    this.code = details.code;
    this.retry = details.retry;
    this.status = details.status;
    this.correlationId = details.correlationId;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** The same as plain data, without the cause. */
  toFailure(): Failure {
    return {
      code: this.code,
      retry: this.retry,
      message: this.message,
      ...(this.status !== undefined && { status: this.status }),
      ...(this.correlationId !== undefined && { correlationId: this.correlationId }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
    };
  }
}

/** After a request that may have arrived: reading changes nothing, everything else must be asked about (api.md 11.5). */
function afterSending(method: Method): Retry {
  return method === 'GET' ? 'later' : 'unknown';
}

/** Why a request has no answer. `timeout`, `aborted` and `stopped` were our own doing. */
export type Ending = 'timeout' | 'aborted' | 'stopped' | 'failed';

interface TransportContext {
  readonly method: Method;
  /** True from the moment the first byte may have left. */
  readonly sent: boolean;
  readonly ending: Ending;
  readonly host: string;
}

const endings: Readonly<Record<Exclude<Ending, 'failed'>, string>> = {
  timeout: 'did not answer in time: check the network; the terminal tries again by itself',
  aborted: 'was no longer waited for: the request was given up',
  stopped: 'was no longer waited for: the terminal is stopping',
};

const refusedCertificates = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

function codeOf(cause: unknown): string {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return code;
  // Several addresses were tried: each has its own error, the first says enough.
  return cause instanceof AggregateError ? codeOf(cause.errors[0]) : '';
}

function connectFailure(cause: unknown): readonly [code: string, sentence: string] {
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED') return ['connection_refused', 'refuses connections: check its address and port'];
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return ['host_not_found', 'cannot be found: check the network cable, DNS and the configured address'];
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return ['connect_timeout', 'cannot be reached in time: check the network'];
  }
  if (refusedCertificates.test(code)) {
    return [
      'certificate_refused',
      'has no valid certificate: check the date of this machine and the configured address',
    ];
  }
  return ['unreachable', 'cannot be reached: check the network'];
}

/** The failure of a request that got no answer. */
export function transportError(cause: unknown, context: TransportContext): WalletError {
  const { method, sent, ending, host } = context;
  const retry = sent ? afterSending(method) : 'later';
  if (ending !== 'failed') {
    const code = ending === 'timeout' && !sent ? 'connect_timeout' : ending;
    return new WalletError(`${host} ${endings[ending]}.`, { code, retry, cause });
  }
  if (!sent) {
    const [code, sentence] = connectFailure(cause);
    return new WalletError(`${host} ${sentence}.`, { code, retry, cause });
  }
  if (codeOf(cause) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new WalletError(`The answer of ${host} is too large to be read.`, {
      code: 'unreadable_answer',
      retry,
      cause,
    });
  }
  return new WalletError(`The connection to ${host} was lost before its answer was complete.`, {
    code: 'connection_lost',
    retry,
    cause,
  });
}

interface StatusRule {
  readonly code: string;
  readonly sentence: string;
}

const statusRules: Readonly<Record<number, StatusRule>> = {
  400: { code: 'invalid_request', sentence: 'The API does not accept the request' },
  401: {
    code: 'unauthorized',
    sentence: 'The API refuses the signature: check the MAC id, the MAC key and the API address of this terminal',
  },
  403: {
    code: 'forbidden',
    sentence: 'The API does not allow this: ask Paysera to grant this client the right, and check project and location',
  },
  404: { code: 'not_found', sentence: 'The API knows no such thing: it is gone, or the code is wrong' },
  406: { code: 'not_acceptable', sentence: 'The API does not know this kind of request: check the API address' },
  409: { code: 'invalid_state', sentence: 'The API cannot do this in the present state: it is read again' },
  429: {
    code: 'rate_limit_exceeded',
    sentence: 'The API was asked too often: the terminal waits before it asks again',
  },
  500: { code: 'internal_server_error', sentence: 'The API failed: the terminal tries again by itself' },
};

function ruleOf(status: number): StatusRule {
  const rule = statusRules[status];
  if (rule) return rule;
  if (status >= 502 && status <= 504) {
    return { code: 'gateway_error', sentence: 'The API is not available: the terminal tries again by itself' };
  }
  if (status >= 500)
    return { code: 'internal_server_error', sentence: 'The API failed: the terminal tries again by itself' };
  if (status >= 400) return { code: 'request_refused', sentence: `The API refuses the request with status ${status}` };
  return {
    code: 'unexpected_redirect',
    sentence: `The API answered with status ${status} instead of an answer: check the configured address`,
  };
}

function retryOf(status: number, method: Method): Retry {
  if (status === 429) return 'later';
  // 408: the server gave up on the request half-way; nobody knows how far it got.
  if (status === 408 || status < 400 || status >= 500) return afterSending(method);
  return 'never';
}

/** Milliseconds from a Retry-After header: seconds, or a date (compared with the answer's own Date when it has one). */
export function retryAfterMs(headers: HttpAnswer['headers'], now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Without a letter it is no HTTP date, but the parser would make one of it.
  const until = /[A-Za-z]/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  const date = Date.parse(headers['date'] ?? '');
  return Math.max(0, until - (Number.isNaN(date) ? now : date));
}

/** The JSON value of an answer's body; undefined when it is empty or not JSON. */
export function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: an HTML page of a gateway, or half an answer. The caller knows what that means.
    return undefined;
  }
}

function errorBody(answer: HttpAnswer): WireError | undefined {
  const parsed = errorSchema.safeParse(jsonOf(answer.text));
  return parsed.success ? parsed.data : undefined;
}

const timestampDescriptions = /Timestamp is in future|^Timestamp lifetime exceeded$/;

function isTimestampError(status: number, body: WireError | undefined): boolean {
  if (body?.error === 'invalid_timestamp') return true;
  return status === 401 && timestampDescriptions.test(body?.error_description ?? '');
}

/**
 * Codes of the API that are passed on as they are (api.md 11.2 to 11.4); anything else gets the code of its status,
 * so that the list of codes is closed.
 */
const apiCodes: ReadonlySet<string> = new Set([
  ...Object.values(statusRules).map((rule) => rule.code),
  'invalid_parameters',
  'invalid_grant',
  'not_enough_funds',
  'limits_exceeded',
  'restriction_limits_exceeded',
  'no_rights',
  'payment_to_same_account',
  'restriction_violation',
  'client_not_verified',
  'beneficiary_account_inactive',
  'payer_account_inactive',
  'client_restricted',
]);

function codeFor(status: number, body: WireError | undefined, rule: StatusRule): string {
  const code = body?.error ?? '';
  return status < 500 && apiCodes.has(code) ? code : rule.code;
}

/** The API's own words, kept short and on one line. */
function apiWords(body: WireError | undefined): string {
  const fields = body?.error_properties ? ` ${JSON.stringify(body.error_properties)}` : '';
  const words = `${body?.error_description ?? ''}${fields}`.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return words === '' ? '' : ` The API says: ${words.length > 300 ? `${words.slice(0, 300)}…` : words}`;
}

interface AnswerContext {
  readonly method: Method;
  /** Milliseconds since 1970. */
  readonly now: number;
}

function correlationOf(answer: HttpAnswer, body: WireError | undefined): string | undefined {
  return answer.headers['paysera-correlation-id'] ?? body?.correlation_id ?? undefined;
}

/**
 * The failure that an answer outside 2xx tells of. The status decides first, because gateways answer in HTML
 * (api.md 11.1). Only for 404 the body matters too: "gone" is believed only from the API itself.
 */
export function statusError(answer: HttpAnswer, context: AnswerContext): WalletError {
  const body = errorBody(answer);
  const details = {
    status: answer.status,
    correlationId: correlationOf(answer, body),
    retryAfterMs: retryAfterMs(answer.headers, context.now),
  };
  if (isTimestampError(answer.status, body)) {
    const sentence = 'The API refuses the time of this terminal: check its date and time.';
    return new WalletError(sentence, { ...details, code: 'invalid_timestamp', retry: 'later' });
  }
  if (answer.status === 404 && /^\s*</.test(answer.text)) {
    const sentence = 'A web page answered instead of the API: check the configured API address and any proxy.';
    return new WalletError(sentence, { ...details, code: 'not_the_api', retry: 'never' });
  }
  const rule = ruleOf(answer.status);
  return new WalletError(`${rule.sentence}.${apiWords(body)}`, {
    ...details,
    code: codeFor(answer.status, body, rule),
    retry: retryOf(answer.status, context.method),
  });
}

/** The failure of a 2xx answer that does not say what it should. What was asked for may have been done. */
export function unreadableAnswer(answer: HttpAnswer, method: Method, cause?: unknown): WalletError {
  const empty = answer.text.trim() === '' || answer.text.trim() === '{}';
  const code = empty ? 'empty_answer' : 'unreadable_answer';
  const sentence = empty
    ? 'The API answered without saying anything: the terminal asks again.'
    : 'The API answered something that the terminal cannot read: check the configured API address.';
  const correlationId = correlationOf(answer, undefined);
  return new WalletError(sentence, { code, retry: afterSending(method), status: answer.status, correlationId, cause });
}
