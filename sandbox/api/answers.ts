import { decimalFromMinorUnits, minorUnits } from '../../src/shared/money.ts';
import type { Switches } from '../switches.ts';
import type { Order, Payment, Spot, Transaction } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** The world's things as the API's JSON (api.md 6). */

export type Json = Record<string, unknown>;

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** Absent optional elements are left out, or null where the switch says so. */
function optional(switches: Switches, elements: Json): Json {
  const present = Object.entries(elements).filter(([, value]) => value !== null || switches.nullOptionals);
  return Object.fromEntries(present);
}

function paymentAnswer(switches: Switches, payment: Payment, transaction: Transaction): Json {
  const cents = switches.pricesAs !== 'decimal' ? { price: payment.price } : {};
  const decimal =
    switches.pricesAs !== 'price' ? { price_decimal: decimalFromMinorUnits(minorUnits(payment.price)) } : {};
  return {
    id: payment.id,
    transaction_key: transaction.key,
    created_at: seconds(transaction.createdAt),
    // Confirmed money that nobody froze is finished at once; until then both statuses are named alike (api.md 6.5).
    status: transaction.status === 'confirmed' ? 'done' : transaction.status,
    ...cents,
    ...decimal,
    currency: payment.currency,
    description: payment.description,
    ...optional(switches, { parameters: payment.parameters ?? null, items: payment.items ?? null }),
    cancelable: false,
    freeze: { for: 0 },
    freeze_for: 0,
  };
}

export function transactionAnswer({ switches }: World, transaction: Transaction): Json {
  const { reserveForMs, reserveUntil, confirmedAt, payer } = transaction;
  return {
    transaction_key: transaction.key,
    created_at: seconds(transaction.createdAt),
    status: transaction.status,
    ...optional(switches, {
      type: payer === null ? null : 'page',
      wallet: payer,
      confirmed_at: confirmedAt === null ? null : seconds(confirmedAt),
      project_id: transaction.projectId,
      location_id: transaction.locationId,
    }),
    ...(transaction.callbackUri === null ? {} : { callback_uri: transaction.callbackUri }),
    reserve: reserveUntil === null ? { for: seconds(reserveForMs) } : { until: seconds(reserveUntil) },
    auto_confirm: transaction.autoConfirm,
    use_allowance: true,
    suggest_allowance: false,
    payments: transaction.payments.map((payment) => paymentAnswer(switches, payment, transaction)),
    inquiries: [],
  };
}

/** What a caller asked to have embedded: `fields=*,orders.transaction` (api.md 4). */
export function wantsTransactions(switches: Switches, fields: string | null): boolean {
  return (
    switches.embedTransactions && (fields ?? '').split(',').some((field) => field.startsWith('orders.transaction'))
  );
}

/** Only the elements that `fields` names; all of them when it says `*` or is missing. */
export function selected(answer: Json, fields: string | null): Json {
  const names = (fields ?? '*').split(',').map((field) => field.split('.')[0] ?? '');
  if (names.includes('*')) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => names.includes(name)));
}

export function orderAnswer(world: World, order: Order, embed = false): Json {
  const transaction = world.transactions.get(order.transactionKey);
  const payer = transaction?.payer;
  return {
    id: order.id,
    transaction_key: order.transactionKey,
    status: order.status,
    ...(world.switches.orderUserId && typeof payer === 'number' ? { user_id: String(payer) } : {}),
    ...(embed && transaction ? { transaction: transactionAnswer(world, transaction) } : {}),
  };
}

export function spotAnswer(world: World, spot: Spot, more: { orders: boolean; embed?: boolean }): Json {
  const { switches } = world;
  const orders = world.ordersOf(spot.id).map((order) => orderAnswer(world, order, more.embed));
  return {
    id: spot.id,
    status: spot.status === 'open' ? switches.openSpelling : spot.status,
    identifier: spot.identifier,
    place_info: {
      title: spot.title,
      description: 'Sandbox',
      address: 'Pilies g. 1, Vilnius',
      ...optional(switches, { logo_uri: null }),
      ...(switches.placeInfoLocationId ? { location_id: spot.locationId } : {}),
    },
    ...(more.orders ? { orders } : {}),
  };
}

/** A page of a list with its metadata. */
export function listAnswer(name: string, items: readonly Json[], page: { limit: number; offset: number }): Json {
  return {
    [name]: items.slice(page.offset, page.offset + page.limit),
    _metadata: { total: items.length, offset: page.offset, limit: page.limit },
  };
}
