import { fields } from './parse.ts';

/** What went wrong, in a sentence for the person at the page. */
export class RequestError extends Error {
  /** The API's own code, or `unreachable`. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const NO_ANSWER = 'The sandbox does not answer. Is it still running?';
const DEADLINE = 10_000;

function refusal(status: number, body: unknown): RequestError {
  const { error, error_description: description } = fields(body);
  const code = typeof error === 'string' ? error : String(status);
  return new RequestError(code, typeof description === 'string' ? description : `The sandbox refused this (${code}).`);
}

/** Sends a request to the sandbox that served this page; gives the parsed answer. Throws a RequestError within 10 s. */
export async function request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(DEADLINE), cache: 'no-store' };
  if (body !== undefined) init.body = JSON.stringify(body);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch {
    throw new RequestError('unreachable', NO_ANSWER);
  }
  let answer: unknown;
  try {
    answer = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new RequestError('unreachable', 'The sandbox answered with something that is not JSON.');
  }
  if (!response.ok) throw refusal(response.status, answer);
  return answer;
}

/** Calls again and again, one call at a time, that many milliseconds after the last one ended. Never throws. */
export function keepAsking(milliseconds: number, ask: () => Promise<void>): void {
  const again = async (): Promise<void> => {
    await ask();
    setTimeout(() => void again(), milliseconds);
  };
  void again();
}
