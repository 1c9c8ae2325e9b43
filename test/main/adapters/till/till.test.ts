import fc from 'fast-check';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { startTill } from '../../../../src/main/adapters/till/server.ts';
import type { Problem } from '../../../../src/main/adapters/till/problem.ts';
import type { BillView } from '../../../../src/shared/bill.ts';
import { keptLog } from '../../../fakes/quiet-log.ts';
import { until } from '../../../fakes/until.ts';
import { FixtureDesk } from './desk.ts';

const token = 'the-token-of-this-terminal';
const draft = { number: '1', lines: [{ title: 'Coffee', total: 250 }], total: 250, currency: 'EUR' };

let desk: FixtureDesk;
let till: { url: string; stop(): Promise<void> };
let log: ReturnType<typeof keptLog>;
beforeEach(async () => {
  desk = new FixtureDesk();
  log = keptLog();
  till = await startTill({ desk, host: '127.0.0.1', port: 0, token, log, clock: createSystemClock({ unref: true }) });
});
afterEach(async () => {
  await till.stop();
  expect(desk.listeners).toBe(0);
});

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(`${till.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...typed, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
const create = (body: unknown, key = 'k1') => ask('POST', '/v1/bills', body, { 'idempotency-key': key });

async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const value = (await response.json()) as Problem;
  expect(value.status).toBe(response.status);
  expect(value.detail).toMatch(/[.!]$/);
  return value;
}

describe('who may ask', () => {
  it.each(['', 'Bearer wrong', 'Bearer ', `Basic ${token}`, `Bearer ${token}x`])(
    'not with %j',
    async (authorization) => {
      const response = await ask('GET', '/v1/state', undefined, { authorization });
      expect((await problem(response)).code).toBe('token_wrong');
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
    },
  );
  it('not by a name that was pointed here', async () => {
    const { port } = new URL(till.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, host: `evil.example:${port}` };
      request({ host: '127.0.0.1', port, path: '/v1/state', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
  it('no page of another origin gets leave to read', async () => {
    const response = await ask('GET', '/v1/state', undefined, { origin: 'https://evil.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
  it('the token stands in no log', () => {
    expect(JSON.stringify(log.lines)).not.toContain(token);
  });
});

describe('a bill', () => {
  it('is put in, read, edited, withdrawn and paid otherwise', async () => {
    const created = await create(draft);
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/v1/bills/bill_1');
    const bill = (await created.json()) as BillView;
    expect(bill).toMatchObject({ id: 'bill_1', number: '1', total: 250, status: 'preparing' });
    expect(await (await ask('GET', '/v1/bills/bill_1')).json()).toEqual(bill);
    const edited = await ask('PUT', '/v1/bills/bill_1', {
      ...draft,
      lines: [{ title: 'Tea', total: 200 }],
      total: 200,
    });
    expect(await edited.json()).toMatchObject({ version: 2, total: 200 });
    const cash = await ask('POST', '/v1/bills/bill_1/paid-otherwise', { how: 'cash' });
    expect(await cash.json()).toMatchObject({ status: 'paid', paid: { how: 'cash' } });
    await create({ ...draft, number: '2' }, 'k2');
    expect(await (await ask('DELETE', '/v1/bills/bill_2')).json()).toMatchObject({ status: 'withdrawn' });
  });
  it('is the same bill for the same key and body, however it is written', async () => {
    const first = (await (await create(draft)).json()) as BillView;
    const again = await create(JSON.stringify(draft, null, 4));
    expect(again.status).toBe(201);
    expect(((await again.json()) as BillView).id).toBe(first.id);
    expect(desk.bills.size).toBe(1);
  });
  it('is refused for the same key and another body', async () => {
    await create(draft);
    const response = await create({ ...draft, number: '2' });
    expect(response.status).toBe(409);
    expect((await problem(response)).code).toBe('idempotency_conflict');
  });
  it.each([undefined, '', 'a b', 'x'.repeat(201)])('needs an Idempotency-Key, not %j', async (key) => {
    const response = await ask('POST', '/v1/bills', draft, key === undefined ? {} : { 'idempotency-key': key });
    expect(response.status).toBe(400);
    expect((await problem(response)).code).toBe('idempotency_key_missing');
  });
  it('that nobody knows is not found', async () => {
    for (const [method, path, body] of [
      ['GET', '/v1/bills/nope', undefined],
      ['PUT', '/v1/bills/nope', draft],
      ['DELETE', '/v1/bills/nope', undefined],
      ['POST', '/v1/bills/nope/paid-otherwise', { how: 'card' }],
    ] as const) {
      const response = await ask(method, path, body);
      expect(response.status).toBe(404);
      expect((await problem(response)).code).toBe('bill_unknown');
    }
  });
  it.each([
    ['bill_ended', 409],
    ['payment_in_progress', 409],
    ['number_in_use', 409],
    ['too_many_bills', 429],
    ['journal_failed', 503],
    ['stopping', 503],
  ] as const)('refused by the terminal with %s is answered %i', async (code, status) => {
    desk.refusal = code;
    const response = await create(draft);
    expect(response.status).toBe(status);
    expect((await problem(response)).code).toBe(code);
  });
});

describe('a bill that is not right', () => {
  const line = draft.lines[0];
  it.each<[string, unknown, string]>([
    ['a total that does not match its lines', { ...draft, total: 251 }, '/total'],
    ['a total of zero', { ...draft, lines: [{ title: 'A', total: 0 }], total: 0 }, '/total'],
    ['a negative total', { ...draft, lines: [{ title: 'A', total: -5 }], total: -5 }, '/total'],
    ['an amount that is no whole number', { ...draft, total: 2.5 }, '/total'],
    ['an amount beyond all bounds', { ...draft, total: 1e15 }, '/total'],
    ['a currency nobody knows', { ...draft, currency: 'XXX' }, '/currency'],
    ['no lines', { ...draft, lines: [] }, '/lines'],
    ['201 lines', { ...draft, lines: Array.from({ length: 201 }, () => line) }, '/lines'],
    [
      'a title of 10,000 characters',
      { ...draft, lines: [{ title: 'x'.repeat(10_000), total: 250 }] },
      '/lines/0/title',
    ],
    ['control characters', { ...draft, lines: [{ title: 'Cof\u001b@fee', total: 250 }] }, '/lines/0/title'],
    ['characters that turn text round', { ...draft, number: '1\u202e2' }, '/number'],
    ['an empty number', { ...draft, number: '  ' }, '/number'],
    ['an unknown element', { ...draft, tip: 1 }, '/'],
    ['a list', [], '/'],
    ['null', null, '/'],
    ['a number in quotation marks', { ...draft, total: '250' }, '/total'],
  ])('%s is answered 422, with the place and a sentence', async (_name, body, pointer) => {
    const response = await create(body);
    expect(response.status).toBe(422);
    const found = await problem(response);
    expect(found.code).toBe('invalid');
    expect(found.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(desk.commands).toEqual([]);
  });
  it.each<[string, string, Record<string, string>, number, string]>([
    ['that is no JSON', '{"number":', {}, 400, 'not_json'],
    ['that is empty', '', {}, 400, 'body_missing'],
    ['of another type', 'number=1', { 'content-type': 'text/plain' }, 415, 'wrong_content_type'],
    ['of 300 kB', JSON.stringify({ ...draft, number: 'x'.repeat(300_000) }), {}, 413, 'too_large'],
  ])('a body %s is told from the others', async (_name, body, headers, status, code) => {
    const response = await ask('POST', '/v1/bills', body, {
      'idempotency-key': 'k',
      'content-type': 'application/json',
      ...headers,
    });
    expect(response.status).toBe(status);
    expect((await problem(response)).code).toBe(code);
  });
  it('whatever is sent, the terminal answers and does not fail', async () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ number: fc.anything(), lines: fc.anything(), total: fc.anything(), currency: fc.anything() })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const response = await ask('POST', '/v1/bills', body, {
          'idempotency-key': 'fuzz',
          'content-type': 'application/json',
        });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        await response.arrayBuffer();
      }),
      { numRuns: 300 },
    );
  });
  it('an unknown resource is a problem like any other', async () => {
    expect((await problem(await ask('GET', '/v1/nothing'))).code).toBe('route_unknown');
  });
});

/** Reads server-sent events as a client does. */
class Listener {
  text = '';
  ended = false;
  readonly #abort = new AbortController();

  async open(path: string, headers: Record<string, string> = {}): Promise<this> {
    const response = await fetch(`${till.url}${path}`, {
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
    return this;
  }

  get ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }

  close(): void {
    this.#abort.abort();
  }
}

describe('events', () => {
  it('tell what is new, once and in order, with bill and type', async () => {
    const listener = await new Listener().open('/v1/events');
    await create(draft);
    await ask('DELETE', '/v1/bills/bill_1');
    await until(() => listener.ids.length === 2, 'the events');
    expect(listener.ids).toEqual([1, 2]);
    expect(listener.text).toContain('event: bill.withdrawn');
    expect(listener.text).toContain('"number":"1"');
    listener.close();
  });
  it('are resumed after the last one seen, by header or by address', async () => {
    for (let count = 0; count < 500; count += 1) desk.tell('spot.open');
    const byHeader = await new Listener().open('/v1/events', { 'last-event-id': '300' });
    const byAddress = await new Listener().open('/v1/events?after=0');
    await until(() => byHeader.ids.length === 200 && byAddress.ids.length === 500, 'the events');
    desk.tell('spot.closed');
    await until(() => byHeader.ids.at(-1) === 501 && byAddress.ids.at(-1) === 501, 'the events');
    expect(byHeader.ids).toEqual(Array.from({ length: 201 }, (_, index) => index + 301));
    byHeader.close();
    byAddress.close();
  });
  it('begin with what is new when nothing was seen', async () => {
    desk.tell('spot.open');
    const listener = await new Listener().open('/v1/events');
    desk.tell('spot.closed');
    await until(() => listener.ids.length === 1, 'the events');
    expect(listener.ids).toEqual([2]);
    listener.close();
  });
  it('end with the server', async () => {
    const listener = await new Listener().open('/v1/events');
    await till.stop();
    await until(() => listener.ended, 'the events');
  });
  it('are cut off for a client that does not read, so that it costs nobody memory', async () => {
    const { port } = new URL(till.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.pause();
    await until(() => desk.listeners === 1, 'the events');
    const bulk = { receiptNumber: 1, spot: { status: 'x'.repeat(50_000) } };
    for (let count = 0; count < 400; count += 1) desk.tell('spot.open', bulk);
    await until(() => desk.listeners === 0, 'the events');
    socket.destroy();
  });
  it('after an id that is none are refused', async () => {
    expect((await problem(await ask('GET', '/v1/events?after=x'))).code).toBe('event_id_wrong');
  });
});

describe('the description', () => {
  it('is OpenAPI 3.1 and knows every route and what it can answer', async () => {
    const document = (await (await ask('GET', '/v1/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown>; summary?: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { responses }]) => `${method.toUpperCase()} ${path} ${Object.keys(responses).join(' ')}`,
      ),
    );
    expect(routes.sort()).toEqual([
      'DELETE /v1/bills/{id} 200 401 404 409 503',
      'GET /v1/bills/{id} 200 401 404 409 503',
      'GET /v1/events 200 400 401',
      'GET /v1/state 200 401',
      'POST /v1/bills 201 400 401 409 413 415 422 429 503',
      'POST /v1/bills/{id}/paid-otherwise 200 400 401 404 409 413 415 422 503',
      'PUT /v1/bills/{id} 200 400 401 404 409 413 415 422 503',
    ]);
    expect(JSON.stringify(document)).toContain('Minor units');
  });
  it('gives the state without anything of staff', async () => {
    const state = (await (await ask('GET', '/v1/state')).json()) as object;
    expect(state).toMatchObject({ terminal: 'T1', view: 'bill', offline: false });
    expect(state).not.toHaveProperty('staff');
  });
});

describe('a port that is taken', () => {
  it('is told in a sentence', async () => {
    const port = Number(new URL(till.url).port);
    const second = startTill({ desk, host: '127.0.0.1', port, token, log, clock: createSystemClock({ unref: true }) });
    await expect(second).rejects.toMatchObject({ code: 'port_taken', message: expect.stringContaining(String(port)) });
  });
});
