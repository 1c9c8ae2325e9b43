import { chanceFrom } from '../../sandbox/world/chance.ts';
import { faults, runLane, type Fault, type LaneReport, type TransportName } from './lane.ts';

interface TortureOptions {
  readonly receipts: number;
  readonly seed: number;
  readonly transport: TransportName;
  /** Printers at once. */
  readonly lanes: number;
}

/** What the receipts that met one kind of fault came to. */
interface FaultRow {
  readonly fault: Fault;
  readonly receipts: number;
  /** Of which it happened while they were printed. */
  readonly inTheMiddle: number;
  readonly printed: number;
  readonly doubtful: number;
  readonly failed: number;
  readonly copies: number;
  /** Milliseconds. */
  readonly longestResume: number;
}

export interface TortureReport {
  readonly rows: readonly FaultRow[];
  readonly violations: readonly string[];
  readonly longestOverrun: number;
  readonly longestCheck: number;
}

/**
 * Prints receipts on several virtual printers, fast and slow, with and without process ids, where copies are printed by themselves and where
 * a person decides; each meets a fault in its middle.
 */
export async function torture({ receipts, seed, transport, lanes }: TortureOptions): Promise<TortureReport> {
  const reports = await Promise.all(
    Array.from({ length: lanes }, (_, index) =>
      runLane({
        transport,
        receipts: Math.floor((receipts + index) / lanes),
        chance: chanceFrom(seed * 1_000 + index),
        processIds: index % 4 !== 3,
        bytesPerSecond: index % 3 === 2 ? 3_000 : 'unlimited',
        doubtful: index % 2 === 0 ? 'copy' : 'ask',
      }),
    ),
  );
  return {
    rows: faults.map((fault) => rowOf(fault, reports)),
    violations: reports.flatMap(({ violations }) => violations),
    longestOverrun: Math.max(0, ...reports.map((report) => report.longestOverrun)),
    longestCheck: Math.max(...reports.map((report) => report.longestCheck)),
  };
}

function rowOf(fault: Fault, reports: readonly LaneReport[]): FaultRow {
  const met = reports.flatMap((report) => report.met.filter((one) => one.fault === fault));
  const count = (first: string): number => met.filter((one) => one.first === first).length;
  return {
    fault,
    receipts: met.length,
    inTheMiddle: met.filter(({ fired }) => fired).length,
    printed: count('printed'),
    doubtful: count('doubtful'),
    failed: count('failed'),
    copies: met.reduce((sum, { papers }) => sum + papers - 1, 0),
    longestResume: Math.round(Math.max(0, ...met.map(({ resumedAfter }) => resumedAfter ?? 0))),
  };
}
