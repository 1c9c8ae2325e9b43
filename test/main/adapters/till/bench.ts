import { expect, onTestFinished } from 'vitest';
import type { Problem } from '../../../../src/main/adapters/till/problem.ts';
import { startTill } from '../../../../src/main/adapters/till/server.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { until } from '../../../fakes/until.ts';
import { FixtureDesk } from './desk.ts';

export const token = 'the-token-of-this-terminal';
export const draft = { number: '1', lines: [{ title: 'Coffee', total: 250 }], total: 250, currency: 'EUR' };

/** A till interface over a real socket, and who asks it. */
export interface Bench {
  readonly desk: FixtureDesk;
  readonly clock: VirtualClock;
  readonly log: ReturnType<typeof keepingLog>;
  readonly url: string;
  /** `POST /v1/bills 201` for every answer that was given. */
  readonly answered: Set<string>;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  create(body: unknown, key?: string): Promise<Response>;
  /** Listens to events as a client does. */
  listen(path: string, headers?: Record<string, string>): Promise<Listener>;
  stop(): Promise<void>;
}

/** The route of a path, as the description names it. */
function routeOf(path: string): string {
  return path.replace(/\?.*$/, '').replace(/^(\/v1\/bills\/)[^/]+/, '$1{id}');
}

/** Starts a till interface that is stopped after the test; nothing may listen to the terminal then. */
export async function startBench(): Promise<Bench> {
  const desk = new FixtureDesk();
  const log = keepingLog();
  const clock = new VirtualClock();
  const till = await startTill({ desk, host: '127.0.0.1', port: 0, token, log, clock });
  const answered = new Set<string>();
  const listeners: Listener[] = [];
  onTestFinished(async () => {
    for (const listener of listeners) listener.close();
    await till.stop();
    await until(() => desk.listeners === 0 && clock.pending === 0, 'the till interface to end all it began');
  });
  const ask: Bench['ask'] = async (method, path, body, headers = {}) => {
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${till.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...typed, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    answered.add(`${method} ${routeOf(path)} ${response.status}`);
    return response;
  };
  return {
    desk,
    clock,
    log,
    url: till.url,
    answered,
    ask,
    create: (body, key = 'k1') => ask('POST', '/v1/bills', body, { 'idempotency-key': key }),
    listen: async (path, headers) => {
      const listener = new Listener();
      listeners.push(listener);
      await listener.open(`${till.url}${path}`, headers);
      return listener;
    },
    stop: () => till.stop(),
  };
}

/** The problem that an answer holds, which is always of the right type and form. */
export async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const value = (await response.json()) as Problem;
  expect(value).toMatchObject({ type: 'about:blank', status: response.status });
  expect(value.detail).toMatch(/[.!]$/);
  return value;
}

/** Reads server-sent events as a client does. */
export class Listener {
  text = '';
  ended = false;
  readonly #abort = new AbortController();

  async open(url: string, headers: Record<string, string> = {}): Promise<void> {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: this.#abort.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    void (async () => {
      try {
        for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
          this.text += piece.value;
      } catch {
        // Closed by this side.
      }
      this.ended = true;
    })();
  }

  get ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }

  close(): void {
    this.#abort.abort();
  }
}
