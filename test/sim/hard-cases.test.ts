import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Table } from './table.ts';

/**
 * The hard cases, each played at a whole table: the terminal's own code and journal against the sandbox's state machines,
 * in simulated time. Each ends in a named state, with a sentence for staff, and with terminal, journal and API agreeing.
 */

const minute = 60_000;
const hour = 60 * minute;

let table: Table;
afterEach(() => {
  table.process.remove();
});

const sentences = ['en', 'lt'].map((language) => {
  const url = new URL(`../../src/renderer/src/i18n/${language}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { attention: Record<string, string> }).attention;
});

/** Staff are told exactly this, and there is a sentence for each in both languages. */
function expectTold(...codes: readonly string[]): void {
  expect(table.told).toEqual([...codes].sort());
  for (const code of codes) for (const attention of sentences) expect(attention[code], code).toMatch(/\S/);
}

/** Nothing that may not happen has happened, and everybody agrees. */
async function expectPeace(): Promise<void> {
  expect(await table.disagreements()).toEqual([]);
  expect(table.witness.violation).toBeUndefined();
}

const confirms = { method: 'PUT', path: /\/confirm$/ } as const;
const readsTransaction = { method: 'GET', path: /\/transaction\/|\/spot\// } as const;

describe('a transaction that is changed', () => {
  it('between the reservation and its reading: the money goes back, and staff see both amounts', async () => {
    table = await new Table().open();
    const id = await table.offered(650);
    table.reserve(id);
    table.world.changeAmount(table.transactionOf(id).key, 100);
    await table.billIs(id, 'refused');
    expect(table.bill(id)?.reason).toBe('amount_differs');
    expectTold('payment_differs');
    expect(table.staff.attention[0]?.details).toMatchObject({ expected: '650 EUR', found: '100 EUR' });
    await expectPeace();
    expect(table.transactionOf(id).status).toBe('revoked');
  });

  it('between being seen reserved and being read again', async () => {
    table = await new Table().open();
    const id = await table.offered(650);
    const { key } = table.transactionOf(id);
    table.reserve(id);
    await table.billIs(id, 'checking');
    table.world.changeAmount(key, 651);
    await table.billIs(id, 'refused');
    expectTold('payment_differs');
    await expectPeace();
  });

  it('between the comparison and the confirmation: never shown as paid, and staff are told what was taken', async () => {
    table = await new Table().open();
    const id = await table.offered(650);
    table.plan({ ...confirms, times: 1, before: () => table.world.changeAmount(table.transactionOf(id).key, 600) });
    table.reserve(id);
    await table.billIs(id, 'refused');
    expect(table.bill(id)?.reason).toBe('confirmed_differs');
    expectTold('confirmed_differs');
    await expectPeace();
    expect(table.witness.papers).toEqual([]);
  });

  it('between the confirmation and the read-back: only what is read back counts', async () => {
    table = await new Table().open();
    const id = await table.offered(650);
    const lower = () => {
      const [payment] = table.transactionOf(id).payments;
      if (payment) payment.price = 1;
    };
    table.plan({ ...confirms, times: 1, after: lower });
    table.reserve(id);
    await table.billIs(id, 'refused');
    expectTold('confirmed_differs');
    expect(table.witness.papers).toEqual([]);
  });
});

describe('a confirmation', () => {
  const answers = {
    'is answered by 409 although it worked': { answer: { status: 409, text: '{"error":"invalid_state"}', done: true } },
    'is answered by {}': { answer: { status: 200, text: '{}', done: true } },
    'is answered by 500 after the work was done': { answer: { status: 500, text: 'oops', done: true } },
    'is answered by a web page after the work was done': { answer: { status: 502, text: '<html>', done: true } },
    'has its answer lost': { fate: 'answerLost' },
    'runs into a time-out and works later': { fate: 'late' },
    'is lost on its way': { fate: 'requestLost' },
    'arrives twice': { fate: 'twice' },
  } as const;
  for (const [name, plan] of Object.entries(answers)) {
    it(`${name}: paid once it is read as confirmed, on one receipt`, async () => {
      table = await new Table().open();
      const id = await table.offered();
      table.plan({ ...confirms, times: 1, ...plan });
      table.reserve(id);
      await table.billIs(id, 'paid', 2 * minute);
      expectTold();
      await expectPeace();
      expect(table.transactionOf(id).status).toBe('confirmed');
      expect(table.witness.papers).toEqual([{ receiptNumber: 1, copy: false }]);
    });
  }

  it('is refused for a while: staff are told, the customer sees that it is being checked, and it goes on', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.plan({ ...confirms, times: 3, answer: { status: 409, text: '{"error":"invalid_state"}', done: false } });
    table.reserve(id);
    await table.until('staff are told', () => table.told.includes('confirm_refused'));
    expectTold('confirm_refused');
    expect(table.snapshot.customer.view).toBe('checking');
    await table.billIs(id, 'paid', 2 * minute);
    expectTold();
    await expectPeace();
  });
});

describe('cash', () => {
  it('is taken while the customer reserves: the reservation goes back, the bill is paid once', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.reserve(id);
    table.witness.saidPaidOtherwise(id);
    await table.does('payBillOtherwise', { billId: id, how: 'cash' });
    await table.billIs(id, 'paid');
    expect(table.bill(id)?.paid?.how).toBe('cash');
    expectTold('money_returned');
    await expectPeace();
    expect(table.transactionOf(id).status).toBe('revoked');
    expect(table.customer()).toMatchObject({ balance: 100_000, locked: 0 });
  });

  it('is taken when the money was confirmed already: the wallet has won, and staff give the cash back', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.reserve(id);
    table.world.confirm(table.transactionOf(id).key);
    table.witness.saidPaidOtherwise(id);
    await table.does('payBillOtherwise', { billId: id, how: 'cash' });
    await table.billIs(id, 'paid');
    expect(table.bill(id)?.paid?.how).toBe('wallet');
    expectTold('wallet_won');
    await expectPeace();
    expect(table.witness.papers).toHaveLength(1);
  });
});

describe('money reserved for what is no longer wanted', () => {
  for (const what of ['withdrawn', 'edited'] as const) {
    it(`${what} a moment before: it goes back, and staff can explain it`, async () => {
      table = await new Table().open();
      const id = await table.offered();
      const { key } = table.transactionOf(id);
      table.world.reserve(table.customer(), key);
      const draft = { number: 'B1', lines: [{ title: 'Lunch', total: 700 }], total: 700, currency: 'EUR' as const };
      if (what === 'withdrawn') await table.does('withdrawBill', { billId: id });
      else await table.does('editBill', { billId: id, draft });
      await table.until('the money is back', () => table.world.transactions.get(key)?.status === 'revoked');
      await table.until('staff are told', () => table.told.length > 0);
      expectTold('money_returned');
      await expectPeace();
      expect(table.customer().locked).toBe(0);
    });
  }
});

it('two bills reserved at once are both paid, each on its own receipt', async () => {
  table = await new Table().open();
  const first = await table.offered(650);
  const second = await table.putIn(320);
  await table.billIs(second, 'offered');
  table.reserve(first);
  table.reserve(second, 1);
  await table.billIs(first, 'paid');
  await table.billIs(second, 'paid');
  await expectPeace();
  expect(table.witness.papers.map(({ receiptNumber }) => receiptNumber).sort()).toEqual([1, 2]);
});

describe('a reservation while Paysera is away', () => {
  it('nears its end: staff are warned; it ends: the bill is refused, and nobody says paid', async () => {
    table = await new Table({ settings: { reserveForSeconds: 300 } }).open();
    const id = await table.offered();
    table.plan({ ...confirms, fate: 'unreachable' });
    table.reserve(id);
    await table.billIs(id, 'checking');
    table.plan({ method: 'GET', path: /./, fate: 'unreachable' });
    await table.until('staff are warned', () => table.told.includes('reservation_expiring'), 5 * minute);
    expectTold('reservation_expiring');
    await table.pass(5 * minute);
    expect(table.bill(id)?.status).toBe('checking');
    table.network.plans.splice(0);
    await table.billIs(id, 'refused', 3 * minute);
    expect(table.bill(id)?.reason).toBe('reservation_expired');
    expectTold('reservation_expired');
    await expectPeace();
    expect(table.customer()).toMatchObject({ balance: 100_000, locked: 0 });
  });

  it('for 72 hours: the bill has expired by then, nothing hangs, and the terminal serves again at once', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.network.awayUntil = table.universe.elapsed + 72 * hour;
    table.reserve(id);
    await table.pass(hour);
    expect(table.snapshot.customer).toMatchObject({ view: 'unavailable', reason: 'api_unreachable' });
    await table.pass(71 * hour);
    await table.until('the terminal serves', () => table.snapshot.customer.view !== 'unavailable', 2 * minute);
    await expectPeace();
    expect(table.transactionOf(id).status).toBe('revoked');
    const next = await table.offered();
    table.reserve(next);
    await table.billIs(next, 'paid');
  }, 120_000);
});

describe('the spot', () => {
  it('is left by the last customer with an open bill: nobody else sees it, staff offer it again', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.world.checkOut(table.customer(), table.spotId);
    await table.billIs(id, 'refused');
    expect(table.bill(id)?.reason).toBe('order_closed');
    expectTold('order_closed');
    await expectPeace();
    table.world.checkIn(table.customer(1), table.spotId);
    await table.pass(10_000);
    expect(table.snapshot.customer).toMatchObject({ view: 'welcome', bills: [] });
    await table.does('offerBillAgain', { billId: id });
    await table.billIs(id, 'offered');
    table.reserve(id, 1);
    await table.billIs(id, 'paid');
    expectTold();
  });

  it('is closed and reopened by other merchant software: the same, and the terminal goes on', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.world.closeSpot(table.spotId);
    await table.billIs(id, 'refused');
    expectTold('order_closed');
    table.world.checkIn(table.customer(1), table.spotId);
    await table.until('somebody is seen', () => table.staff.spot.status === 'waiting');
    await table.does('withdrawBill', { billId: id });
    const next = await table.putIn();
    await table.billIs(next, 'offered');
    table.reserve(next, 1);
    await table.billIs(next, 'paid');
    await expectPeace();
  });

  it('loses an order to other software: staff are told and offer it again', async () => {
    table = await new Table().open();
    const id = await table.offered();
    const order = [...table.world.orders.values()].find(({ status }) => status === 'pending');
    table.world.deleteOrder(order?.id ?? 0);
    await table.billIs(id, 'refused');
    expect(table.bill(id)?.reason).toBe('order_gone');
    expectTold('order_gone');
    await expectPeace();
  });

  it('stays open after a kill in the middle of closing: it is closed after the restart', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.plan({ method: 'PUT', path: /\/close$/, times: 1, fate: 'requestLost', before: () => undefined });
    table.reserve(id);
    await table.billIs(id, 'paid');
    await table.until('closing has begun', () => table.process.state?.spot.closing.name === 'closing');
    table.process.kill();
    await table.pass(20_000);
    await expectPeace();
    expect(table.world.spot(table.spotId).status).toBe('closed');
  });

  it('cannot be closed: staff are told, and it is tried until it works', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.plan({ method: 'PUT', path: /\/close$/, answer: { status: 200, text: '{}', done: false } });
    table.reserve(id);
    await table.billIs(id, 'paid');
    await table.until('staff are told', () => table.told.includes('spot_stuck_open'), 5 * minute);
    expectTold('spot_stuck_open');
    table.network.plans.splice(0);
    await table.until('it is closed', () => table.staff.spot.status === 'closed', 3 * minute);
    expectTold();
    await expectPeace();
  });

  it('is opened again by an order of ours that arrives late: it is closed again, and nobody is told of anything', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.reserve(id);
    await table.until('it is closed', () => table.staff.spot.status === 'closed');
    table.world.createOrder(table.spotId, table.transactionOf(id).key);
    expect(table.world.spot(table.spotId).status).toBe('open');
    await table.until('it is closed again', () => table.world.spot(table.spotId).status === 'closed');
    expectTold();
    await expectPeace();
    expect(table.witness.papers).toEqual([{ receiptNumber: 1, copy: false }]);
  });

  it('is paid at before it was ever read as open: it is closed all the same', async () => {
    table = await new Table({ switches: { merchantMayReadSpots: false } }).open();
    const first = await table.offered();
    table.reserve(first);
    await table.until('it is closed', () => table.staff.spot.status === 'closed');
    table.plan({ method: 'GET', path: /\/spot/, fate: 'requestLost' });
    const id = await table.putIn();
    await table.billIs(id, 'offered');
    table.world.checkIn(table.customer(), table.spotId);
    table.reserve(id);
    await table.billIs(id, 'paid');
    await table.pass(20_000);
    expect(table.staff.spot.status).toBe('closed');
    expect(table.world.spot(table.spotId).status).not.toBe('closed');
    table.network.plans.splice(0);
    await table.until('it is closed', () => table.world.spot(table.spotId).status === 'closed');
    expectTold();
    await expectPeace();
  });

  it('was opened by a bill that was withdrawn, and nobody came: it is closed after a while', async () => {
    table = await new Table({ settings: { waitingCloseAfterMs: 10 * minute } }).open();
    const id = await table.putIn();
    await table.billIs(id, 'offered');
    await table.does('withdrawBill', { billId: id });
    await table.pass(12 * minute);
    expect(table.world.spot(table.spotId).status).toBe('closed');
    await expectPeace();
  });
});

it('a transaction that Paysera no longer knows: staff offer the bill again', async () => {
  table = await new Table({ switches: { monthOldTransactions: 'not_found' } }).open();
  const id = await table.offered();
  const gone = { status: 404, text: '{"error":"not_found"}', done: false };
  table.world.switches.embedTransactions = false;
  table.plan({ method: 'GET', path: /\/transaction\//, answer: gone });
  await table.billIs(id, 'refused');
  expect(table.bill(id)?.reason).toBe('transaction_gone');
  expectTold('transaction_gone');
  table.network.plans.splice(0);
  await table.does('offerBillAgain', { billId: id });
  await table.billIs(id, 'offered');
  table.reserve(id);
  await table.billIs(id, 'paid');
});

describe('a terminal that was replaced, with an empty journal', () => {
  for (const [name, switches] of [
    ['whose spot can be read', {}],
    ['whose spot can only be found in lists', { merchantMayReadSpots: false }],
  ] as const) {
    it(`${name}, finds an open order and reserved money: both go back, and staff put the bill in again`, async () => {
      table = await new Table({ switches }).open();
      const reserved = await table.offered(650);
      const open = await table.putIn(320);
      await table.billIs(open, 'offered');
      const keys = [reserved, open].map((id) => table.transactionOf(id).key);
      table.network.awayUntil = table.universe.elapsed + 5000;
      table.reserve(reserved);
      await table.replaceTerminal();
      await table.until('staff are told', () => table.told.length === 2, 2 * minute);
      expectTold('earlier_order', 'earlier_order');
      await expectPeace();
      const statuses = keys.map((key) => table.world.transactions.get(key)?.status);
      expect(statuses).toEqual(['revoked', 'deleted']);
      expect(table.customer()).toMatchObject({ balance: 100_000, locked: 0 });
      expect(table.staff.bills).toEqual([]);
    });
  }

  it('finds what was paid before: it is told of, and neither shown nor printed', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.reserve(id);
    await table.until('the receipt is out', () => table.witness.papers.length === 1);
    await table.replaceTerminal();
    await table.until('staff are told', () => table.told.length > 0);
    expectTold('earlier_paid');
    expect(table.witness.papers).toHaveLength(1);
    expect(table.snapshot.customer.bills).toEqual([]);
  });
});

describe('a journal whose last entries are lost', () => {
  it('with a payment in them that was printed: paid once, the second paper says COPY, no number is given twice', async () => {
    table = await new Table().open();
    const id = await table.offered();
    const disk = table.process.disk();
    table.reserve(id);
    await table.until('the receipt is out', () => table.witness.papers.length === 1);
    disk.comesBack();
    await table.until('the copy is out', () => table.witness.papers.length === 2, 2 * minute);
    expect(table.witness.papers.map(({ receiptNumber, copy }) => [receiptNumber, copy])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(table.customer()).toMatchObject({ balance: 100_000 - 650, locked: 0 });
    expectTold('journal_lost');
    expect(table.staff.attention[0]?.details).toMatchObject({ receipts: 1, firstReceipt: 1 });
    await expectPeace();
  });

  it('with a bill in them that is reserved: nobody knows it any more, and the money goes back', async () => {
    table = await new Table().open();
    const disk = table.process.disk();
    const id = await table.offered();
    const { key } = table.transactionOf(id);
    table.network.awayUntil = table.universe.elapsed + 5000;
    table.reserve(id);
    disk.comesBack();
    await table.until('staff are told', () => table.told.length === 2, 2 * minute);
    expectTold('earlier_order', 'journal_lost');
    await expectPeace();
    expect(table.world.transactions.get(key)?.status).toBe('revoked');
    expect(table.customer()).toMatchObject({ balance: 100_000, locked: 0 });
  });

  it('with all of a payment in them: staff are told of it, and the next receipt has the next number', async () => {
    table = await new Table().open();
    const disk = table.process.disk();
    const first = await table.offered();
    table.reserve(first);
    await table.until('the receipt is out', () => table.witness.papers.length === 1);
    disk.comesBack();
    await table.until('staff are told', () => table.told.length === 2, 2 * minute);
    expectTold('earlier_paid', 'journal_lost');
    const second = await table.putIn(320);
    await table.billIs(second, 'offered');
    table.reserve(second, 1);
    await table.until('the next receipt is out', () => table.witness.papers.length === 2, 2 * minute);
    expect(table.witness.papers[1]).toMatchObject({ receiptNumber: 2, copy: false });
    expect(table.customer()).toMatchObject({ balance: 100_000 - 650, locked: 0 });
    await expectPeace();
  });

  it('with staff’s cash in them: the bill is refused, and cannot be paid by wallet any more', async () => {
    table = await new Table().open();
    const id = await table.offered();
    const disk = table.process.disk();
    table.witness.saidPaidOtherwise(id);
    await table.does('payBillOtherwise', { billId: id, how: 'cash' });
    await table.billIs(id, 'paid');
    disk.comesBack();
    await table.until('staff are told', () => table.told.includes('journal_lost'), 2 * minute);
    // The transaction was taken back before the entries were lost: nothing can be paid twice.
    await table.billIs(id, 'refused', 2 * minute);
    await expectPeace();
  });
});

describe('an account that Paysera blocks with 429 for an hour in the middle of a payment', () => {
  for (const retryAfter of [true, false]) {
    it(`${retryAfter ? 'saying' : 'not saying'} for how long: nothing is sent meanwhile, then it is paid`, async () => {
      table = await new Table({ settings: { reserveForSeconds: 7200 } }).open();
      const id = await table.offered();
      table.reserve(id);
      await table.billIs(id, 'checking');
      table.api.blocked = { until: table.universe.now() + hour, retryAfter };
      await table.pass(10 * minute);
      expect(table.snapshot.customer.view).toBe('checking');
      expect(table.staff.health.api).toMatchObject({ status: 'failing', code: 'rate_limit_exceeded' });
      expect(table.staff.requests.pausedUntil).toBeGreaterThan(table.universe.now());
      await table.billIs(id, 'paid', hour + 16 * minute);
      await expectPeace();
    });
  }
});

describe('a clock that is a day off', () => {
  for (const days of [1, -1]) {
    it(`${days > 0 ? 'ahead' : 'behind'}: the payment is taken by Paysera's time, and staff are told of the clock`, async () => {
      table = new Table();
      table.process.wallOffsetMs = days * 24 * hour;
      await table.open();
      const id = await table.offered();
      table.reserve(id);
      await table.billIs(id, 'paid');
      expect(table.staff.health.clock).toMatchObject({ status: 'failing', code: 'clock_off' });
      const paidAt = table.bill(id)?.paid?.at ?? 0;
      expect(Math.abs(paidAt - table.universe.now())).toBeLessThan(minute);
      await expectPeace();
    });
  }

  it('and jumps with every restart in the middle of a payment: no wait is stranded, nothing expires early', async () => {
    table = await new Table().open();
    const id = await table.offered();
    table.network.awayUntil = table.universe.elapsed + 2 * minute;
    table.reserve(id);
    for (const offset of [86_400_000, -86_400_000, 40_000, -40_000, 0]) {
      table.process.wallOffsetMs = offset;
      table.process.kill();
      await table.pass(20_000);
    }
    await table.billIs(id, 'paid', 5 * minute);
    await expectPeace();
  });
});

it('a merchant key that is revoked while a payment is running: out of service, and paid once the key works again', async () => {
  table = await new Table().open();
  const id = await table.offered();
  table.plan({ ...confirms, answer: { status: 401, text: '{"error":"unauthorized"}', done: false } });
  table.plan({ ...readsTransaction, answer: { status: 401, text: '{"error":"unauthorized"}', done: false } });
  table.reserve(id);
  await table.until('the key is refused', () => table.staff.health.api.code === 'unauthorized');
  expect(table.snapshot.customer.reason ?? table.snapshot.customer.view).toMatch(/key_refused|checking/);
  await table.pass(2 * minute);
  expect(table.bill(id)?.status).not.toBe('paid');
  table.network.plans.splice(0);
  await table.billIs(id, 'paid', 3 * minute);
  expectTold();
  await expectPeace();
});

it('a disk that is full in the middle of a payment: nothing new is taken, and the payment ends right', async () => {
  table = await new Table().open();
  const id = await table.offered();
  table.process.diskFullUntil = table.universe.elapsed + minute;
  table.reserve(id);
  await table.pass(10_000);
  expect(table.snapshot.customer).toMatchObject({ view: 'unavailable', reason: 'journal_failed' });
  const draft = { number: 'B9', lines: [{ title: 'Tea', total: 200 }], total: 200, currency: 'EUR' as const };
  expect(await table.does('createBill', { draft })).toMatchObject({ ok: false, code: 'journal_failed' });
  expect(table.transactionOf(id).status).toBe('reserved');
  await table.billIs(id, 'paid', 3 * minute);
  await expectPeace();
});
