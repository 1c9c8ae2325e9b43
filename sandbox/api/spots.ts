import { ApiError, type Spot, type SpotStatus } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { listAnswer, selected, spotAnswer, wantsTransactions, type Json } from './answers.ts';
import { pageOf, wholeNumber } from './query.ts';
import type { Asked, Routes } from './routes.ts';

/** Spots, and what a scanned code means (api.md 7, 8.1, 8.2). */
export function spotRoutes(routes: Routes, world: World): void {
  const shown = (spot: Spot, { query }: Asked): Json => {
    const fields = query.get('fields');
    const answer = spotAnswer(world, spot, { orders: true, embed: wantsTransactions(world.switches, fields) });
    return selected(answer, fields);
  };
  routes.reader('GET', '/spot', (asked) => {
    const code = asked.query.get('code');
    if (!code) throw new ApiError('invalid_parameters', 'Code is required', { code: ['Value is missing'] });
    return shown(world.spotByCode(code), asked);
  });
  routes.reader('GET', '/spot/:id', (asked) => shown(world.spot(asked.id()), asked));
  routes.user('PUT', '/spot/:id/check-in', (asked, user) => shown(world.checkIn(user, asked.id()), asked));
  routes.user('PUT', '/spot/:id/check-out', (asked, user) => shown(world.checkOut(user, asked.id()), asked));
  routes.merchant('PUT', '/spot/:id/close', (asked) => shown(world.closeSpot(asked.id()), asked));
  routes.merchant('GET', '/spots', (asked) => listSpots(world, asked));
  routes.anyone('GET', '/code', ({ query }) => meaningOf(world, query.get('code') ?? ''));
}

function listSpots(world: World, { query }: Asked): Json {
  world.advance();
  const { locationFilter, spotsOf, ordersInLists, longestPage, defaultPage } = world.switches;
  const statuses = statusesOf(world, query.get('status'));
  const location = wholeNumber(query, 'location_id');
  const spots = [...world.spots.values()].filter(
    ({ status, locationId }) =>
      (statuses === undefined || statuses.includes(status)) &&
      (location === undefined || locationFilter === 'ignored' || locationId === location) &&
      (spotsOf === 'project' || locationId === world.locationId),
  );
  return listAnswer(
    'spots',
    spots.map((spot) => spotAnswer(world, spot, { orders: ordersInLists })),
    pageOf(query, { usual: defaultPage, most: longestPage }),
  );
}

/** The statuses that a list is filtered by; `opened` is read as `open` (api.md 16.1). */
function statusesOf({ switches }: World, asked: string | null): readonly SpotStatus[] | undefined {
  if (asked === null || asked === '') return undefined;
  const names = asked.split(',');
  const known = ['closed', 'waiting', ...(switches.strictStatusFilter ? [switches.openSpelling] : ['open', 'opened'])];
  if (names.some((name) => !known.includes(name)) || (names.length > 1 && !switches.statusLists)) {
    throw new ApiError('invalid_parameters', 'Unknown status', { status: ['Unknown status'] });
  }
  return names.map((name) => (name === 'opened' ? 'open' : (name as SpotStatus)));
}

const wrapper = 'https://paysera.com/app?qr=';

/** What a scanned text means (api.md 7, 13). */
function meaningOf(world: World, code: string): Json {
  const inner = code.startsWith(wrapper)
    ? (new URLSearchParams(code.slice(wrapper.indexOf('?'))).get('qr') ?? '')
    : code;
  if (inner.startsWith('PAYSERA%')) {
    return { type: 'transaction', parameters: { transaction_key: world.transaction(inner.slice(8)).key } };
  }
  if (inner.startsWith('PAYSERA*')) return { type: 'spot', parameters: { spot_id: world.spotByCode(inner).id } };
  const wallet = /^EVP(\d{12})$/.exec(inner)?.[1];
  if (wallet !== undefined) return { type: 'prefill', parameters: { beneficiary: { id: Number(wallet) } } };
  throw new ApiError('not_found', 'Code was not recognised');
}
