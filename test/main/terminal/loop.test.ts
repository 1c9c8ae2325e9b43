import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/main/adapters/journal/journal.ts';
import type { Effect } from '../../../src/main/core/bill/effect.ts';
import { JournalError, type JournalPort } from '../../../src/main/ports/journal.ts';
import type { Notice } from '../../../src/main/ports/terminal.ts';
import { Loop } from '../../../src/main/terminal/loop.ts';
import { keepingLog } from '../../fakes/log.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { draft, order, settings, spot, transaction } from '../core/bill/world.ts';

let folder: string;
let journal: JournalPort;
/** Switched on, the disk is full: the real journal is not reached. */
let diskIsFull: boolean;
let clock: VirtualClock;
const stops: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-'));
  journal = openJournal(join(folder, 'journal.db'));
  diskIsFull = false;
  clock = new VirtualClock();
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  expect(clock.pending).toBe(0);
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function start() {
  const effects: Effect[] = [];
  const notices: Notice[] = [];
  const problems: (string | null)[] = [];
  /** What the journal held when each effect was let out. */
  const journaled: boolean[] = [];
  const loop = new Loop({
    settings,
    clock,
    log: keepingLog(),
    journal: {
      ...journal,
      commit: (commit) => {
        if (diskIsFull) throw new JournalError('journal_unwritable', 'The disk is full.');
        return journal.commit(commit);
      },
      probe: () => {
        if (diskIsFull) throw new JournalError('journal_unwritable', 'The disk is full.');
        journal.probe();
      },
    },
    onEffects: (begun) => {
      effects.push(...begun);
      journaled.push(isDeepStrictEqual(journal.load(), loop.state));
    },
    onState: () => undefined,
    onNotice: (notice) => notices.push(notice),
    onJournal: (problem) => problems.push(problem?.code ?? null),
  });
  loop.start();
  stops.push(() => {
    loop.stop();
  });
  return { loop, effects, notices, problems, journaled };
}

const create = {
  type: 'createBill',
  billId: 'bill_1',
  source: 'staff',
  draft,
  idempotency: null,
  earlier: null,
} as const;

describe('the loop', () => {
  it('has the journal hold a decision before any of its effects leaves', () => {
    const { loop, effects, journaled } = start();
    expect(loop.intend(create)).toEqual({ ok: true, billId: 'bill_1' });
    expect(effects.map((effect) => effect.type)).toEqual(['createTransaction']);
    expect(journaled).toEqual([true]);
  });

  it('does not journal what changes nothing', () => {
    const { loop } = start();
    const { revision } = loop.state;
    loop.dispatch({ type: 'tick' });
    loop.dispatch({ type: 'called', effectId: 'effect_99', result: { ok: true } });
    expect(loop.state.revision).toBe(revision);
  });

  it('tells of each change with a growing number', () => {
    const { loop, notices } = start();
    loop.intend(create);
    loop.intend({ type: 'withdrawBill', billId: 'bill_1', ended: false });
    expect(notices.map(({ id, type }) => [id, type])).toEqual([
      [1, 'bill.preparing'],
      [2, 'bill.withdrawn'],
    ]);
  });

  it('takes no intent while the journal cannot be written, and loses no result', async () => {
    const { loop, effects, problems } = start();
    loop.intend(create);
    diskIsFull = true;
    loop.dispatch({ type: 'called', effectId: 'effect_1', result: { ok: true, transaction: transaction('new') } });
    loop.dispatch({ type: 'spotRead', access: 'direct', spot: spot('waiting'), asOf: 2 });
    expect(loop.intend({ ...create, billId: 'bill_2' })).toMatchObject({ ok: false, code: 'journal_failed' });
    expect(loop.state.offers['offer_1.1']?.stage.name).toBe('creating');
    expect(problems).toEqual(['journal_unwritable']);
    await clock.advance(4100);
    expect(problems.at(-1)).toBe('journal_unwritable');
    diskIsFull = false;
    await clock.advance(2100);
    expect(problems.at(-1)).toBeNull();
    expect(loop.state.offers['offer_1.1']?.stage.name).toBe('awaitingSpot');
    loop.dispatch({ type: 'spotRead', access: 'direct', spot: spot('waiting'), asOf: 3 });
    expect(effects.map((effect) => effect.type)).toEqual(['createTransaction', 'attachOrder']);
  });

  it('does not act later upon a reading that it could not journal: what it saw may have changed since', async () => {
    const { loop, effects, problems } = start();
    loop.intend(create);
    loop.dispatch({ type: 'called', effectId: 'effect_1', result: { ok: true, transaction: transaction('new') } });
    diskIsFull = true;
    loop.dispatch({ type: 'spotRead', access: 'direct', spot: spot('waiting'), asOf: 3 });
    expect(problems).toEqual(['journal_unwritable']);
    diskIsFull = false;
    await clock.advance(2100);
    expect(problems.at(-1)).toBeNull();
    expect(loop.state.offers['offer_1.1']?.stage.name).toBe('awaitingSpot');
    expect(effects.map((effect) => effect.type)).toEqual(['createTransaction']);
  });

  it('keeps a bill that ends and leaves at once as it ended, for the till and for evidence', async () => {
    const { loop, notices } = start();
    loop.dispatch({ type: 'spotRead', access: 'direct', spot: spot('closed'), asOf: loop.state.revision });
    loop.intend(create);
    loop.dispatch({
      type: 'called',
      effectId: 'effect_1',
      result: { ok: false, failure: { code: 'invalid_parameters', retry: 'never', message: 'It was refused.' } },
    });
    await clock.advance(60_000);
    expect(loop.state.bills['bill_1']?.status.name).toBe('refused');
    loop.intend({ type: 'withdrawBill', billId: 'bill_1', ended: false });
    expect(notices.at(-1)?.type).toBe('bill.withdrawn');
    await clock.advance(1000);
    expect(loop.state.bills).toEqual({});
    expect(journal.bill('bill_1')?.status.name).toBe('withdrawn');
  });

  it('counts a wrong PIN that was tried while the journal could not be written', async () => {
    const { loop } = start();
    diskIsFull = true;
    loop.dispatch({ type: 'pinTried', right: false });
    loop.dispatch({ type: 'pinTried', right: false });
    diskIsFull = false;
    await clock.advance(2100);
    expect(loop.state.pin.wrongTries).toBe(2);
  });

  it('goes on after a restart where the journal stood, asking for what is unknown', () => {
    const first = start();
    first.loop.intend(create);
    first.loop.dispatch({
      type: 'called',
      effectId: 'effect_1',
      result: { ok: true, transaction: transaction('new') },
    });
    first.loop.dispatch({ type: 'spotRead', access: 'direct', spot: spot('waiting'), asOf: 3 });
    expect(first.effects.map((effect) => effect.type)).toEqual(['createTransaction', 'attachOrder']);
    first.loop.stop();
    const second = start();
    expect(second.loop.state.offers['offer_1.1']?.stage.name).toBe('attachLost');
    expect(second.effects).toEqual([]);
    const { revision } = second.loop.state;
    second.loop.dispatch({
      type: 'spotRead',
      access: 'direct',
      spot: spot('open', [order('pending', transaction('new'))]),
      asOf: revision,
    });
    expect(second.loop.state.offers['offer_1.1']?.stage.name).toBe('offered');
  });

  it('wakes by itself when time alone changes something', async () => {
    const { loop } = start();
    loop.dispatch({ type: 'spotRead', access: 'direct', spot: spot('closed'), asOf: 1 });
    loop.intend(create);
    loop.dispatch({ type: 'called', effectId: 'effect_1', result: { ok: true, transaction: transaction('new') } });
    loop.dispatch({ type: 'called', effectId: 'effect_2', result: { ok: true, order: order('pending') } });
    expect(loop.state.bills['bill_1']?.status.name).toBe('open');
    await clock.advance(settings.billExpiresAfterMs - 100);
    expect(loop.state.bills['bill_1']?.status.name).toBe('open');
    await clock.advance(200);
    expect(loop.state.bills['bill_1']?.status.name).toBe('expired');
  });

  it('refuses everything once it is stopping', () => {
    const { loop } = start();
    loop.stop();
    expect(loop.intend(create)).toMatchObject({ ok: false, code: 'stopping' });
  });
});
