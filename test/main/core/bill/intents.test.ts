import { describe, expect, it } from 'vitest';
import { decide, newState } from '../../../../src/main/core/bill/decide.ts';
import type { CoreIntent, Happening } from '../../../../src/main/core/bill/event.ts';
import type { TerminalState } from '../../../../src/main/core/bill/state.ts';
import { baseOffer, begin, draft, key, order, run, settings, spot, spotRead, stateWith, transaction } from './world.ts';

const create = (more: Partial<Extract<CoreIntent, { type: 'createBill' }>> = {}): Happening => ({
  type: 'intent',
  intent: { type: 'createBill', billId: 'bill_1', source: 'staff', draft, idempotency: null, earlier: null, ...more },
});
const about = { billId: 'bill_1', ended: false } as const;
const intent = (what: CoreIntent): Happening => ({ type: 'intent', intent: what });
const effectsOf = (decision: ReturnType<typeof run>) => decision.effects.map((effect) => effect.type);
const offered = () => stateWith({ name: 'offered', since: 10 });

/** The answer to the effect that is under way, as the API would give it. */
function answered(state: TerminalState): Happening {
  const waiting = Object.values(state.offers).find((offer) => 'effectId' in offer.stage);
  if (!waiting || !('effectId' in waiting.stage)) throw new Error('No effect is under way.');
  const { effectId, name } = waiting.stage;
  const number = waiting.id.split('.')[1] ?? '1';
  const made = { ...transaction('new'), key: number === '1' ? key : `key-${number}` };
  if (name === 'creating') return { type: 'called', effectId, result: { ok: true, transaction: made } };
  if (name === 'attaching') return { type: 'called', effectId, result: { ok: true, order: order('pending') } };
  return { type: 'called', effectId, result: { ok: true } };
}

const read =
  (transactionKey: string, seen: ReturnType<typeof transaction> | null) =>
  (state: TerminalState): Happening => ({
    type: 'transactionRead',
    key: transactionKey,
    transaction: seen && { ...seen, key: transactionKey },
    asOf: state.revision,
  });

describe('decide: a new bill', () => {
  it('asks for a transaction with exactly the total, and our own data in it', () => {
    const decision = run(newState(settings, begin), create());
    expect(decision.answer).toEqual({ ok: true, billId: 'bill_1' });
    expect(decision.effects).toMatchObject([
      {
        type: 'createTransaction',
        request: {
          price: { amount: 650, currency: 'EUR' },
          description: '7: Coffee, Cake',
          parameters: { terminal: 'T1', bill: 'bill_1', offer: 'offer_1.1' },
          reserveForSeconds: 900,
        },
      },
    ]);
  });
  it('waits with its order until the spot is known', () => {
    const decision = run(newState(settings, begin), create(), answered);
    expect(effectsOf(decision)).toEqual([]);
    const known = run(decision.state, (state) => spotRead(state, spot('closed')));
    expect(effectsOf(known)).toEqual(['attachOrder']);
  });
  it('waits for somebody to check in when a closed spot takes no orders', () => {
    const closed = { ...newState(settings, begin), spot: { ...offered().spot, status: 'closed' as const, keys: [] } };
    const attaching = run(closed, create(), answered);
    const effectId = attaching.effects[0]?.effectId ?? 'effect_0';
    const failure = { code: 'invalid_state', retry: 'never' as const, message: 'Closed.' };
    const refused = run(attaching.state, { type: 'called', effectId, result: { ok: false, failure } });
    expect(refused.state.offers['offer_1.1']?.stage).toEqual({ name: 'awaitingSpot', why: 'closed' });
    const waiting = run(refused.state, (state) => spotRead(state, spot('waiting')));
    expect(effectsOf(waiting)).toEqual(['attachOrder']);
  });
  it('is the same bill when the same key and body come again', () => {
    const idempotency = { key: 'k1', bodyHash: 'h1' };
    const first = run(newState(settings, begin), create({ idempotency }));
    const again = run(
      first.state,
      create({ billId: 'bill_2', idempotency, earlier: { billId: 'bill_1', bodyHash: 'h1' } }),
    );
    expect(again.answer).toEqual({ ok: true, billId: 'bill_1' });
    expect(again.state).toBe(first.state);
  });
  it('is refused when the same key comes with another body', () => {
    const again = run(
      newState(settings, begin),
      create({ idempotency: { key: 'k1', bodyHash: 'h2' }, earlier: { billId: 'bill_1', bodyHash: 'h1' } }),
    );
    expect(again.answer).toMatchObject({ ok: false, code: 'idempotency_conflict' });
  });
  it('is refused when its number is in use, or when there are too many', () => {
    const first = run(newState(settings, begin), create());
    expect(run(first.state, create({ billId: 'bill_2' })).answer).toMatchObject({ ok: false, code: 'number_in_use' });
    const three = run(
      first.state,
      create({ billId: 'bill_2', draft: { ...draft, number: '8' } }),
      create({ billId: 'bill_3', draft: { ...draft, number: '9' } }),
    );
    const fourth = run(three.state, create({ billId: 'bill_4', draft: { ...draft, number: '10' } }));
    expect(fourth.answer).toMatchObject({ ok: false, code: 'too_many_bills' });
  });
  it('is refused by staff when the API does not accept it, and can be offered again', () => {
    const creating = run(offered(), create({ billId: 'bill_2', draft: { ...draft, number: '8' } }));
    const effectId = creating.effects[0]?.effectId ?? 'effect_0';
    const failure = { code: 'invalid_parameters', retry: 'never' as const, message: 'Price is too high.' };
    const refused = run(creating.state, { type: 'called', effectId, result: { ok: false, failure } });
    expect(refused.state.bills['bill_2']?.status).toMatchObject({ name: 'refused', reason: 'not_accepted' });
    expect(refused.state.attention['not_accepted:bill_2']?.details).toEqual({ message: 'Price is too high.' });
    const again = run(refused.state, intent({ type: 'offerBillAgain', billId: 'bill_2', ended: false }));
    expect(effectsOf(again)).toEqual(['createTransaction']);
    expect(again.state.attention['not_accepted:bill_2']).toBeUndefined();
  });
});

const edited = { ...draft, lines: [{ title: 'Coffee', total: 300 }], total: 300 };
const edit = intent({ type: 'editBill', ...about, draft: edited });

describe('decide: an edited bill', () => {
  it('gets a new transaction, takes the order over, and the old transaction is taken back', () => {
    const creating = run(offered(), edit);
    expect(effectsOf(creating)).toEqual(['createTransaction']);
    expect(creating.state.offers['offer_1.1']?.stage.name).toBe('superseded');
    const pointing = run(creating.state, answered);
    expect(pointing.effects).toMatchObject([{ type: 'pointOrder', orderId: 880, key: 'key-2' }]);
    const pointed = run(pointing.state, answered);
    expect(pointed.effects).toMatchObject([{ type: 'revoke', key }]);
    expect(pointed.state.offers['offer_1.2']?.stage.name).toBe('offered');
    const gone = run(pointed.state, answered, read(key, transaction('deleted')));
    expect(gone.state.offers['offer_1.1']?.stage.name ?? 'settled').toBe('settled');
    expect(effectsOf(gone)).toEqual([]);
  });
  it('gives money back that is reserved for the old amount meanwhile', () => {
    const creating = run(offered(), edit);
    const reserved = run(creating.state, read(key, transaction('reserved')));
    expect(reserved.effects).toMatchObject([{ type: 'revoke', key }]);
  });
  it('gets an order of its own when the old one is gone', () => {
    const pointing = run(offered(), edit, answered);
    const effectId = pointing.effects[0]?.effectId ?? 'effect_0';
    const failure = { code: 'not_found', retry: 'never' as const, message: 'No such order.' };
    const attached = run(pointing.state, { type: 'called', effectId, result: { ok: false, failure } });
    expect(effectsOf(attached).sort()).toEqual(['attachOrder', 'revoke']);
  });
  it('edited twice in a row, hands the order on to the last', () => {
    const twice = run(
      offered(),
      edit,
      intent({ type: 'editBill', ...about, draft: { ...edited, lines: [{ title: 'Tea', total: 200 }], total: 200 } }),
    );
    expect(twice.state.offers['offer_1.3']?.predecessor).toBe('offer_1.1');
    expect(twice.state.offers['offer_1.2']?.unwanted).toBe('edited');
  });
  it('is refused while the money is moving', () => {
    for (const name of ['checking', 'readingBack'] as const) {
      const stage =
        name === 'checking'
          ? ({ name, since: 10, transaction: false, order: false } as const)
          : ({ name, since: 10 } as const);
      expect(run(stateWith(stage), edit).answer).toMatchObject({ ok: false, code: 'payment_in_progress' });
    }
  });
});

const withdraw = intent({ type: 'withdrawBill', ...about });

describe('decide: a withdrawn bill', () => {
  it('has its transaction taken back, then its order', () => {
    const revoking = run(offered(), withdraw);
    expect(revoking.state.bills['bill_1']?.status.name).toBe('withdrawn');
    expect(effectsOf(revoking)).toEqual(['revoke']);
    const removing = run(revoking.state, answered, read(key, transaction('deleted')));
    expect(removing.effects).toMatchObject([{ type: 'deleteOrder', orderId: 880 }]);
  });
  it('is paid all the same when the wallet was faster, and staff are told', () => {
    const won = run(offered(), withdraw, answered, read(key, transaction('confirmed')));
    expect(won.state.bills['bill_1']?.status).toMatchObject({ name: 'paid', how: 'wallet' });
    expect(won.state.attention['wallet_won:bill_1']).toBeDefined();
  });
  it('gives money back that was reserved just before', () => {
    const revoking = run(offered(), withdraw, answered);
    const again = run(revoking.state, read(key, transaction('reserved')));
    expect(again.state.offers['offer_1.1']?.stage.name).toBe('revokeLater');
  });
  it('with its transaction being made, is taken back as soon as the key is known', () => {
    const creating = run(newState(settings, begin), create(), withdraw);
    expect(effectsOf(creating)).toEqual([]);
    expect(effectsOf(run(creating.state, answered))).toEqual(['revoke']);
  });
});

const cash = intent({ type: 'payBillOtherwise', ...about, how: 'cash' });

describe('decide: a bill paid in cash', () => {
  it('is paid once its transaction can no longer be paid', () => {
    const revoking = run(offered(), cash);
    expect(effectsOf(revoking)).toEqual(['revoke']);
    expect(revoking.state.bills['bill_1']?.status.name).toBe('settling');
    const paid = run(revoking.state, answered, read(key, transaction('deleted')));
    expect(paid.state.bills['bill_1']?.status).toMatchObject({ name: 'paid', how: 'cash', receiptNumber: 1 });
    expect(effectsOf(paid).sort()).toEqual(['checkPrinter', 'deleteOrder']);
  });
  it('gives money back that was only reserved, and stays paid in cash', () => {
    const reserved = run(offered(), cash, answered, read(key, transaction('reserved')));
    expect(reserved.state.offers['offer_1.1']?.stage.name).toBe('revokeLater');
    expect(reserved.state.bills['bill_1']?.status.name).toBe('settling');
  });
  it('is paid by wallet when the money was taken already, and staff are told to give the cash back', () => {
    const paid = run(offered(), cash, answered, read(key, transaction('confirmed')));
    expect(paid.state.bills['bill_1']?.status).toMatchObject({ name: 'paid', how: 'wallet' });
    expect(paid.state.attention['wallet_won:bill_1']).toBeDefined();
  });
  it('is paid in cash once the reservation is gone', () => {
    const paid = run(offered(), cash, answered, read(key, transaction('revoked')));
    expect(paid.state.bills['bill_1']?.status).toMatchObject({ name: 'paid', how: 'cash' });
  });
  it('is paid at once when nothing of it can be paid by wallet', () => {
    const refused = stateWith(
      { name: 'settled' },
      { bill: { status: { name: 'refused', reason: 'payer_refused', at: begin } } },
    );
    expect(run(refused, cash).state.bills['bill_1']?.status).toMatchObject({ name: 'paid', how: 'cash' });
  });
  it('asked for twice, is one payment', () => {
    const twice = run(offered(), cash, cash);
    expect(twice.answer).toEqual({ ok: true, billId: 'bill_1' });
    expect(twice.state.receiptsMade).toBe(0);
  });
});

describe('decide: refusals', () => {
  const ended = stateWith(
    { name: 'confirmed' },
    {
      bill: { status: { name: 'paid', how: 'wallet', at: begin, transactionKey: key, receiptNumber: 1 } },
    },
  );
  const foreign = stateWith({ name: 'observed' }, { bill: { source: 'foreign' } });
  for (const [name, happening] of Object.entries({ edit, withdraw, cash })) {
    it(`${name}: of a bill that ended, is unknown, foreign, or was forgotten`, () => {
      expect(run(ended, happening).answer).toMatchObject({ code: 'bill_ended' });
      expect(run(foreign, happening).answer).toMatchObject({ code: 'bill_foreign' });
      expect(run(newState(settings, begin), happening).answer).toMatchObject({ code: 'bill_unknown' });
    });
  }
  it('an ended bill that left the state is still called ended', () => {
    const answer = run(
      newState(settings, begin),
      intent({ type: 'withdrawBill', billId: 'bill_1', ended: true }),
    ).answer;
    expect(answer).toMatchObject({ code: 'bill_ended' });
  });
  it('the spot is not closed over unpaid bills or reserved money', () => {
    const close = intent({ type: 'closeSpot' });
    expect(run(offered(), close).answer).toMatchObject({ code: 'bills_open' });
    expect(run(stateWith({ name: 'readingBack', since: 10 }), close).answer).toMatchObject({ code: 'money_reserved' });
    expect(run(newState(settings, begin), close).answer).toMatchObject({ code: 'spot_unknown' });
  });
});

describe('decide: the spot after the payment', () => {
  it('is closed after the dwell, and read back', () => {
    const { state } = run(stateWith({ name: 'readingBack', since: 10 }), read(key, transaction('confirmed')));
    expect(state.spot.closing).toMatchObject({ name: 'due' });
    const closing = run(state, { type: 'tick' }, { type: 'tick' });
    expect(effectsOf(closing)).toEqual([]);
    const dwelt = { ...state, spot: { ...state.spot, closing: { name: 'due', at: begin, since: 0 } as const } };
    const close = run(dwelt, { type: 'tick' });
    expect(effectsOf(close)).toEqual(['closeSpot']);
    const effectId = close.effects[0]?.effectId ?? 'effect_0';
    const closed = run(close.state, { type: 'called', effectId, result: { ok: true } }, (now) =>
      spotRead(now, spot('closed')),
    );
    expect(closed.state.spot).toMatchObject({ status: 'closed', closing: { name: 'none' } });
  });
  it('stays open while another bill is unpaid', () => {
    const second = run(
      stateWith({ name: 'readingBack', since: 10 }),
      create({ billId: 'bill_2', draft: { ...draft, number: '8' } }),
    );
    const paid = run(second.state, read(key, transaction('confirmed')));
    expect(paid.state.bills['bill_1']?.status.name).toBe('paid');
    expect(paid.state.spot.closing).toEqual({ name: 'none' });
  });
  it('left by its last customer with an open bill, does not show the bill to the next one', () => {
    const left = run(offered(), (state) => spotRead(state, spot('closed', [order('pending', transaction('new'))])));
    expect(left.state.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'order_closed' });
    expect(effectsOf(left)).toEqual(['revoke']);
  });
});

describe('decide: an offer that was expected', () => {
  it('expires with its bill', () => {
    const late = stateWith({ name: 'offered', since: 10 }, { bill: { expiresAt: begin } });
    const expired = run(late, { type: 'tick' });
    expect(expired.state.bills['bill_1']?.status.name).toBe('expired');
    expect(effectsOf(expired)).toEqual(['revoke']);
  });
  it('does not expire while its money is moving', () => {
    const late = stateWith({ name: 'readingBack', since: 10 }, { bill: { expiresAt: begin } });
    expect(run(late, { type: 'tick' }).state).toBe(late);
  });
  it('keeps its identity through a payment of two bills at once', () => {
    const other = { ...baseOffer, id: 'offer_2.1' as const, billId: 'bill_2' as const, key: 'other', orderId: 881 };
    const state = stateWith({ name: 'readingBack', since: 10 });
    const bill = state.bills['bill_1'];
    if (!bill) throw new Error('The bill is missing.');
    const two: TerminalState = {
      ...state,
      bills: {
        ...state.bills,
        bill_2: { ...bill, id: 'bill_2', number: '8', status: { name: 'open', offerId: 'offer_2.1' } },
      },
      offers: { ...state.offers, 'offer_2.1': { ...other, stage: { name: 'readingBack', since: 10 } } },
    };
    const paid = run(two, read('other', transaction('confirmed')));
    expect(paid.state.bills['bill_2']?.status.name).toBe('paid');
    expect(paid.state.bills['bill_1']?.status.name).toBe('open');
  });
});

describe('decide: a clock that jumps', () => {
  const jump = 3 * 86_400_000;
  it('forward by days when the API corrects it, ends no bill that was just taken', () => {
    const taken = run(newState(settings, begin), create());
    expect(taken.state.bills['bill_1']?.expiresAt).toBeNull();
    const reading = spotRead(taken.state, spot('closed'));
    const corrected = decide(taken.state, { ...reading, at: begin + jump });
    expect(corrected.state.bills['bill_1']).toMatchObject({
      status: { name: 'open' },
      expiresAt: begin + jump + settings.billExpiresAfterMs,
    });
  });
  it('back by days, strands nothing that waits for its next try', () => {
    const waiting = stateWith(
      { name: 'createLater', notBefore: begin + jump },
      { offer: { key: null, orderId: null } },
    );
    expect(effectsOf(decide(waiting, { type: 'tick', at: begin }))).toEqual(['createTransaction']);
  });
});
