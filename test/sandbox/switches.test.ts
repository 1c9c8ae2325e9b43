/** Every open question of the API, answered each way. */
import { describe, expect, it } from 'vitest';
import { likeliest, switchesSchema, type Switches } from '../../sandbox/switches.ts';
import { bill, CODE, makeTransaction, offer, part, reserved, startScene, textPart, type Scene } from './scene.ts';

type Name = keyof Switches;
/** What is seen with each setting. */
type Rows = readonly (readonly [setting: unknown, seen: unknown])[];
type Look = (scene: Scene) => unknown;

const encoded = encodeURIComponent(CODE);
const spotPath = (scene: Scene) => `/spot/${String(scene.spotId())}`;
const statusOf = async (call: Promise<{ status: number }>) => (await call).status;
const bodyKinds: Rows = [
  ['transaction', 'a body with its status'],
  ['empty_object', '{}'],
  ['nothing', ''],
];
const bodyKind = ({ text, json }: { text: string; json: unknown }) =>
  typeof json === 'object' && json !== null && 'status' in json ? 'a body with its status' : text;

/** How many requests of so many are let in. */
async function letIn({ merchant }: Scene, count: number): Promise<number> {
  let right = 0;
  for (let each = 0; each < count; each += 1) {
    const { status } = await merchant('GET', '/transactions');
    if (status === 200) right += 1;
  }
  return right;
}

const cases: Readonly<Record<Name, { readonly rows: Rows; readonly look: Look }>> = {
  merchantMayReadSpots: {
    rows: [
      [true, 200],
      [false, 403],
    ],
    look: ({ merchant }) => statusOf(merchant('GET', `/spot?code=${encoded}`)),
  },
  extIds: {
    rows: [
      ['optional', [200, 200, 200]],
      ['for_transactions', [200, 403, 200]],
      ['for_all', [403, 403, 200]],
    ],
    look: async ({ merchant }) => [
      await statusOf(merchant('GET', '/spots')),
      await statusOf(merchant('POST', '/transaction', bill())),
      await statusOf(merchant('POST', '/transaction', bill(), { ext: 'project_id=77&location_id=3' })),
    ],
  },
  clockToleranceSeconds: {
    rows: [
      [300, 200],
      [30, 401],
    ],
    look: ({ merchant, sandbox }) =>
      statusOf(merchant('GET', '/spots', undefined, { ts: Math.floor(sandbox.world.now() / 1000) - 31 })),
  },
  replayedNonce: {
    rows: [
      ['unauthorized', 'unauthorized'],
      ['invalid_timestamp', 'invalid_timestamp'],
      ['accepted', undefined],
    ],
    look: async ({ merchant }) => {
      await merchant('GET', '/spots', undefined, { nonce: 'abc' });
      return part(await merchant('GET', '/spots', undefined, { nonce: 'abc' }), 'error');
    },
  },
  enforceLimits: {
    rows: [
      [false, 62],
      [true, 60],
    ],
    look: (scene) => letIn(scene, 62),
  },
  limitPerMinute: {
    rows: [
      [60, [5, 5]],
      [3, [3, 3]],
    ],
    look: async (scene) => {
      scene.sandbox.world.switches.enforceLimits = true;
      const first = await letIn(scene, 5);
      scene.later(60_000);
      return [first, await letIn(scene, 5)];
    },
  },
  limitPerHour: {
    rows: [
      [1000, [5, 5, 5]],
      [7, [5, 2, 5]],
    ],
    look: async (scene) => {
      scene.sandbox.world.switches.enforceLimits = true;
      const first = await letIn(scene, 5);
      scene.later(60_000);
      const second = await letIn(scene, 5);
      scene.later(3_540_000);
      return [first, second, await letIn(scene, 5)];
    },
  },
  retryAfterOn429: {
    rows: [
      [false, [429, 'rate_limit_exceeded', null]],
      [true, [429, 'rate_limit_exceeded', '50']],
    ],
    look: async (scene) => {
      Object.assign(scene.sandbox.world.switches, { enforceLimits: true, limitPerMinute: 1 });
      await scene.merchant('GET', '/spots');
      scene.later(10_000);
      const refused = await scene.merchant('GET', '/spots');
      return [refused.status, part(refused, 'error'), refused.headers.get('retry-after')];
    },
  },
  openSpelling: {
    rows: [
      ['open', 'open'],
      ['opened', 'opened'],
    ],
    look: async (scene) => {
      await offer(scene);
      return part(await scene.merchant('GET', spotPath(scene)), 'status');
    },
  },
  identifierCase: {
    rows: [
      ['insensitive', ['table 7', true]],
      ['sensitive', ['Table 7', false]],
    ],
    look: async ({ user }) => {
      const [first, second] = [
        await user('GET', '/spot?code=PAYSERA*3%3ATable%207'),
        await user('GET', '/spot?code=PAYSERA*3%3ATABLE%207'),
      ];
      return [part(first, 'identifier'), part(first, 'id') === part(second, 'id')];
    },
  },
  nonAsciiIdentifiers: {
    rows: [
      [true, 200],
      [false, 400],
    ],
    look: ({ user }) => statusOf(user('GET', '/spot?code=PAYSERA*3%3A%C5%BD')),
  },
  longestIdentifier: {
    rows: [
      [64, 200],
      [6, 400],
    ],
    look: ({ user }) => statusOf(user('GET', '/spot?code=PAYSERA*3%3ATABLE12')),
  },
  placeInfoLocationId: {
    rows: [
      [true, 3],
      [false, undefined],
    ],
    look: async ({ user }) => part(await user('GET', `/spot?code=${encoded}`), 'place_info', 'location_id'),
  },
  checkInOnOpen: {
    rows: [
      ['unchanged', 'open'],
      ['waiting', 'waiting'],
    ],
    look: async (scene) => {
      await offer(scene);
      return part(await scene.secondUser('PUT', `${spotPath(scene)}/check-in`), 'status');
    },
  },
  checkInTimeoutSeconds: {
    rows: [
      [null, 'waiting'],
      [60, 'closed'],
    ],
    look: async (scene) => {
      await scene.user('PUT', `${spotPath(scene)}/check-in`);
      scene.later(60_000);
      return part(await scene.merchant('GET', spotPath(scene)), 'status');
    },
  },
  lastCheckOutClosesPending: {
    rows: [
      [true, 'closed'],
      [false, 'pending'],
    ],
    look: async (scene) => {
      const { order } = await offer(scene);
      await scene.user('PUT', `${spotPath(scene)}/check-out`);
      return part(await scene.merchant('GET', `/order/${order}`), 'status');
    },
  },
  reservedOrderOnClose: {
    rows: [
      ['stays', 'reserved'],
      ['closed', 'closed'],
    ],
    look: async (scene) => {
      const { order } = await reserved(scene);
      await scene.merchant('PUT', `${spotPath(scene)}/close`);
      return part(await scene.merchant('GET', `/order/${order}`), 'status');
    },
  },
  settledOrders: {
    rows: [
      ['leave_on_next_visit', [1, 0]],
      ['leave_on_close', [0, 0]],
      ['stay', [1, 1]],
    ],
    look: async (scene) => {
      await offer(scene);
      const count = (answer: unknown) => (Array.isArray(answer) ? answer.length : -1);
      const closed = await scene.merchant('PUT', `${spotPath(scene)}/close`);
      const visited = await scene.user('PUT', `${spotPath(scene)}/check-in`);
      return [count(part(closed, 'orders')), count(part(visited, 'orders'))];
    },
  },
  strictStatusFilter: {
    rows: [
      [false, [200, 200]],
      [true, [200, 400]],
    ],
    look: async ({ merchant }) => [
      await statusOf(merchant('GET', '/spots?status=open')),
      await statusOf(merchant('GET', '/spots?status=opened')),
    ],
  },
  statusLists: {
    rows: [
      [true, 200],
      [false, 400],
    ],
    look: ({ merchant }) => statusOf(merchant('GET', '/spots?status=waiting,open')),
  },
  locationFilter: {
    rows: [
      ['honoured', 0],
      ['ignored', 1],
    ],
    look: async (scene) => {
      scene.spotId();
      return part(await scene.merchant('GET', '/spots?location_id=4'), '_metadata', 'total');
    },
  },
  spotsOf: {
    rows: [
      ['project', 2],
      ['location', 1],
    ],
    look: async (scene) => {
      scene.spotId();
      scene.sandbox.world.locations.add(4);
      scene.sandbox.world.spotByCode('PAYSERA*4:TABLE1');
      return part(await scene.merchant('GET', '/spots'), '_metadata', 'total');
    },
  },
  ordersInLists: {
    rows: [
      [false, undefined],
      [true, 'pending'],
    ],
    look: async (scene) => {
      await offer(scene);
      return part(await scene.merchant('GET', '/spots'), 'spots', 0, 'orders', 0, 'status');
    },
  },
  defaultPage: {
    rows: [
      [20, 20],
      [5, 5],
    ],
    look: async ({ merchant }) => part(await merchant('GET', '/spots'), '_metadata', 'limit'),
  },
  longestPage: {
    rows: [
      [100, [200, 20]],
      [10, [400, 10]],
    ],
    look: async ({ merchant }) => [
      await statusOf(merchant('GET', '/spots?limit=11')),
      part(await merchant('GET', '/spots'), '_metadata', 'limit'),
    ],
  },
  embedTransactions: {
    rows: [
      [true, 'new'],
      [false, undefined],
    ],
    look: async (scene) => {
      await offer(scene);
      const path = `${spotPath(scene)}?fields=*,orders.transaction`;
      return part(await scene.merchant('GET', path), 'orders', 0, 'transaction', 'status');
    },
  },
  closedSpotTakesOrders: {
    rows: [
      ['opens', [200, 'open']],
      ['stays', [200, 'closed']],
      ['refused', [409, 'closed']],
    ],
    look: async (scene) => {
      const key = await makeTransaction(scene);
      const status = await statusOf(scene.merchant('POST', `${spotPath(scene)}/order`, { transaction_key: key }));
      return [status, part(await scene.merchant('GET', spotPath(scene)), 'status')];
    },
  },
  orderAfterRevoke: {
    rows: [
      ['closed', 'closed'],
      ['pending', 'pending'],
    ],
    look: async (scene) => {
      const { key, order } = await reserved(scene);
      await scene.merchant('DELETE', `/transaction/${key}`);
      return part(await scene.merchant('GET', `/order/${order}`), 'status');
    },
  },
  orderChange: {
    rows: [
      ['leaves_transaction', ['reserved', 'new', 100_000 - 4512]],
      ['deletes_transaction', ['revoked', 'deleted', 100_000]],
    ],
    look: async (scene) => {
      const { key, order } = await reserved(scene);
      const next = await makeTransaction(scene);
      await scene.merchant('PUT', `/order/${order}`, { transaction_key: next });
      await scene.merchant('DELETE', `/order/${order}`);
      const [user] = scene.sandbox.world.users;
      return [
        part(await scene.merchant('GET', `/transaction/${key}`), 'status'),
        part(await scene.merchant('GET', `/transaction/${next}`), 'status'),
        (user?.balance ?? 0) - (user?.locked ?? 0),
      ];
    },
  },
  deletedOrder: {
    rows: [
      ['gone', undefined],
      ['closed', 'closed'],
    ],
    look: async (scene) => {
      const { order } = await offer(scene);
      await scene.merchant('DELETE', `/order/${order}`);
      return part(await scene.merchant('GET', `/order/${order}`), 'status');
    },
  },
  deleteOrderAnswer: {
    rows: [
      ['order', 'a body with its status'],
      ['empty_object', '{}'],
      ['nothing', ''],
    ],
    look: async (scene) => bodyKind(await scene.merchant('DELETE', `/order/${(await offer(scene)).order}`)),
  },
  orderUserId: {
    rows: [
      [false, undefined],
      [true, '20000'],
    ],
    look: async (scene) => part(await scene.merchant('GET', `/order/${(await reserved(scene)).order}`), 'user_id'),
  },
  inlineFields: {
    rows: [
      ['all', 900],
      ['payments_only', 86_400],
    ],
    look: async (scene) => {
      const made = await scene.merchant('POST', `${spotPath(scene)}/order`, { transaction: bill() });
      const key = textPart(made, 'transaction_key');
      return part(await scene.merchant('GET', `/transaction/${key}`), 'reserve', 'for');
    },
  },
  confirmAnswer: {
    rows: bodyKinds,
    look: async (scene) => bodyKind(await scene.merchant('PUT', `/transaction/${(await reserved(scene)).key}/confirm`)),
  },
  deleteAnswer: {
    rows: bodyKinds,
    look: async (scene) => bodyKind(await scene.merchant('DELETE', `/transaction/${(await offer(scene)).key}`)),
  },
  reserveAnswer: {
    rows: bodyKinds,
    look: async (scene) => bodyKind(await scene.user('PUT', `/transaction/${(await offer(scene)).key}/reserve`)),
  },
  renewAnswer: {
    rows: bodyKinds,
    look: async (scene) => {
      const { key } = await offer(scene);
      await scene.merchant('DELETE', `/transaction/${key}`);
      return bodyKind(await scene.merchant('POST', `/transaction/renew/${key}`));
    },
  },
  secondConfirm: {
    rows: [
      [409, [409, 95_488]],
      [200, [200, 95_488]],
    ],
    look: async (scene) => {
      const path = `/transaction/${(await reserved(scene)).key}/confirm`;
      await scene.merchant('PUT', path);
      return [await statusOf(scene.merchant('PUT', path)), scene.sandbox.world.users[0]?.balance];
    },
  },
  expiredStatus: {
    rows: [
      ['revoked', 'revoked'],
      ['failed', 'failed'],
    ],
    look: async (scene) => {
      const { key } = await reserved(scene);
      scene.later(900_000);
      return part(await scene.merchant('GET', `/transaction/${key}`), 'status');
    },
  },
  defaultReserveSeconds: {
    rows: [
      [86_400, 86_400],
      [2_592_000, 2_592_000],
    ],
    look: async (scene) => {
      const key = await makeTransaction(scene, { payments: bill().payments });
      return part(await scene.merchant('GET', `/transaction/${key}`), 'reserve', 'for');
    },
  },
  monthOldTransactions: {
    rows: [
      ['deleted', 'deleted'],
      ['not_found', undefined],
    ],
    look: async (scene) => {
      const key = await makeTransaction(scene);
      scene.later(30 * 86_400_000);
      return part(await scene.merchant('GET', `/transaction/${key}`), 'status');
    },
  },
  shortOfFunds: {
    rows: [
      ['refused', [409, 'new', 'pending']],
      ['waiting_funds', [200, 'waiting_funds', 'pending']],
    ],
    look: async (scene) => {
      const { key, order } = await offer(scene, bill(100_001));
      return [
        await statusOf(scene.user('PUT', `/transaction/${key}/reserve`)),
        part(await scene.merchant('GET', `/transaction/${key}`), 'status'),
        part(await scene.merchant('GET', `/order/${order}`), 'status'),
      ];
    },
  },
  pricesAs: {
    rows: [
      ['both', [4512, '45.12']],
      ['price', [4512, undefined]],
      ['decimal', [undefined, '45.12']],
    ],
    look: async ({ merchant }) => {
      const made = await merchant('POST', '/transaction', bill());
      return [part(made, 'payments', 0, 'price'), part(made, 'payments', 0, 'price_decimal')];
    },
  },
  nullOptionals: {
    rows: [
      [false, undefined],
      [true, null],
    ],
    look: async ({ merchant }) => part(await merchant('POST', '/transaction', bill()), 'wallet'),
  },
  longestDescription: {
    rows: [
      [255, 200],
      [5, 400],
    ],
    look: ({ merchant }) => statusOf(merchant('POST', '/transaction', bill())),
  },
  largestPrice: {
    rows: [
      [1_000_000_000, 200],
      [4511, 400],
    ],
    look: ({ merchant }) => statusOf(merchant('POST', '/transaction', bill())),
  },
};

const names = Object.keys(likeliest) as Name[];
const settings = names.flatMap((name) => cases[name].rows.map(([setting, seen]) => [name, setting, seen] as const));

describe('the switches', () => {
  it.each(names)('%s: what happens by default comes first, and every setting that can be listed is tried', (name) => {
    const { rows } = cases[name];
    expect(rows[0]?.[0]).toBe(likeliest[name]);
    const inner = switchesSchema.shape[name].unwrap();
    const listed = 'options' in inner && inner.def.type === 'enum' ? inner.options.length : 2;
    expect(rows).toHaveLength(listed);
  });

  it.each(settings)('%s set to %j', async (name, setting, seen) => {
    const scene = await startScene({ switches: switchesSchema.parse({ [name]: setting }) });
    expect(await cases[name].look(scene)).toEqual(seen);
  });
});
