import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gate } from './access.ts';
import { callbackRoutes, type CallbackParts } from './callbacks-control.ts';
import { help } from './control-help.ts';
import { displayRoutes } from './displays-control.ts';
import type { PlayedDisplay } from './displays.ts';
import { faultRuleSchema, type Faults } from './faults.ts';
import { parsed } from './parsed.ts';
import { named, printerChangeSchema } from './printer/state-schema.ts';
import type { VirtualPrinter } from './printer/types.ts';
import { switchesSchema } from './switches.ts';
import type { Watch } from './watch.ts';
import { ApiError, heldStatuses, reserveRefusals, type User } from './world/types.ts';
import type { World } from './world/world.ts';

/** What testers may do to the sandbox. */
export interface Controlled extends CallbackParts {
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly watch: Watch;
  readonly printer: VirtualPrinter;
  readonly displays: readonly PlayedDisplay[];
  readonly reset: () => Promise<void>;
}

const largest = 1_000_000_000_000;
const minor = z.int().min(0).max(largest);
const currency = z.string().regex(/^[A-Z]{3}$/);

const bodies = {
  nothing: z.strictObject({}),
  clock: z.strictObject({ offsetSeconds: z.int() }),
  location: z.strictObject({ id: z.int().min(1) }),
  spot: z.strictObject({ code: z.string().min(1).max(200) }),
  user: z.strictObject({ balance: minor.default(100_000), currency: currency.default('EUR') }),
  userChange: z.strictObject({
    balance: minor.optional(),
    refusedWith: z.enum(reserveRefusals).nullable().optional(),
    tokenExpired: z.boolean().optional(),
  }),
  foreignOrder: z.strictObject({
    amount: minor.min(1),
    description: z.string().min(1).default('Foreign order'),
    currency: currency.default('EUR'),
  }),
  transaction: z.strictObject({ amount: minor.min(1).optional(), currency: currency.optional() }),
  hold: z.strictObject({ user: z.int().min(0), status: z.enum(heldStatuses) }),
};

function parameter(request: { params: unknown }, name: string): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}

/** The control API: everything that a test, or a curious person, wants to do behind the API's back. */
export function controlRoutes(server: FastifyInstance, controlled: Controlled): void {
  const { world, gate, watch } = controlled;
  server.get('/control/help', () => help);
  server.post('/control/reset', async () => {
    await controlled.reset();
    return { done: true };
  });
  server.get('/control/state', () => stateOf(world));
  server.get('/control/requests', () => ({ requests: watch.received }));
  server.delete('/control/requests', () => {
    watch.received.splice(0);
    return { requests: [] };
  });
  server.get('/control/switches', () => world.switches);
  server.post('/control/switches', (request) => {
    // Only what was named changes.
    const named = parsed(switchesSchema.partial(), request.body);
    const changed = Object.keys(z.record(z.string(), z.unknown()).parse(request.body ?? {}));
    const change = Object.fromEntries(Object.entries(named).filter(([name]) => changed.includes(name)));
    world.switches = { ...world.switches, ...change };
    return world.switches;
  });
  server.get('/control/clock', () => ({ time: gate.seconds(), offsetSeconds: gate.offsetSeconds }));
  server.post('/control/clock', (request) => {
    gate.offsetSeconds = parsed(bodies.clock, request.body).offsetSeconds;
    return { time: gate.seconds(), offsetSeconds: gate.offsetSeconds };
  });
  faultRoutes(server, controlled.faults);
  placeRoutes(server, world);
  userRoutes(server, world);
  transactionRoutes(server, world);
  printerRoutes(server, controlled.printer);
  displayRoutes(server, controlled.displays);
  callbackRoutes(server, controlled);
}

function faultRoutes(server: FastifyInstance, faults: Faults): void {
  server.get('/control/faults', () => ({ faults: faults.list() }));
  server.post('/control/faults', (request) => {
    faults.add(parsed(faultRuleSchema, request.body));
    return { faults: faults.list() };
  });
  server.delete('/control/faults', () => {
    faults.clear();
    return { faults: [] };
  });
}

function placeRoutes(server: FastifyInstance, world: World): void {
  server.post('/control/locations', (request) => {
    world.locations.add(parsed(bodies.location, request.body).id);
    return { locations: [...world.locations] };
  });
  server.post('/control/spots', (request) => world.spotByCode(parsed(bodies.spot, request.body).code));
  server.post('/control/spots/:id/foreign-order', (request) => {
    const { amount: price, description, currency: code } = parsed(bodies.foreignOrder, request.body);
    const spotId = Number(parameter(request, 'id'));
    world.assertTakesOrders(spotId);
    const payments = [{ description, price, currency: code, parameters: null }];
    const transaction = world.createTransaction({ payments, reserveForMs: 900_000, projectId: null });
    return { order: world.createOrder(spotId, transaction.key), transactionKey: transaction.key };
  });
}

function userAt(world: World, index: string | number): User {
  const user = world.users[Number(index)];
  if (!user) throw new ApiError('not_found', 'There is no such user');
  return user;
}

function userRoutes(server: FastifyInstance, world: World): void {
  server.post('/control/users', (request) => {
    const user = parsed(bodies.user, request.body);
    return world.addUser(user.balance, user.currency);
  });
  server.post('/control/users/:index', (request) => {
    const user = userAt(world, parameter(request, 'index'));
    const { balance, refusedWith, tokenExpired } = parsed(bodies.userChange, request.body);
    if (balance !== undefined && balance < user.locked) {
      throw new ApiError('invalid_state', 'The balance cannot be less than what of it is reserved');
    }
    user.balance = balance ?? user.balance;
    user.refusedWith = refusedWith === undefined ? user.refusedWith : refusedWith;
    user.tokenExpired = tokenExpired ?? user.tokenExpired;
    world.advance();
    return userOf(user);
  });
}

function transactionRoutes(server: FastifyInstance, world: World): void {
  server.post('/control/transactions/:key', (request) => {
    const change = parsed(bodies.transaction, request.body);
    const key = parameter(request, 'key');
    return world.changeTransaction(key, { price: change.amount, currency: change.currency });
  });
  const acts: Readonly<Record<string, (key: string) => unknown>> = {
    reject: (key) => world.reject(key),
    expire: (key) => world.expire(key),
    confirm: (key) => world.confirm(key),
    revoke: (key) => world.deleteTransaction(key),
    resume: (key) => world.resume(key),
  };
  for (const [name, act] of Object.entries(acts)) {
    server.post(`/control/transactions/:key/${name}`, (request) => {
      parsed(bodies.nothing, request.body);
      return act(parameter(request, 'key'));
    });
  }
  server.post('/control/transactions/:key/hold', (request) => {
    const { user, status } = parsed(bodies.hold, request.body);
    return world.hold(userAt(world, user), parameter(request, 'key'), status);
  });
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
    const change = parsed(printerChangeSchema, request.body);
    await printer.setState(named(change));
    return printer.state();
  });
  server.post('/control/printer/power-cycle', () => {
    printer.powerCycle();
    return { done: true };
  });
}

/** A user without keys. */
function userOf({ accessToken: _token, macKey: _key, ...user }: User): unknown {
  return user;
}

/** Everything there is, for checks from outside. */
function stateOf(world: World): unknown {
  world.advance();
  return {
    now: world.now(),
    locations: [...world.locations],
    spots: [...world.spots.values()].map((spot) => ({
      ...spot,
      users: world.checkedIn(spot.id).map((user) => user.index),
    })),
    orders: [...world.orders.values()],
    transactions: [...world.transactions.values()],
    users: world.users.map(userOf),
  };
}
