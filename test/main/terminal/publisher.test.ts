import { afterEach, beforeEach, expect, test } from 'vitest';
import { newState } from '../../../src/main/core/bill/decide.ts';
import type { TerminalState } from '../../../src/main/core/bill/state.ts';
import { freshBudget, spent } from '../../../src/main/core/polling/budget.ts';
import { Publisher } from '../../../src/main/terminal/publisher.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { baseBill, settings } from '../core/bill/world.ts';

let clock: VirtualClock;
let state: TerminalState;
let publisher: Publisher;

beforeEach(() => {
  clock = new VirtualClock();
  state = newState(settings, clock.now());
  publisher = new Publisher({
    clock,
    language: 'en',
    state: () => state,
    spent: () => spent(freshBudget, 0),
    shown: {
      terminalName: 'T1',
      place: 'Café',
      spotName: 'Table 1',
      currency: 'EUR',
      unavailableAfterMs: 30_000,
      version: '0.1.0',
      perMinute: 60,
      perHour: 900,
    },
  });
});

afterEach(() => {
  publisher.stop();
  expect(clock.pending).toBe(0);
});

/** The spot becomes so, and some time passes. */
async function becomes(status: TerminalState['spot']['status'], bills: TerminalState['bills'] = {}): Promise<void> {
  state = { ...state, bills, spot: { ...state.spot, status, since: clock.now() } };
  await clock.advance(2_000);
}

test('a language that is chosen at an idle spot stays, until that customer has been served', async () => {
  await becomes('closed');
  publisher.choose('lt');
  await clock.advance(60_000);
  expect(publisher.snapshot().language).toBe('lt');
  await becomes('waiting');
  await becomes('open', { bill_1: baseBill });
  expect(publisher.snapshot().language).toBe('lt');
  await becomes('closed', { bill_1: baseBill });
  expect(publisher.snapshot().language).toBe('lt');
  await becomes('closed');
  expect(publisher.snapshot().language).toBe('en');
});

test('a language that is chosen before the spot has been read stays too', async () => {
  publisher.choose('lt');
  await clock.advance(2_000);
  await becomes('closed');
  expect(publisher.snapshot().language).toBe('lt');
});
