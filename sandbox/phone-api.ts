import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parsed } from './parsed.ts';
import { totalOf } from './world/ledger.ts';
import { ApiError, heldStatuses, type User } from './world/types.ts';
import type { World } from './world/world.ts';

/** What the phone page draws: the customer's app, for one of the sandbox's users. */
export const phoneStateSchema = z.object({
  users: z.array(
    z.object({ index: z.int(), name: z.string(), walletId: z.int(), balance: z.int(), currency: z.string() }),
  ),
  /** Spots that can be picked instead of scanning. */
  spots: z.array(z.object({ code: z.string(), title: z.string() })),
  /** Where the user is checked in. */
  spot: z
    .object({
      id: z.int(),
      code: z.string(),
      status: z.string(),
      title: z.string(),
      orders: z.array(
        z.object({
          id: z.int(),
          status: z.string(),
          transactionKey: z.string(),
          description: z.string(),
          price: z.int(),
          currency: z.string(),
        }),
      ),
    })
    .nullable(),
  /** What the user has accepted, newest first, with the state of its transaction: the app's own list of payments. */
  payments: z.array(
    z.object({
      transactionKey: z.string(),
      status: z.string(),
      description: z.string(),
      price: z.int(),
      currency: z.string(),
    }),
  ),
});
export type PhoneState = z.infer<typeof phoneStateSchema>;

const user = z.int().min(0);
const bodies = {
  'check-in': z.strictObject({ user, code: z.string().min(1).max(200) }),
  'check-out': z.strictObject({ user }),
  pay: z.strictObject({ user, transactionKey: z.string() }),
  refuse: z.strictObject({ user, transactionKey: z.string() }),
};

function userAt(world: World, index: number): User {
  const found = world.users[index];
  if (!found) throw new ApiError('not_found', 'There is no such user');
  return found;
}

/** The endpoints of the phone page: they act as the chosen user's app would, without signatures in the browser. */
export function phoneRoutes(server: FastifyInstance, world: World): void {
  server.get('/phone/api/state', (request) => {
    const { user: index } = request.query as { user?: string };
    return phoneState(world, userAt(world, Number(index ?? 0)));
  });
  server.post('/phone/api/check-in', (request) => {
    const { user: index, code } = parsed(bodies['check-in'], request.body);
    const acting = userAt(world, index);
    world.checkIn(acting, world.spotByCode(code).id);
    return phoneState(world, acting);
  });
  server.post('/phone/api/check-out', (request) => {
    const acting = userAt(world, parsed(bodies['check-out'], request.body).user);
    if (acting.spotId !== null) world.checkOut(acting, acting.spotId);
    return phoneState(world, acting);
  });
  server.post('/phone/api/pay', (request) => {
    const { user: index, transactionKey } = parsed(bodies.pay, request.body);
    const acting = userAt(world, index);
    world.reserve(acting, transactionKey);
    return phoneState(world, acting);
  });
  server.post('/phone/api/refuse', (request) => {
    const { user: index, transactionKey } = parsed(bodies.refuse, request.body);
    world.reject(transactionKey);
    return phoneState(world, userAt(world, index));
  });
}

function phoneState(world: World, acting: User): PhoneState {
  world.advance();
  const spot = acting.spotId === null ? undefined : world.spots.get(acting.spotId);
  return {
    users: world.users.map(({ index, name, walletId, balance, locked, currency }) => ({
      index,
      name,
      walletId,
      balance: balance - locked,
      currency,
    })),
    spots: [...world.spots.values()].map(({ code, title }) => ({ code, title })),
    spot: spot
      ? { id: spot.id, code: spot.code, status: spot.status, title: spot.title, orders: phoneOrders(world, spot.id) }
      : null,
    payments: acceptedBy(world, acting),
  };
}

const paymentsShown = 20;
const toldByTransaction: readonly string[] = ['rejected', ...heldStatuses];

function acceptedBy(world: World, { walletId }: User): PhoneState['payments'] {
  return [...world.transactions.values()]
    .filter(({ payer }) => payer === walletId)
    .reverse()
    .slice(0, paymentsShown)
    .map((transaction) => ({
      transactionKey: transaction.key,
      status: transaction.status,
      description: transaction.payments[0]?.description ?? '',
      price: totalOf(transaction),
      currency: transaction.payments[0]?.currency ?? '',
    }));
}

function phoneOrders(world: World, spotId: number) {
  return world.ordersOf(spotId).flatMap(({ id, status, transactionKey }) => {
    const transaction = world.transactions.get(transactionKey);
    const [payment] = transaction?.payments ?? [];
    if (!transaction || !payment) return [];
    // A transaction that was refused, or that waits for something, tells the payer more than its order does.
    const shown = toldByTransaction.includes(transaction.status) ? transaction.status : status;
    return [
      {
        id,
        status: shown,
        transactionKey,
        description: payment.description,
        price: totalOf(transaction),
        currency: payment.currency,
      },
    ];
  });
}
