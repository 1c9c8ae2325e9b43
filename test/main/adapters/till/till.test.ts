import fc from 'fast-check';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { startTill } from '../../../../src/main/adapters/till/server.ts';
import { JournalError } from '../../../../src/main/ports/journal.ts';
import type { BillView } from '../../../../src/shared/bill.ts';
import { draft, problem, startBench, token, type Bench } from './bench.ts';

let bench: Bench;
/** Every answer that any test got: the description must know it. */
const answered = new Set<string>();
/** Every code that any test got: the handbook must name it. */
const codes = new Set<string>();
beforeEach(async () => {
  bench = await startBench();
});

async function ask(...asked: Parameters<Bench['ask']>): Promise<Response> {
  const response = await bench.ask(...asked);
  for (const each of bench.answered) answered.add(each);
  return response;
}

const create = (body: unknown, key = 'k1') => ask('POST', '/v1/bills', body, { 'idempotency-key': key });

/** The code of a refusal. */
async function codeOf(response: Response): Promise<string> {
  const { code } = await problem(response);
  codes.add(code);
  return code;
}

/** Asks by another name for this machine: fetch would not. */
async function askBy(host: string): Promise<{ status: number | undefined; type: string | undefined; body: string }> {
  const { port } = new URL(bench.url);
  const headers = { authorization: `Bearer ${token}`, host: `${host}:${port}` };
  const asked = request({ host: '127.0.0.1', port, path: '/v1/state', headers }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) };
}

describe('who may ask', () => {
  it.each(['', 'Bearer wrong', 'Bearer ', `Basic ${token}`, `Bearer ${token}x`])(
    'not with %j',
    async (authorization) => {
      const response = await ask('GET', '/v1/state', undefined, { authorization });
      expect(await codeOf(response)).toBe('token_wrong');
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
    },
  );
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.1.5', 'a b'])(
    'not by the name %j, which may have been pointed here',
    async (host) => {
      const { status, type, body } = await askBy(host);
      expect(status).toBe(403);
      expect(type).toContain('application/problem+json');
      expect(JSON.parse(body)).toMatchObject({ code: 'wrong_host' });
      answered.add('GET /v1/state 403');
      codes.add('wrong_host');
    },
  );
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('by the name %s of this machine', async (host) => {
    expect((await askBy(host)).status).toBe(200);
  });
  it('no page of another origin gets leave to read', async () => {
    const response = await ask('GET', '/v1/state', undefined, { origin: 'https://evil.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
  it('the token stands in no log', async () => {
    await ask('GET', '/v1/state');
    bench.desk.broken = new Error('Something unforeseen.');
    await ask('GET', '/v1/bills/bill_1');
    expect(bench.log.lines).toHaveLength(1);
    expect(JSON.stringify(bench.log.lines)).not.toContain(token);
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
    expect(bench.desk.bills.size).toBe(1);
  });
  it('is refused for the same key and another body', async () => {
    await create(draft);
    const response = await create({ ...draft, number: '2' });
    expect(response.status).toBe(409);
    expect(await codeOf(response)).toBe('idempotency_conflict');
  });
  it.each([undefined, '', 'a b', 'x'.repeat(201)])('needs an Idempotency-Key, not %j', async (key) => {
    const response = await ask('POST', '/v1/bills', draft, key === undefined ? {} : { 'idempotency-key': key });
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe('idempotency_key_missing');
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
      expect(await codeOf(response)).toBe('bill_unknown');
    }
  });
  it.each([
    ['invalid', 422],
    ['bill_ended', 409],
    ['bill_foreign', 409],
    ['payment_in_progress', 409],
    ['number_in_use', 409],
    ['too_many_bills', 429],
    ['journal_failed', 503],
    ['stopping', 503],
  ] as const)('refused by the terminal with %s is answered %i', async (code, status) => {
    bench.desk.refusal = code;
    const response = await create(draft);
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
  });
  it.each([
    [new JournalError('journal_damaged', 'The journal is damaged. Restore it from a copy.'), 503, 'journal_failed'],
    [new Error('Something unforeseen.'), 500, 'failed'],
  ])('that cannot be looked up because of "%s" is answered %i', async (error, status, code) => {
    bench.desk.broken = error;
    const response = await ask('GET', '/v1/bills/bill_1');
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
  });
  it('of any name is one that nobody knows, unless the name is not encoded rightly', async () => {
    for (const name of ['x'.repeat(5000), '..%2f..%2fetc', '%00', '__proto__']) {
      expect(await codeOf(await ask('GET', `/v1/bills/${name}`))).toBe('bill_unknown');
    }
    expect(await codeOf(await ask('GET', '/v1/bills/%zz'))).toBe('address_wrong');
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
    ['an unknown element', { ...draft, tip: 1 }, ''],
    ['a list', [], ''],
    ['null', null, ''],
    ['a number in quotation marks', { ...draft, total: '250' }, '/total'],
  ])('%s is answered 422, with the place and a sentence', async (_name, body, pointer) => {
    const response = await create(body);
    expect(response.status).toBe(422);
    const found = await problem(response);
    expect(found.code).toBe('invalid');
    expect(found.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(bench.desk.commands).toEqual([]);
  });
  it.each<[string, string, Record<string, string>, number, string]>([
    ['that is no JSON', '{"number":', {}, 400, 'not_json'],
    ['that is empty', '', {}, 400, 'body_missing'],
    ['that would change what all objects are', '{"__proto__":{"a":1}}', {}, 400, 'not_json'],
    ['of another type', 'number=1', { 'content-type': 'text/plain' }, 415, 'wrong_content_type'],
    ['of 300 kB', JSON.stringify({ ...draft, number: 'x'.repeat(300_000) }), {}, 413, 'too_large'],
  ])('a body %s is told from the others', async (_name, body, headers, status, code) => {
    const response = await ask('POST', '/v1/bills', body, {
      'idempotency-key': 'k',
      'content-type': 'application/json',
      ...headers,
    });
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
  });
  it.each([
    ['PUT', '/v1/bills/bill_1'],
    ['POST', '/v1/bills'],
    ['POST', '/v1/bills/bill_1/paid-otherwise'],
  ])('no body at all for %s %s is told', async (method, path) => {
    const response = await ask(method, path, undefined, { 'idempotency-key': 'k' });
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe('body_missing');
  });
  it.each([{}, { how: 'wallet' }, { how: 'cash', tip: 1 }])('%j is not how staff were paid', async (body) => {
    const response = await ask('POST', '/v1/bills/bill_1/paid-otherwise', body);
    expect(response.status).toBe(422);
    expect(await codeOf(response)).toBe('invalid');
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
      { numRuns: 500 },
    );
  });
  it('an unknown resource is a problem like any other', async () => {
    expect(await codeOf(await ask('GET', '/v1/nothing'))).toBe('route_unknown');
  });
});

describe('the state', () => {
  it('gives the state without anything of staff', async () => {
    const state = (await (await ask('GET', '/v1/state')).json()) as object;
    expect(state).toMatchObject({ terminal: 'T1', view: 'bill', offline: false });
    expect(state).not.toHaveProperty('staff');
  });
});

describe('a port that is taken', () => {
  it('is told in a sentence', async () => {
    const port = Number(new URL(bench.url).port);
    const { desk, log, clock } = bench;
    const second = startTill({ desk, host: '127.0.0.1', port, token, log, clock });
    await expect(second).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(String(port)) as string,
    });
  });
});

interface Described {
  readonly summary?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content: Record<string, { readonly schema: object }>; headers?: object }
  >;
}

/** The description's operations, by method and path. */
async function operations(): Promise<ReadonlyMap<string, Described>> {
  const document = (await (await ask('GET', '/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, Described>>;
  };
  return new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );
}

describe('the description', () => {
  it('is OpenAPI 3.1 with a token for everything', async () => {
    expect(await (await ask('GET', '/v1/openapi.json')).json()).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Spot Terminal: till interface', version: '1' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    });
  });
  it('knows every route and what it can answer', async () => {
    const routes = [...(await operations())].map(
      ([name, { responses }]) => `${name} ${Object.keys(responses).join(' ')}`,
    );
    expect(routes.sort()).toEqual([
      'DELETE /v1/bills/{id} 200 400 401 403 404 409 413 415 500 503',
      'GET /v1/bills/{id} 200 400 401 403 404 500 503',
      'GET /v1/events 200 400 401 403 500 503',
      'GET /v1/openapi.json 200 401 403 500',
      'GET /v1/state 200 401 403 500',
      'POST /v1/bills 201 400 401 403 409 413 415 422 429 500 503',
      'POST /v1/bills/{id}/paid-otherwise 200 400 401 403 404 409 413 415 422 500 503',
      'PUT /v1/bills/{id} 200 400 401 403 404 409 413 415 422 500 503',
    ]);
  });
  it('describes each answer, by its type and in a sentence of its own, and each parameter of a path', async () => {
    for (const [name, { summary, parameters = [], responses }] of await operations()) {
      expect(summary, name).toMatch(/^[A-Z]/);
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect(parameters.filter((each) => each.in === 'path' && each.required).map((each) => each.name)).toEqual(inPath);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description, `${name} ${status}`).not.toMatch(/Default Response|Failed/);
        const [type] = Object.keys(content);
        if (Number(status) >= 400) expect(type).toBe('application/problem+json');
        else expect(type).toBe(name === 'GET /v1/events' ? 'text/event-stream' : 'application/json');
      }
    }
    expect((await operations()).get('POST /v1/bills')?.responses['201']?.headers).toHaveProperty('Location');
  });
  it('has schemas that hold no dialect of their own and point to nothing that is not there', async () => {
    const document = await (await ask('GET', '/v1/openapi.json')).text();
    expect(document).not.toMatch(/"\$schema"|"\$ref"|"nullable"|"exclusiveMinimum":true/);
  });
  it('knows every answer that was given here', async () => {
    const described = [...(await operations())].flatMap(([name, { responses }]) =>
      Object.keys(responses).map((status) => `${name} ${status}`),
    );
    answered.delete('GET /v1/nothing 404');
    expect(described).toEqual(expect.arrayContaining([...answered]));
    expect(answered.size).toBeGreaterThan(0);
  });
  it('is put beside by a handbook that names every code that was given here', () => {
    const handbook = readFileSync(new URL('../../../../docs/till.md', import.meta.url), 'utf8');
    for (const code of codes) expect(handbook).toContain(`\`${code}\``);
  });
});
