import type { Cadence } from '../../src/main/core/polling/pace.ts';
import type { Shown } from '../../src/main/core/snapshot/snapshot.ts';

/** An ordinary terminal's limits, what its screens show, and its pace, for tests that are about something else. */

export const limits = { perMinute: 60, perHour: 900 };

export const shown: Shown = {
  terminalName: 'T1',
  place: 'Café',
  spotName: 'Table 1',
  currency: 'EUR',
  unavailableAfterMs: 20_000,
  version: '0',
  ...limits,
};

export const cadence: Cadence = {
  idleEveryMs: 6000,
  waitingEveryMs: 3000,
  offeredEveryMs: 2000,
  offeredOldEveryMs: 5000,
  freshForMs: 60_000,
  shopClosedEveryMs: 70_000,
  openingHours: [],
};
