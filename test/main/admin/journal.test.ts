import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/main/adapters/journal/journal.ts';
import { journalDesk } from '../../../src/main/admin/journal.ts';
import type { JournalPort } from '../../../src/main/ports/journal.ts';
import type { PrinterPort } from '../../../src/main/ports/printer.ts';
import type { WalletPort } from '../../../src/main/ports/wallet.ts';
import { startTerminal, type Terminal } from '../../../src/main/terminal/terminal.ts';
import { keepingLog } from '../../fakes/log.ts';
import { cadence, limits, shown } from '../../fakes/ordinary.ts';
import { settle, VirtualClock } from '../../fakes/virtual-clock.ts';
import { draft, settings } from '../core/bill/world.ts';

const never = new Proxy({}, { get: () => () => new Promise(() => undefined) });
let folder: string;
let journal: JournalPort;
let terminal: Terminal;
let made = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-desk-'));
  journal = openJournal(join(folder, 'journal.db'));
  terminal = startTerminal({
    settings,
    shown,
    language: 'en',
    cadence,
    limits,
    lockAfterMs: 60_000,
    wallet: never as WalletPort,
    printer: never as PrinterPort,
    journal,
    clock: new VirtualClock(),
    machineOffsetMs: () => 0,
    log: keepingLog(),
    random: () => 0.5,
    newBillId: () => `bill_${String((made += 1))}`,
    roleOf: undefined,
  });
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function take(number: string): Promise<string> {
  const idempotency = { key: number, bodyHash: 'h' };
  const answer = await terminal.submit({ type: 'create', draft: { ...draft, number }, idempotency });
  await settle();
  return answer.ok ? (answer.billId ?? '') : '';
}

describe('the journal on the admin screen', () => {
  it('has the newest bills first, and those of a number', async () => {
    const desk = journalDesk(journal);
    await take('A-1');
    const id = await take('A-2');
    const newest = await desk.bills({ number: '' });
    expect(newest.bills.map(({ number, status }) => [number, status])).toEqual([
      ['A-2', 'preparing'],
      ['A-1', 'preparing'],
    ]);
    expect((await desk.bills({ number: ' A-2 ' })).bills).toMatchObject([{ id, number: 'A-2' }]);
    expect((await desk.bills({ number: 'A' })).bills).toEqual([]);
  });

  it('tells the life of a bill, and of no other', async () => {
    const desk = journalDesk(journal);
    await take('A-1');
    const id = await take('A-2');
    const { lines, cut } = await desk.billLife({ billId: id });
    expect(cut).toBe(false);
    expect(lines.join('\n')).toContain('bill A-2 over');
    expect(lines.join('\n')).not.toContain('A-1');
    expect(() => desk.billLife({ billId: 'bill_none' })).toThrow(expect.objectContaining({ code: 'bill_unknown' }));
  });
});
