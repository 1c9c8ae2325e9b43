import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyPin } from '../../../src/main/adapters/pin/pin.ts';
import { settingDesk } from '../../../src/main/admin/settings.ts';
import { loadConfiguration } from '../../../src/main/config.ts';
import { keepingLog } from '../../fakes/log.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

const before = {
  terminal: { name: 'T1', dataFolder: 'data' },
  merchant: { lines: ['Kavinė'] },
  api: { macId: 'mac' },
  spot: { locationId: 3, identifier: 'TABLE1', place: 'Kavinė', name: 'Table 1' },
  printer: { profile: 'epson', connection: { type: 'tcp', host: '192.168.1.9', port: 9100 } },
  displays: [{ type: 'nextion', name: 'bar', address: '/dev/kiosk/display', brightness: 40 }],
  staff: { pinHash: 'scrypt$1$1$1$a$b' },
};

let folder: string;
let path: string;
let atRest: boolean;
let restarts: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(before), { mode: 0o600 });
  atRest = true;
  restarts = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function desk() {
  return settingDesk({
    clock: new VirtualClock(),
    log: keepingLog(),
    path,
    service: () => ({
      standings: () => [
        { part: 'printer', status: 'ok', since: 0, heardAt: 0 },
        { part: 'display', name: 'bar', status: 'ok', since: 0, heardAt: 0 },
      ],
      serves: () => true,
      isAtRest: () => atRest,
      showTest: () => true,
      printerAsked: () => undefined,
    }),
    restartSoon: () => {
      restarts += 1;
    },
  });
}

const saved = () => JSON.parse(readFileSync(path, 'utf8')) as typeof before;

describe('the settings of a terminal', () => {
  it('are all there with what they are, their range, default and reason, but for PINs', async () => {
    const { settings, displays } = await desk().settings({});
    const find = (name: string) => settings.find((each) => each.path === name);
    expect(find('terminal.name')).toMatchObject({ kind: 'text', value: 'T1', required: true });
    expect(find('payment.reserveForSeconds')).toMatchObject({
      kind: 'number',
      value: null,
      fallback: 900,
      least: 60,
      most: 86_400,
      unit: 's',
      reason: expect.stringMatching(/\w/),
    });
    expect(find('terminal.language')).toMatchObject({ kind: 'choice', choices: ['en', 'lt'] });
    expect(find('terminal.dataFolder')?.kind).toBe('fixed');
    expect(JSON.stringify(settings)).not.toContain('scrypt');
    expect(displays).toEqual([{ type: 'nextion', name: 'bar', address: '/dev/kiosk/display' }]);
  });

  it('are changed one by one, all others staying as they are, and the terminal restarts', async () => {
    await desk().saveSettings({
      settings: [
        { path: 'payment.currency', value: 'PLN' },
        { path: 'terminal.name', value: 'BAR' },
      ],
    });
    expect(saved()).toEqual({ ...before, terminal: { ...before.terminal, name: 'BAR' }, payment: { currency: 'PLN' } });
    expect(loadConfiguration(path).payment.currency).toBe('PLN');
    expect(restarts).toBe(1);
  });

  it('that are left out again have their default', async () => {
    await desk().saveSettings({ settings: [{ path: 'printer.profile', value: null }] });
    expect(saved().printer).toEqual({ connection: before.printer.connection });
  });

  it.each([
    ['a value out of range', 'payment.reserveForSeconds', 5],
    ['a currency that there is not', 'payment.currency', 'XYZ'],
    ['something that is needed, left out', 'terminal.name', null],
  ])('are not saved with %s, which is named', (_what, name, value) => {
    const act = () => desk().saveSettings({ settings: [{ path: name, value }] });
    expect(act).toThrow(expect.objectContaining({ code: 'settings_invalid', fields: { [name]: expect.any(String) } }));
    expect(saved()).toEqual(before);
    expect(restarts).toBe(0);
  });

  it.each(['terminal.dataFolder', 'key.file', 'api.root', 'staff.pinHash', '__proto__.polluted', 'no.such'])(
    'cannot be changed here where it is %s',
    (name) => {
      const act = () => desk().saveSettings({ settings: [{ path: name, value: 'x' }] });
      expect(act).toThrow(expect.objectContaining({ code: 'setting_fixed' }));
      expect(saved()).toEqual(before);
    },
  );

  it('wait until nobody pays', () => {
    atRest = false;
    expect(() => desk().saveSettings({ settings: [] })).toThrow(expect.objectContaining({ code: 'in_use' }));
  });

  it('take another printer, which need not be well when there is none any more', async () => {
    await desk().saveSettings({ settings: [], printer: { type: 'none' } });
    expect(saved().printer).toEqual({ profile: 'epson', connection: { type: 'none' } });
    expect(JSON.parse(readFileSync(`${path}.trial`, 'utf8'))).toMatchObject({ well: ['display:bar', 'serves'] });
  });

  it('take other displays, and keep what was set of those that stay', async () => {
    await desk().saveSettings({
      settings: [],
      displays: [
        { type: 'nextion', name: 'bar', address: '/dev/kiosk/other' },
        { type: 'screen', name: 'door' },
      ],
    });
    expect(saved().displays).toEqual([
      { type: 'nextion', name: 'bar', address: '/dev/kiosk/other', brightness: 40 },
      { type: 'screen', name: 'door' },
    ]);
  });

  it('have a new PIN as its hash alone', async () => {
    await desk().changePin({ role: 'manager', pin: '582047' });
    const { managerPinHash } = saved().staff as { managerPinHash?: string };
    expect(await verifyPin('582047', managerPinHash ?? '')).toBe(true);
    expect(readFileSync(path, 'utf8')).not.toContain('582047');
  });
});
