import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/main/adapters/journal/journal.ts';
import { AdminError, type AdminDesk } from '../../../src/main/ports/admin.ts';
import type { JournalPort } from '../../../src/main/ports/journal.ts';
import type { PrinterPort } from '../../../src/main/ports/printer.ts';
import type { WalletPort } from '../../../src/main/ports/wallet.ts';
import { startTerminal, type Terminal } from '../../../src/main/terminal/terminal.ts';
import type { Role } from '../../../src/shared/roles.ts';
import type { Snapshot } from '../../../src/shared/snapshot.ts';
import { keepingLog } from '../../fakes/log.ts';
import { settle, VirtualClock } from '../../fakes/virtual-clock.ts';
import { draft, settings } from '../core/bill/world.ts';
import { cadence, limits, shown } from '../../fakes/ordinary.ts';

/** An API and a printer that never answer: what the screens do must not wait for them. */
const never = new Proxy({}, { get: () => () => new Promise(() => undefined) });

const pins: Readonly<Record<string, Role>> = { '4711': 'staff', '582047': 'technician' };

/** Every request is refused but the one that is tried here. */
const admin = new Proxy({} as AdminDesk, {
  get: (_desk, name) =>
    name === 'restartTerminal'
      ? ({ anyway }: { anyway: boolean }) => {
          if (!anyway) throw new AdminError('in_use', 'Somebody is paying.');
          return {};
        }
      : undefined,
});

let folder: string;
let journal: JournalPort;
let clock: VirtualClock;
let terminal: Terminal;

function start(): Terminal {
  return startTerminal({
    settings,
    shown,
    language: 'en',
    cadence,
    limits,
    lockAfterMs: 60_000,
    wallet: never as WalletPort,
    printer: never as PrinterPort,
    journal,
    clock,
    machineOffsetMs: () => 0,
    log: keepingLog(),
    random: () => 0.5,
    newBillId: () => 'bill_new',
    roleOf: (pin) => Promise.resolve(pins[pin]),
    admin,
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-'));
  journal = openJournal(join(folder, 'journal.db'));
  clock = new VirtualClock();
  terminal = start();
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a screen', () => {
  it('has its snapshot at once, with the code, before any network has answered', () => {
    const { spot, customer, staff } = terminal.openSession().snapshot();
    expect(spot.code).toBe('PAYSERA*3:TABLE1');
    expect(customer.view).toBe('idle');
    expect(staff).toBeUndefined();
  });

  it('may do nothing of staff before the PIN', async () => {
    const session = terminal.openSession();
    for (const [name, input] of [
      ['createBill', { draft }],
      ['closeSpot', {}],
      ['reprintReceipt', { receiptNumber: 1 }],
    ] as const) {
      expect(await session.intent(name, input)).toMatchObject({ ok: false, code: 'staff_only' });
    }
  });

  it('is unlocked by the PIN for itself only, and locks itself after a minute without a touch', async () => {
    const session = terminal.openSession();
    const other = terminal.openSession();
    const seen: Snapshot[] = [];
    session.subscribe((snapshot) => seen.push(snapshot));
    expect(await session.intent('unlockStaff', { pin: '4711' })).toEqual({ ok: true });
    expect(session.snapshot().staff).toBeDefined();
    expect(other.snapshot().staff).toBeUndefined();
    await clock.advance(50_000);
    await session.intent('staffActivity', {});
    await clock.advance(50_000);
    expect(session.snapshot().staff).toBeDefined();
    await clock.advance(11_000);
    expect(session.snapshot().staff).toBeUndefined();
    expect(seen.at(-1)?.staff).toBeUndefined();
    expect(await session.intent('closeSpot', {})).toMatchObject({ code: 'staff_only' });
  });

  it('is locked out after wrong PINs, also by a restart, and the right one does not help meanwhile', async () => {
    const session = terminal.openSession();
    const tries = await Promise.all(['1111', '2222', '3333'].map((pin) => session.intent('unlockStaff', { pin })));
    expect(tries.map((answer) => !answer.ok && answer.code)).toEqual(['wrong_pin', 'wrong_pin', 'pin_locked']);
    const again = start().openSession();
    expect(await again.intent('unlockStaff', { pin: '4711' })).toMatchObject({ code: 'pin_locked' });
    expect(again.snapshot().pinLockedUntil).toBe(clock.now() + settings.pinLockOutMs);
    await clock.advance(settings.pinLockOutMs + 1);
    expect(await again.intent('unlockStaff', { pin: '4711' })).toEqual({ ok: true });
  });

  it('is not let in by a clock that is put forward', async () => {
    const session = terminal.openSession();
    for (const pin of ['1111', '2222', '3333']) await session.intent('unlockStaff', { pin });
    clock.jump(2 * settings.pinLockOutMs);
    expect(await session.intent('unlockStaff', { pin: '4711' })).toMatchObject({ code: 'pin_locked' });
    expect(start().openSession().snapshot().pinLockedUntil).toBe(clock.now() + settings.pinLockOutMs);
  });

  it('is staff’s, a manager’s or a technician’s, by the PIN', async () => {
    const session = terminal.openSession();
    const ask = (anyway: unknown) => session.admin('restartTerminal', { anyway });
    expect(await ask(true)).toMatchObject({ ok: false, code: 'role_needed' });
    await session.intent('unlockStaff', { pin: '4711' });
    expect(session.snapshot().staff?.role).toBe('staff');
    expect(await ask(true)).toMatchObject({ ok: false, code: 'role_needed' });
    await session.intent('unlockStaff', { pin: '582047' });
    expect(session.snapshot().staff?.role).toBe('technician');
    expect(await ask(true)).toEqual({ ok: true, value: {} });
    expect(await ask(false)).toEqual({ ok: false, code: 'in_use', message: 'Somebody is paying.' });
    expect(await ask('perhaps')).toMatchObject({ ok: false, code: 'invalid', fields: { anyway: expect.any(String) } });
    expect(await session.admin('constructor', {})).toMatchObject({ ok: false, code: 'unknown_request' });
    await session.intent('lockStaff', {});
    expect(await ask(true)).toMatchObject({ ok: false, code: 'role_needed' });
  });

  it('hears of a bill that is put in, and what is wrong with one that is not right', async () => {
    const session = terminal.openSession();
    await session.intent('unlockStaff', { pin: '4711' });
    expect(await session.intent('createBill', { draft })).toEqual({ ok: true, billId: 'bill_new' });
    await settle();
    expect(session.snapshot().customer).toMatchObject({ view: 'bill', bills: [{ number: '7', status: 'preparing' }] });
    const wrong = await session.intent('createBill', { draft: { ...draft, total: 1 } });
    expect(wrong).toMatchObject({
      ok: false,
      code: 'invalid',
      fields: { 'draft.total': expect.stringContaining('add up') },
    });
  });

  it.each([
    ['nothing of the contract', 'launchMissiles', {}],
    ['a name of every object', 'constructor', {}],
    ['an input that is none', 'unlockStaff', null],
    ['an element too many', 'lockStaff', { force: true }],
  ])('that sends %s is refused and harms nothing', async (_what, name, input) => {
    const answer = await terminal.openSession().intent(name, input);
    expect(answer.ok).toBe(false);
  });

  it('chooses a language, which ends with the visit', async () => {
    const session = terminal.openSession();
    await session.intent('chooseLanguage', { language: 'lt' });
    expect(session.snapshot().language).toBe('lt');
  });

  it('that is closed is locked, and answers no more', async () => {
    const session = terminal.openSession();
    await session.intent('unlockStaff', { pin: '4711' });
    session.close();
    expect(await session.intent('closeSpot', {})).toMatchObject({ code: 'stopping' });
  });
});
