import { fromChromium, schemeOf } from './address.ts';
import type { Fields } from './devtools.ts';
import { isPrevented } from './events.ts';
import type { EventEmitter } from 'node:events';
import { note } from './journal.ts';
import { keyPath } from './page-scripts.ts';
import { defaultSession } from './session.ts';

/** What Chromium is told about a request that waits. */
export interface Verdict {
  readonly method: 'Fetch.continueRequest' | 'Fetch.fulfillRequest' | 'Fetch.failRequest';
  readonly params: Fields;
}

interface PausedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly postData?: string;
}

/** Answers a page's request: keys by main's listeners, custom schemes by their handlers, the rest by the network. */
export async function answerRequest(fields: Fields, contents: EventEmitter): Promise<Verdict> {
  const request = fields.request as PausedRequest;
  if (new URL(request.url).pathname === keyPath) return answerKey(request, contents);
  const scheme = schemeOf(request.url);
  if (scheme === undefined) return { method: 'Fetch.continueRequest', params: {} };
  const handler = defaultSession.protocol.handlers.get(scheme);
  if (!handler) return { method: 'Fetch.failRequest', params: { errorReason: 'AddressUnreachable' } };
  const response = await handler(new Request(fromChromium(request.url), { method: request.method }));
  return fulfil(response);
}

async function fulfil(response: Response): Promise<Verdict> {
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
  return { method: 'Fetch.fulfillRequest', params: { responseCode: response.status, responseHeaders, body } };
}

function answerKey({ postData = '{}' }: PausedRequest, contents: EventEmitter): Verdict {
  const input = JSON.parse(postData) as Record<string, unknown>;
  const prevented = isPrevented(contents, 'before-input-event', { values: [input] });
  if (prevented) note('key-prevented', { key: input.key });
  const body = Buffer.from(prevented ? 'prevented' : '').toString('base64');
  return { method: 'Fetch.fulfillRequest', params: { responseCode: 200, responseHeaders: [], body } };
}
