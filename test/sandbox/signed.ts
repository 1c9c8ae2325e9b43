/** Signs and sends requests to a sandbox, with a few lines of its own: nothing here comes from the terminal. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { RunningSandbox } from '../../sandbox/server.ts';

export interface Credentials {
  readonly id: string;
  readonly key: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The body, when it is JSON; undefined otherwise. */
  readonly json: unknown;
  readonly headers: Headers;
}

/** What a test wants to be different from a right request. */
export interface Differences {
  readonly ts?: number;
  readonly nonce?: string;
  /** Sent instead of the body that was hashed. */
  readonly sentBody?: string;
  /** More pairs for ext. */
  readonly ext?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole Authorization header; empty for none. */
  readonly authorization?: string;
}

export const merchantOf = ({ merchant }: RunningSandbox): Credentials => ({ id: merchant.macId, key: merchant.macKey });

export function userOf({ users }: RunningSandbox, index = 0): Credentials {
  const user = users[index];
  if (!user) throw new Error(`The sandbox has no user ${String(index)}.`);
  return { id: user.accessToken, key: user.macKey };
}

export interface Call {
  readonly method: string;
  /** After the API root. */
  readonly path: string;
  readonly body?: unknown;
  readonly but?: Differences;
}

/** The Authorization header of a request. */
export function authorizationFor(
  { id, key }: Credentials,
  request: { method: string; url: URL; body: string; ts: number; nonce: string; ext: string },
): string {
  const { method, url, body, ts, nonce } = request;
  const hash = encodeURIComponent(createHash('sha256').update(body).digest('base64'));
  const ext = [body === '' ? '' : `body_hash=${hash}`, request.ext].filter(Boolean).join('&');
  const uri = `${url.pathname}${url.search}`;
  const text = [ts, nonce, method, uri, url.hostname, url.port, ext].map((line) => `${String(line)}\n`).join('');
  const mac = createHmac('sha256', key).update(text).digest('base64');
  return `MAC id="${id}", ts="${String(ts)}", nonce="${nonce}", mac="${mac}"${ext === '' ? '' : `, ext="${ext}"`}`;
}

/** Sends a signed request. */
export async function send(sandbox: RunningSandbox, credentials: Credentials, call: Call): Promise<Answer> {
  const { method, but = {} } = call;
  const url = new URL(`${sandbox.baseUrl}${call.path}`);
  const body = call.body === undefined ? '' : typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
  const ts = but.ts ?? Math.floor(sandbox.world.now() / 1000);
  const nonce = but.nonce ?? randomBytes(16).toString('hex');
  const signed = authorizationFor(credentials, { method, url, body, ts, nonce, ext: but.ext ?? '' });
  const authorization = but.authorization ?? signed;
  const sent = but.sentBody ?? body;
  const response = await fetch(url, {
    method,
    headers: {
      ...(authorization === '' ? {} : { authorization }),
      ...(sent === '' ? {} : { 'content-type': 'application/json;charset=utf-8' }),
      ...but.headers,
    },
    ...(sent === '' ? {} : { body: sent }),
  });
  return answerOf(response);
}

/** Calls what needs no signature: the control and phone interfaces, pages. */
export async function plain(url: string, method = 'GET', body?: unknown): Promise<Answer> {
  const init =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return answerOf(await fetch(url, { method, ...init }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status, text, json, headers };
}
