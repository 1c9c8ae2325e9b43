import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/main/adapters/journal/journal.ts';
import { createReceiptPictures } from '../../../src/main/adapters/receipt-picture/pictures.ts';
import { newState } from '../../../src/main/core/bill/decide.ts';
import type { PaperStage, Receipt, TerminalState } from '../../../src/main/core/bill/state.ts';
import type { JournalPort } from '../../../src/main/ports/journal.ts';
import type { PrinterPort } from '../../../src/main/ports/printer.ts';
import type { WalletPort } from '../../../src/main/ports/wallet.ts';
import { startTerminal, type Terminal } from '../../../src/main/terminal/terminal.ts';
import type { ScreenSession } from '../../../src/shared/contract.ts';
import { keepingLog } from '../../fakes/log.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { begin, settings } from '../core/bill/world.ts';
import { facts } from '../core/receipt/facts.ts';

/** An API and a printer that never answer: receipts are shown and saved without them. */
const never = new Proxy({}, { get: () => () => new Promise(() => undefined) });

let folder: string;
let journal: JournalPort;
let clock: VirtualClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'receipts-'));
  journal = openJournal(join(folder, 'journal.db'));
  clock = new VirtualClock(begin);
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const printed: PaperStage = { name: 'printed', proof: 'process_id' };
const notPrinted: PaperStage = { name: 'failed', problem: 'No receipt printer is configured.' };

function receipt(number: number, paper: PaperStage): Receipt {
  const common = { billId: 'bill_1', papers: 1, copy: false, queuedAt: begin, paper } as const;
  return { ...common, number, facts: { ...facts, number, language: 'en' }, jobId: `job_${number}.1` };
}

/** Writes a journal in which receipt 1 has left the state, and 2 and 3 are still in it. */
function remember(): void {
  const first = newState(settings, begin);
  const commit = (before: TerminalState | null, state: TerminalState): TerminalState => {
    journal.commit({ event: { type: 'started', settings, at: begin }, before, state, effects: [], notices: [] });
    return state;
  };
  const made = commit(null, { ...first, revision: 1, receiptsMade: 1, receipts: { 1: receipt(1, printed) } });
  commit(made, {
    ...made,
    revision: 2,
    receiptsMade: 3,
    receipts: { 2: receipt(2, printed), 3: receipt(3, notPrinted) },
  });
}

function start(pictures = createReceiptPictures({ columns: 48, folder: join(folder, 'saved') })): Terminal {
  return startTerminal({
    settings,
    shown: {
      terminalName: 'T1',
      place: 'Café',
      spotName: 'Table 1',
      currency: 'EUR',
      unavailableAfterMs: 20_000,
      version: '0',
      perMinute: 60,
      perHour: 900,
    },
    language: 'en',
    cadence: {
      idleEveryMs: 6000,
      waitingEveryMs: 3000,
      offeredEveryMs: 2000,
      offeredOldEveryMs: 5000,
      freshForMs: 60_000,
      shopClosedEveryMs: 70_000,
      openingHours: [],
    },
    limits: { perMinute: 60, perHour: 900 },
    lockAfterMs: 60_000,
    wallet: never as WalletPort,
    printer: never as PrinterPort,
    journal,
    clock,
    machineOffsetMs: () => 0,
    log: keepingLog(),
    random: () => 0.5,
    newBillId: () => 'bill_new',
    roleOf: (pin) => Promise.resolve(pin === '4711' ? 'staff' : undefined),
    pictures,
  });
}

async function staffOf(terminal: Terminal): Promise<ScreenSession> {
  const session = terminal.openSession();
  expect(await session.intent('unlockStaff', { pin: '4711' })).toEqual({ ok: true });
  return session;
}

describe('receipts on the staff screen', () => {
  it('are shown to staff only, while their screen is unlocked', async () => {
    remember();
    const terminal = start();
    const anybody = terminal.openSession();
    for (const [name, input] of [
      ['showReceipt', { receiptNumber: 2 }],
      ['saveReceipt', { receiptNumber: 2, form: 'pdf' }],
    ] as const) {
      expect(await anybody.intent(name, input)).toMatchObject({ ok: false, code: 'staff_only' });
      const staff = await staffOf(terminal);
      expect(await staff.intent(name, input)).toMatchObject({ ok: true, receiptNumber: 2 });
      await clock.advance(60_001);
      expect(await staff.intent(name, input)).toMatchObject({ ok: false, code: 'staff_only' });
    }
  });

  it('are pictures, of old receipts too', async () => {
    remember();
    const staff = await staffOf(start());
    for (const receiptNumber of [1, 2, 3]) {
      const answer = await staff.intent('showReceipt', { receiptNumber });
      const picture = answer.ok ? answer.picture : undefined;
      expect(PNG.sync.read(Buffer.from(picture ?? '', 'base64')).width).toBe(640);
    }
  });

  it('say COPY when a paper has come out, and not when none has', async () => {
    remember();
    const staff = await staffOf(start());
    for (const [receiptNumber, isCopy] of [
      [1, true],
      [2, true],
      [3, false],
    ] as const) {
      const answer = await staff.intent('saveReceipt', { receiptNumber, form: 'txt' });
      const path = answer.ok ? answer.savedAs : undefined;
      expect(path).toBe(join(folder, 'saved', `receipt-00000${receiptNumber}.txt`));
      expect(readFileSync(path ?? '', 'utf8').includes('COPY')).toBe(isCopy);
    }
  });

  it('change nothing: no paper, no event, no number', async () => {
    remember();
    const terminal = start();
    const staff = await staffOf(terminal);
    const before = journal.load();
    await staff.intent('showReceipt', { receiptNumber: 3 });
    await staff.intent('saveReceipt', { receiptNumber: 3, form: 'pdf' });
    expect(journal.load()).toEqual(before);
  });

  it('that do not exist, and files of unknown kinds, are refused', async () => {
    remember();
    const staff = await staffOf(start());
    expect(await staff.intent('showReceipt', { receiptNumber: 9 })).toMatchObject({ code: 'receipt_unknown' });
    expect(await staff.intent('saveReceipt', { receiptNumber: 9, form: 'pdf' })).toMatchObject({
      code: 'receipt_unknown',
    });
    expect(await staff.intent('saveReceipt', { receiptNumber: 1, form: '../x' })).toMatchObject({ code: 'invalid' });
  });

  it('that cannot be written are refused with what to do', async () => {
    remember();
    const staff = await staffOf(start(createReceiptPictures({ columns: 48, folder: join(folder, 'journal.db') })));
    const answer = await staff.intent('saveReceipt', { receiptNumber: 1, form: 'pdf' });
    expect(answer).toMatchObject({ ok: false, code: 'receipt_not_saved' });
    expect(answer.ok ? '' : answer.message).toContain('check that the folder can be written to');
  });
});
