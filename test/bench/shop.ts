import type { World } from '../../sandbox/world/world.ts';
import { configurationSchema } from '../../src/main/config/schema.ts';
import { settings as ordinary } from '../main/core/bill/world.ts';
import type { Chance, Mischief } from '../sim/mischief.ts';
import type { Network } from '../sim/network.ts';
import { SimulatedPrinter } from '../sim/printer.ts';
import { staffPin, TerminalProcess } from '../sim/process.ts';
import type { Trace } from '../sim/trace.ts';
import type { Universe } from '../sim/universe.ts';
import type { Desk, Visitors } from './visitors.ts';

const hourMs = 3_600_000;
/** For our policy; the API itself allows 1,000 an hour. */
export const limits = { perMinute: 60, perHour: 900 };

/** The simulation's day begins at 19:00 in Vilnius; the shop opens 14 hours later, at nine. */
export const openMs = 14 * hourMs;
export const closeMs = 24 * hourMs;

/** A shop with its customers, and the network to the API. */
export interface Shop {
  readonly universe: Universe;
  readonly chance: Chance;
  readonly mischief: Mischief;
  readonly trace: Trace;
  readonly world: World;
  readonly network: Network;
  readonly merchant: { readonly macId: string; readonly macKey: string };
  readonly visitors: Visitors;
}

/** The terminal as it is delivered, with opening hours, at its work. */
export function ownTerminal({ visitors, ...parts }: Shop): TerminalProcess {
  const requests = configurationSchema.shape.requests.parse({});
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const process: TerminalProcess = new TerminalProcess({
    ...parts,
    printer: new SimulatedPrinter({ ...parts, trouble: 0, onPaper: () => undefined }),
    settings: { ...ordinary, maximumOpenBills: 30 },
    shown: {
      terminalName: 'T1',
      place: '',
      spotName: '',
      currency: 'EUR',
      unavailableAfterMs: 20_000,
      version: '0',
      ...limits,
    },
    limits,
    cadence: { ...requests, openingHours: [{ days: [...days], from: '09:00', to: '19:00' }] },
    deadly: 0,
    onCommit: () => undefined,
    onMistake: (what) => {
      throw new Error(what);
    },
    onStarted: (terminal) => {
      const session = terminal.openSession();
      void session.intent('unlockStaff', { pin: staffPin });
      session.subscribe((snapshot) => {
        for (const bill of snapshot.staff?.bills ?? []) if (bill.status === 'paid') visitors.seenPaid(bill.number);
      });
      const desk: Desk = {
        putIn: (number, total) =>
          void session.intent('createBill', {
            draft: { number, lines: [{ title: 'Lunch', total }], total, currency: 'EUR' },
          }),
        takeBack: (number) => {
          const bill = session.snapshot().staff?.bills.find((each) => each.number === number);
          if (bill) void session.intent('withdrawBill', { billId: bill.id });
        },
        offerAgain: (number) => {
          const bill = session.snapshot().staff?.bills.find((each) => each.number === number);
          if (bill?.status === 'refused') void session.intent('offerBillAgain', { billId: bill.id });
        },
      };
      visitors.begin(desk);
    },
  });
  process.start();
  return process;
}
