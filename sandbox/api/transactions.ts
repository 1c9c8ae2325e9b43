import type { Switches } from '../switches.ts';
import { ApiError, type Transaction, type User } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { listAnswer, transactionAnswer, type Json } from './answers.ts';
import { newTransactionFrom, pricesFrom } from './bodies.ts';
import { pageOf, wholeNumber } from './query.ts';
import type { Asked, Routes } from './routes.ts';

/** Transactions of either side (api.md 7, 8.4). */
export function transactionRoutes(routes: Routes, world: World): void {
  const key = (asked: Asked) => asked.parameter('key');
  const answerAs = (form: Switches['confirmAnswer'], transaction: Transaction): Json | undefined => {
    if (form === 'nothing') return undefined;
    return form === 'transaction' ? transactionAnswer(world, transaction) : {};
  };
  const reserve = (asked: Asked, user: User): Json | undefined => {
    const wallet = asked.parameter('wallet') || 'me';
    if (wallet !== 'me' && wallet !== String(user.walletId)) throw new ApiError('forbidden', 'Not your wallet');
    return answerAs(world.switches.reserveAnswer, world.reserve(user, key(asked)));
  };
  routes.user('PUT', '/transaction/:key/reserve', reserve);
  routes.user('PUT', '/transaction/:key/reserve/:wallet', reserve);
  routes.anyone('GET', '/transaction/:key', (asked) => transactionAnswer(world, world.transaction(key(asked))));
  routes.merchant('GET', '/transactions', (asked) => listTransactions(world, asked));
  routes.merchant(
    'POST',
    '/transaction',
    (asked) => transactionAnswer(world, world.createTransaction(newTransactionFrom(asked.body, asked.moment))),
    { money: true },
  );
  routes.merchant('PUT', '/transaction/:key/confirm', (asked) => confirm(world, asked, answerAs), { money: true });
  routes.merchant('DELETE', '/transaction/:key', (asked) =>
    answerAs(world.switches.deleteAnswer, world.deleteTransaction(key(asked))),
  );
  routes.merchant('POST', '/transaction/renew/:key', (asked) =>
    answerAs(world.switches.renewAnswer, world.renew(key(asked))),
  );
}

function confirm(
  world: World,
  asked: Asked,
  answerAs: (form: Switches['confirmAnswer'], transaction: Transaction) => Json | undefined,
): Json | undefined {
  const transaction = world.transaction(asked.parameter('key'));
  const lowered = pricesFrom(asked.body);
  for (const [id, { currency }] of lowered) {
    const payment = transaction.payments.find((each) => each.id === id);
    if (currency !== undefined && payment?.currency !== currency) {
      throw new ApiError('invalid_parameters', 'Currency of a payment cannot be changed');
    }
  }
  const prices = new Map([...lowered].map(([id, { price }]) => [id, price]));
  return answerAs(world.switches.confirmAnswer, world.confirm(transaction.key, prices));
}

/** Newest first. */
function listTransactions(world: World, { query }: Asked): Json {
  world.advance();
  const statuses = query.get('status')?.split(',').filter(Boolean) ?? [];
  const from = wholeNumber(query, 'from') ?? 0;
  const to = wholeNumber(query, 'to') ?? Number.POSITIVE_INFINITY;
  const wanted: readonly [keyof Transaction, number | undefined][] = [
    ['payer', wholeNumber(query, 'wallet')],
    ['projectId', wholeNumber(query, 'project_id')],
    ['locationId', wholeNumber(query, 'location_id')],
  ];
  const found = [...world.transactions.values()].filter((each) => {
    const created = Math.floor(each.createdAt / 1000);
    return (
      (statuses.length === 0 || statuses.includes(each.status)) &&
      created >= from &&
      created <= to &&
      wanted.every(([name, value]) => value === undefined || each[name] === value)
    );
  });
  return listAnswer(
    'transactions',
    found.reverse().map((each) => transactionAnswer(world, each)),
    pageOf(query, { usual: world.switches.defaultPage, most: 200 }),
  );
}
