import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import { billDraftSchema, billViewSchema, type BillDraft, type BillView } from '../../../shared/bill.ts';
import type { Answer } from '../../../shared/contract.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { TillCommand, TillDesk } from '../../ports/terminal.ts';
import { answer, jsonSchema, problems } from './openapi.ts';
import { streamEvents } from './events.ts';
import { misshapen, ProblemError, refused } from './problem.ts';
import { eventSchema, paidOtherwiseSchema, stateSchema } from './schemas.ts';

interface RoutesOptions {
  readonly desk: TillDesk;
  readonly clock: Clock;
  readonly log: Log;
  /** Streams that must end with the server. */
  readonly streams: Set<Stop>;
}

const billParams = {
  type: 'object',
  properties: { id: { type: 'string', description: 'Id of the bill' } },
  required: ['id'],
};

/** Every route under /v1, described from the schemas that check it. */
export function tillRoutes(server: FastifyInstance, options: RoutesOptions): void {
  const route = (each: RouteOptions) => server.route(each);
  createRoute(route, options.desk);
  billRoutes(route, options.desk);
  route({
    method: 'GET',
    url: '/v1/state',
    schema: {
      summary: 'How the terminal stands',
      response: { 200: answer('What the customer screen shows', stateSchema), ...problems() },
    },
    handler: () => stateOf(options.desk),
  });
  eventsRoute(route, options);
}

function eventsRoute(route: Route, { desk, clock, log, streams }: RoutesOptions): void {
  route({
    method: 'GET',
    url: '/v1/events',
    // An answer without a body would never end.
    exposeHeadRoute: false,
    schema: {
      summary: 'What happens, as server-sent events',
      description:
        'Each event has an id, its type, and its data as JSON. A client that comes again with Last-Event-ID, or with ' +
        '?after=, hears what it missed; without either, only what is new. Nothing is told twice or left out.',
      headers: {
        type: 'object',
        properties: { 'last-event-id': { type: 'string', description: 'Id of the last event seen' } },
      },
      querystring: {
        type: 'object',
        properties: { after: { type: 'string', description: 'Id of the last event seen; 0 for all' } },
      },
      response: {
        200: { description: 'Events', content: { 'text/event-stream': { schema: jsonSchema(eventSchema) } } },
        ...problems(400, 503),
      },
    },
    handler: (request, reply) => {
      const after = lastSeen(request, desk);
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      const stop = streamEvents({ desk, clock, log, response: reply.raw, after });
      streams.add(stop);
      reply.raw.on('close', () => streams.delete(stop));
    },
  });
}

type Route = (options: RouteOptions) => unknown;

function createRoute(route: Route, desk: TillDesk): void {
  route({
    method: 'POST',
    url: '/v1/bills',
    schema: {
      summary: 'Put a bill in',
      description: 'The same Idempotency-Key with the same body gives the same bill, however often it is sent.',
      headers: {
        type: 'object',
        properties: {
          'idempotency-key': { type: 'string', description: '1 to 200 printable characters, new for each bill' },
        },
        required: ['idempotency-key'],
      },
      body: jsonSchema(billDraftSchema),
      response: {
        201: {
          ...answer('The bill', billViewSchema),
          headers: { Location: { type: 'string', description: 'Where the bill is found from now on' } },
        },
        ...problems(400, 409, 413, 415, 422, 429, 503),
      },
    },
    handler: async (request, reply) => {
      const draft = parsed(billDraftSchema, request.body);
      const command = {
        type: 'create',
        draft,
        idempotency: { key: idempotencyKey(request), bodyHash: hashOf(draft) },
      } as const;
      const bill = await submitted(desk, command);
      return reply.code(201).header('location', `/v1/bills/${bill.id}`).send(bill);
    },
  });
}

function billRoutes(route: Route, desk: TillDesk): void {
  const about = {
    params: billParams,
    response: { 200: answer('The bill', billViewSchema), ...problems(400, 404, 503) },
  };
  const change = { ...about, response: { ...about.response, ...problems(409, 413, 415) } };
  const withBody = { ...change, response: { ...change.response, ...problems(422) } };
  route({
    method: 'GET',
    url: '/v1/bills/:id',
    schema: { summary: 'A bill, ended ones too', ...about },
    handler: (request) => known(desk, idOf(request)),
  });
  route({
    method: 'PUT',
    url: '/v1/bills/:id',
    schema: {
      summary: 'Edit a bill',
      description: 'Not while its money is reserved.',
      body: jsonSchema(billDraftSchema),
      ...withBody,
    },
    handler: (request) =>
      submitted(desk, { type: 'edit', billId: idOf(request), draft: parsed(billDraftSchema, request.body) }),
  });
  route({
    method: 'DELETE',
    url: '/v1/bills/:id',
    schema: { summary: 'Withdraw a bill', ...change },
    handler: (request) => submitted(desk, { type: 'withdraw', billId: idOf(request) }),
  });
  route({
    method: 'POST',
    url: '/v1/bills/:id/paid-otherwise',
    schema: {
      summary: 'Staff took cash or card',
      description:
        'The bill is settling until its transaction can no longer be paid; if the wallet was faster, it is paid by wallet.',
      body: jsonSchema(paidOtherwiseSchema),
      ...withBody,
    },
    handler: (request) => {
      const { how } = parsed(paidOtherwiseSchema, request.body);
      return submitted(desk, { type: 'paidOtherwise', billId: idOf(request), how });
    },
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  if (body === undefined) throw new ProblemError(400, 'body_missing', 'The body is empty. Send JSON.');
  const result = schema.safeParse(body);
  if (!result.success) throw misshapen(result.error);
  return result.data;
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new ProblemError(
    400,
    'idempotency_key_missing',
    'Send the header Idempotency-Key: 1 to 200 printable characters without spaces, a new one for each bill.',
  );
}

/** Of the parsed body, so that white space and the order of elements do not matter. */
function hashOf(draft: BillDraft): string {
  const lines = draft.lines.map(({ title, quantity, total }) => [title, quantity ?? null, total]);
  const canonical = JSON.stringify([draft.number, lines, draft.total, draft.currency]);
  return createHash('sha256').update(canonical).digest('base64');
}

function known(desk: TillDesk, id: string): BillView {
  const bill = desk.bill(id);
  if (!bill) throw new ProblemError(404, 'bill_unknown', 'There is no such bill.');
  return bill;
}

async function submitted(desk: TillDesk, command: TillCommand): Promise<BillView> {
  const answer: Answer = await desk.submit(command);
  if (!answer.ok) throw refused(answer);
  return known(desk, answer.billId ?? ('billId' in command ? command.billId : ''));
}

function stateOf(desk: TillDesk): z.infer<typeof stateSchema> {
  const { at, terminal, spot, customer } = desk.snapshot();
  return {
    terminal: terminal.name,
    spot: { code: spot.code, name: spot.name, place: spot.place },
    view: customer.view,
    ...(customer.reason ? { reason: customer.reason } : {}),
    offline: customer.offline,
    attention: customer.attention,
    bills: customer.bills,
    at,
  };
}

/** After which notice a client goes on: the one it names, else the newest there is. */
function lastSeen(request: FastifyRequest, desk: TillDesk): number {
  const named: unknown = request.headers['last-event-id'] ?? (request.query as { after?: unknown }).after;
  if (named === undefined) return desk.newestNotice();
  if (typeof named === 'string' && /^\d{1,15}$/.test(named)) return Number(named);
  throw new ProblemError(400, 'event_id_wrong', 'Last-Event-ID is the number of an event that was received.');
}
