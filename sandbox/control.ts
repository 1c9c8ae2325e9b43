import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultRuleSchema, type Faults } from './faults.ts';
import type { PrinterState, VirtualPrinter } from './printer/types.ts';
import { switchesSchema } from './switches.ts';
import { ApiError } from './world/types.ts';
import type { World } from './world/world.ts';
import type { Gate } from './access.ts';

/** A request that the API received; signatures are left out. */
export interface Received {
  readonly at: number;
  readonly side: 'merchant' | 'user' | 'unknown';
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** What testers may do to the sandbox. */
export interface Controlled {
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly received: Received[];
  readonly printer: VirtualPrinter;
  readonly reset: () => void;
}

const amount = z.strictObject({ amount: z.int().min(0) });
const newSpot = z.strictObject({ code: z.string().min(1).max(200) });
const newUser = z.strictObject({
  balance: z.int().min(0).default(100_000),
  currency: z.string().length(3).default('EUR'),
});
const foreign = z.strictObject({
  amount: z.int().min(1),
  description: z.string().min(1).default('Foreign order'),
  currency: z.string().default('EUR'),
});
const clock = z.strictObject({ offsetSeconds: z.int() });
const printerState = z
  .strictObject({
    paper: z.enum(['ok', 'near-end', 'out']),
    coverOpen: z.boolean(),
    cutterError: z.boolean(),
    offline: z.boolean(),
    silent: z.boolean(),
    refuse: z.boolean(),
    resetAfterBytes: z.int().min(0).nullable(),
    stalled: z.boolean(),
    processIds: z.boolean(),
    speed: z.union([z.number().positive(), z.literal('instant')]),
  })
  .partial();

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const sentences = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ApiError('invalid_parameters', sentences.join(' '));
}

function parameter(request: { params: unknown }, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

/** The control API: everything that a test, or a curious person, wants to do behind the API's back. */
export function controlRoutes(server: FastifyInstance, controlled: Controlled): void {
  const { world, gate, faults, received } = controlled;
  server.get('/control/help', () => help);
  server.post('/control/reset', () => {
    controlled.reset();
    return { done: true };
  });
  server.get('/control/state', () => stateOf(world));
  server.get('/control/requests', () => ({ requests: received }));
  server.get('/control/switches', () => world.switches);
  server.post('/control/switches', (request) => {
    // Only what was named changes: parsing the whole keeps the rest as it is.
    world.switches = parsed(switchesSchema, { ...world.switches, ...(request.body as object | undefined) });
    return world.switches;
  });
  server.get('/control/faults', () => ({ faults: faults.list() }));
  server.post('/control/faults', (request) => {
    faults.add(parsed(faultRuleSchema, request.body));
    return { faults: faults.list() };
  });
  server.delete('/control/faults', () => {
    faults.clear();
    return { faults: [] };
  });
  server.post('/control/clock', (request) => {
    gate.offsetSeconds = parsed(clock, request.body).offsetSeconds;
    return { time: gate.seconds() };
  });
  peopleRoutes(server, world);
  transactionRoutes(server, world);
  printerRoutes(server, controlled.printer);
}

function peopleRoutes(server: FastifyInstance, world: World): void {
  server.post('/control/spots', (request) => world.spotByCode(parsed(newSpot, request.body).code));
  server.post('/control/users', (request) => {
    const { balance, currency } = parsed(newUser, request.body);
    return world.addUser(balance, currency);
  });
  server.post('/control/users/:index', (request) => {
    const user = world.users[Number(parameter(request, 'index'))];
    if (!user) throw new ApiError('not_found', 'There is no such user');
    user.balance = parsed(z.strictObject({ balance: z.int().min(0) }), request.body).balance;
    return { balance: user.balance };
  });
  server.post('/control/spots/:id/foreign-order', (request) => {
    const { amount: price, description, currency } = parsed(foreign, request.body);
    const spotId = Number(parameter(request, 'id'));
    world.spot(spotId);
    const payments = [{ description, price, currency, parameters: null }];
    const transaction = world.createTransaction({ payments, reserveForMs: 900_000, projectId: null });
    return { order: world.createOrder(spotId, transaction.key), transactionKey: transaction.key };
  });
}

function transactionRoutes(server: FastifyInstance, world: World): void {
  server.post('/control/transactions/:key', (request) =>
    world.changeAmount(parameter(request, 'key'), parsed(amount, request.body).amount),
  );
  server.post('/control/transactions/:key/reject', (request) => world.reject(parameter(request, 'key')));
  server.post('/control/transactions/:key/expire', (request) => world.expire(parameter(request, 'key')));
  server.post('/control/transactions/:key/confirm', (request) => world.confirm(parameter(request, 'key')));
}

function printerRoutes(server: FastifyInstance, printer: VirtualPrinter): void {
  server.get('/control/receipts', () => ({
    receipts: printer.receipts().map(({ index, at, text, qr, bytes }) => ({ index, at, text, qr, bytes })),
    problems: printer.problems(),
  }));
  server.get('/control/receipts/:file', (request, reply) => {
    const index = Number(/^(\d+)\.png$/.exec(parameter(request, 'file'))?.[1]);
    const receipt = printer.receipts()[index];
    if (!receipt) throw new ApiError('not_found', 'There is no such receipt');
    return reply.type('image/png').send(receipt.png);
  });
  server.get('/control/printer', () => printer.state());
  server.post('/control/printer', async (request) => {
    const change = parsed(printerState, request.body);
    await printer.setState(JSON.parse(JSON.stringify(change)) as Partial<PrinterState>);
    return printer.state();
  });
  server.post('/control/printer/power-cycle', () => {
    printer.powerCycle();
    return { done: true };
  });
}

/** Everything there is, for checks from outside. Keys of users are left out. */
function stateOf(world: World): unknown {
  world.advance();
  return {
    now: world.now(),
    spots: [...world.spots.values()].map((spot) => ({
      ...spot,
      users: world.checkedIn(spot.id).map((user) => user.index),
    })),
    orders: [...world.orders.values()],
    transactions: [...world.transactions.values()],
    users: world.users.map(({ index, name, walletId, balance, locked, currency, spotId }) => ({
      index,
      name,
      walletId,
      balance,
      locked,
      currency,
      spotId,
    })),
  };
}

const help = {
  'GET /control/state': 'spots, orders, transactions and users',
  'GET /control/requests': 'every request the API received, without signatures',
  'POST /control/reset': 'a fresh world with the same credentials',
  'GET|POST /control/switches': 'the open questions; POST changes those it names',
  'GET|POST|DELETE /control/faults': 'what goes wrong: {"match":{"method","path"},"times","fault":{"type":…}}',
  'POST /control/clock': '{"offsetSeconds"}: skews the clock of the API',
  'POST /control/spots': '{"code"}: registers a spot',
  'POST /control/spots/:id/foreign-order': '{"amount","description"}: an order by other software',
  'POST /control/users': '{"balance","currency"}: one more user',
  'POST /control/users/:index': '{"balance"}',
  'POST /control/transactions/:key': '{"amount"}: changes what it asks for',
  'POST /control/transactions/:key/reject|expire|confirm': 'the payer refuses, time runs out, other software confirms',
  'GET /control/receipts, /control/receipts/N.png': 'the paper of the virtual printer',
  'GET|POST /control/printer': 'paper, coverOpen, cutterError, offline, silent, refuse, stalled, …',
  'POST /control/printer/power-cycle': 'off and on again',
};
