import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfiguration, parseConfiguration } from '../../src/main/config.ts';

/** The least that a configuration holds. */
const least = {
  terminal: { name: 'T1' },
  merchant: { lines: ['UAB „Prie tilto“'] },
  api: { macId: 'wkVd93h2uS' },
  spot: { locationId: 3, identifier: 'TABLE1', place: 'Kavinė „Prie tilto“', name: 'Table 1' },
};

/** The least, with these settings put into its sections. */
function changed(sections: Readonly<Record<string, object>>): string {
  const whole: Record<string, object> = { ...least };
  for (const [name, settings] of Object.entries(sections)) whole[name] = { ...whole[name], ...settings };
  return JSON.stringify(whole);
}

/** The error that a function throws. */
function errorOf(run: () => unknown): ConfigurationError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

const complaint = (text: string) => errorOf(() => parseConfiguration(text, 'config.json'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'configuration-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function written(text: string): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return path;
}

describe('a configuration file', () => {
  it('that is not there is told with where it was looked for', () => {
    const path = join(folder, 'nothing.json');
    expect(errorOf(() => loadConfiguration(path))).toMatchObject({
      name: 'ConfigurationError',
      code: 'config_missing',
      message: `There is no configuration at ${path}. Write one (docs/configuration.md), or name another with --config.`,
    });
  });

  it('that cannot be read is told with the cause', () => {
    const path = join(folder, 'config.json');
    mkdirSync(path);
    const error = errorOf(() => loadConfiguration(path));
    expect(error.code).toBe('config_unreadable');
    expect(error.message).toMatch(
      new RegExp(`^The configuration ${path} cannot be read: .*EISDIR.* Check who owns it\\.$`),
    );
    expect(error.cause).toMatchObject({ code: 'EISDIR' });
  });

  it('has its relative paths taken from its own folder, wherever the program was started', () => {
    const path = written(changed({ terminal: { dataFolder: 'kept' }, key: { file: '../mac-key' } }));
    const configuration = loadConfiguration(relative(process.cwd(), path));
    expect(configuration.terminal.dataFolder).toBe(join(folder, 'kept'));
    expect(configuration.key.file).toBe(join(folder, '..', 'mac-key'));
  });

  it('has its absolute paths left as they are, and no key file where it names none', () => {
    const absolute = loadConfiguration(
      written(changed({ terminal: { dataFolder: '/var/lib/spot' }, key: { file: '/etc/k' } })),
    );
    expect(absolute.terminal.dataFolder).toBe('/var/lib/spot');
    expect(absolute.key.file).toBe('/etc/k');
    expect(loadConfiguration(written(changed({}))).key).toEqual({});
    const callbacks = { publicKeyFile: 'paysera.pem' };
    expect(loadConfiguration(written(changed({ callbacks }))).callbacks.publicKeyFile).toBe(
      join(folder, 'paysera.pem'),
    );
    expect(loadConfiguration(written(changed({}))).terminal.dataFolder).toBe(join(folder, 'data'));
  });
});

describe('text that is not JSON', () => {
  it.each([
    ['{\n  "terminal": {\n    "name": T1\n  }\n}', 'line 3, column 13'],
    ['{\n  "terminal": { "name": "T1", }\n}', 'line 2, column 31'],
    ['{"a":1} {', 'line 1, column 9'],
    ['hello', 'line 1, column 1'],
    ['{"a":', 'line 1, column 6'],
    ['{\n  "a": tru', 'line 2, column 11'],
    ['', 'line 1, column 1'],
  ])('%j is wrong at %s', (text, place) => {
    const error = complaint(text);
    expect(error.code).toBe('config_not_json');
    expect(error.message).toContain(`The configuration config.json is not JSON (${place}): `);
    expect(error.message).toMatch(/Correct it there\.$/);
  });
});

describe('a key in the configuration', () => {
  it.each([
    ['api.macKey', { api: { macKey: 'IrdTc8uQodU7' } }],
    ['api.mac_key', { api: { mac_key: 'IrdTc8uQodU7' } }],
    ['api.MACKEY', { api: { MACKEY: 'IrdTc8uQodU7' } }],
    ['key.secret', { key: { secret: 'IrdTc8uQodU7' } }],
    ['staff.nested.password', { staff: { nested: { password: 'IrdTc8uQodU7' } } }],
  ])('is refused at %s, and never repeated', (path, sections) => {
    const error = complaint(changed(sections));
    expect(error.code).toBe('config_holds_key');
    expect(error.message).toBe(
      `The configuration config.json holds a key (${path}). Take it out, put it into a file of its own with mode 0600, and ` +
        'name that file in key.file. If others could read the configuration, ask Paysera for a new key.',
    );
    expect(error.message).not.toContain('IrdTc8uQodU7');
  });
});

describe('a setting that is unknown', () => {
  it.each([
    [{ terminal: { langauge: 'lt' } }, 'terminal.langauge: There is no such setting. Did you mean language?'],
    [{ prnter: {} }, 'prnter: There is no such setting. Did you mean printer?'],
    [{ requests: { perhour: 500 } }, 'requests.perhour: There is no such setting. Did you mean perHour?'],
    [{ till: { colour: 'red' } }, 'till.colour: There is no such setting.'],
    [
      { payment: { reserveForSecs: 60 } },
      'payment.reserveForSecs: There is no such setting. Did you mean reserveForSeconds?',
    ],
  ])('%j is told', (sections, sentence) => {
    const error = complaint(changed(sections));
    expect(error.code).toBe('config_invalid');
    expect(error.message).toBe(`The configuration config.json is not right. ${sentence}`);
  });
});

describe('a value that is wrong', () => {
  it.each<[string, object, RegExp | string]>([
    [
      'terminal',
      { name: 'table one' },
      'terminal.name: The name of a terminal has 1 to 20 capital letters, digits or hyphens.',
    ],
    ['terminal', { language: 'de' }, /terminal\.language: .*"en"\|"lt"/],
    [
      'terminal',
      { timeZone: 'Vilnius' },
      'terminal.timeZone: This is not a time zone that is known here; write one like Europe/Vilnius.',
    ],
    ['terminal', { dataFolder: 'a\0b' }, 'terminal.dataFolder: A path holds no zero bytes.'],
    ['merchant', { lines: [] }, /merchant\.lines: /],
    [
      'merchant',
      { lines: ['A', 'x'.repeat(49)] },
      'merchant.lines.1: A line of the merchant block is too long: at most 48 characters.',
    ],
    [
      'api',
      { root: 'http://wallet.paysera.com/rest/v1' },
      'api.root: The API root is an https address (http only on this machine)',
    ],
    ['api', { root: 'nowhere' }, 'api.root: The API root is an https address'],
    ['api', { connectTimeoutMs: 99 }, /api\.connectTimeoutMs: .*100/],
    ['api', { requestTimeoutMs: '10s' }, /api\.requestTimeoutMs: .*string/],
    ['spot', { locationId: 0 }, /spot\.locationId: /],
    [
      'spot',
      { identifier: 'table1' },
      'spot.identifier: The identifier has 1 to 12 capital letters, digits or spaces.',
    ],
    [
      'spot',
      { name: 'a\u202eb' },
      'spot.name: The name of the spot holds control characters: write it on one line of plain text.',
    ],
    ['payment', { currency: 'JPY' }, 'payment.currency: The currency is not one of EUR, '],
    ['payment', { maximumOpenBills: 101 }, /payment\.maximumOpenBills: .*100/],
    ['requests', { perMinute: 61 }, /requests\.perMinute: .*60/],
    ['requests', { sharePercent: 0 }, /requests\.sharePercent: .*1/],
    [
      'requests',
      { openingHours: [{ days: ['mon'], from: '9:00', to: '25:00' }] },
      'requests.openingHours.0.from: A time of day is written like 08:30.',
    ],
    ['requests', { idleEveryMs: 1500.5 }, /requests\.idleEveryMs: .*int/],
    ['printer', { connection: { type: 'usb' } }, /printer\.connection\.type: /],
    ['printer', { connection: { type: 'tcp' } }, /printer\.connection\.host: /],
    [
      'printer',
      { connection: { type: 'device', path: 'lp0' } },
      'printer.connection.path: A device is named by its absolute path, like /dev/usb/lp0.',
    ],
    [
      'printer',
      { connection: { type: 'serial', path: 'ttyUSB0' } },
      'printer.connection.path: A serial port is named by its absolute path, like /dev/ttyUSB0.',
    ],
    ['till', { port: 65_536 }, /till\.port: .*65535/],
    [
      'callbacks',
      { enabled: true },
      'callbacks.publicAddress: Write the address by which Paysera reaches the listener, or switch callbacks off',
    ],
    ...['http://pay.example.lt/callbacks', 'https://pay.example.lt/a?b=1', 'https://pay.example.lt/:id', 'pay'].map(
      (publicAddress): [string, object, string] => [
        'callbacks',
        { publicAddress },
        'callbacks.publicAddress: The public address is an https address without query',
      ],
    ),
    ['callbacks', { proxyAddress: 'proxy' }, /callbacks\.proxyAddress: /],
    ['callbacks', { silentAfterMs: 10 }, /callbacks\.silentAfterMs: .*1000/],
    ['staff', { pinHash: '1234' }, 'staff.pinHash: This is not a PIN hash: make one with npm run -s pin.'],
    ['log', { level: 'loud' }, /log\.level: .*"debug"\|"info"/],
  ])('of %s, %j, is named by its path with what is allowed', (section, settings, sentence) => {
    const error = complaint(changed({ [section]: settings }));
    expect(error.code).toBe('config_invalid');
    if (typeof sentence === 'string') expect(error.message).toContain(sentence);
    else expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/[.!?]$/);
  });

  it('does not hide the others', () => {
    const { message } = complaint(changed({ terminal: { name: '' }, till: { prot: 1 }, spot: { locationId: -1 } }));
    for (const path of ['terminal.name: ', 'till.prot: ', 'spot.locationId: ']) expect(message).toContain(path);
  });

  it.each(['terminal', 'merchant', 'api', 'spot'])('is told when %s is left out', (name) => {
    const { [name]: _left, ...rest } = least as Record<string, object>;
    expect(complaint(JSON.stringify(rest)).message).toContain(` ${name}: `);
  });

  it.each(['[]', 'null', '3', '"text"'])('is told when the whole is %s', (text) => {
    expect(complaint(text)).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('It: ') as string,
    });
  });
});

describe('callbacks', () => {
  const whole = (callbacks: object, root = 'https://wallet.paysera.com/rest/v1') =>
    parseConfiguration(changed({ api: { root }, callbacks }), 'config.json').callbacks;

  it('have a public address, or an API on this machine', () => {
    const publicAddress = 'https://pay.example.lt/callbacks/T1';
    expect(whole({ enabled: true, publicAddress })).toMatchObject({ enabled: true, publicAddress });
    expect(whole({ enabled: true }, 'http://127.0.0.1:8080/rest/v1').publicAddress).toBeUndefined();
    expect(whole({ enabled: false }).enabled).toBe(false);
  });
});

describe('defaults', () => {
  it('are those that the document names', () => {
    expect(parseConfiguration(JSON.stringify(least), 'config.json')).toEqual({
      terminal: { name: 'T1', language: 'en', timeZone: 'Europe/Vilnius', dataFolder: 'data' },
      displays: [],
      callbacks: {
        enabled: false,
        host: '127.0.0.1',
        port: 8702,
        silentAfterMs: 10_000,
        trustedForMs: 3_600_000,
      },
      merchant: least.merchant,
      api: {
        root: 'https://wallet.paysera.com/rest/v1',
        macId: 'wkVd93h2uS',
        connectTimeoutMs: 2000,
        requestTimeoutMs: 10_000,
      },
      key: {},
      spot: least.spot,
      payment: {
        currency: 'EUR',
        reserveForSeconds: 900,
        billExpiresAfterMs: 7_200_000,
        maximumOpenBills: 20,
        foreignOrders: 'observe',
        closeAfterMs: 1500,
        paidScreenMs: 6000,
        refusedScreenMs: 8000,
        waitingCloseAfterMs: 1_800_000,
      },
      requests: {
        perMinute: 60,
        perHour: 900,
        sharePercent: 100,
        openingHours: [],
        shopClosedEveryMs: 70_000,
        idleEveryMs: 18_000,
        waitingEveryMs: 6000,
        offeredEveryMs: 1000,
        offeredOldEveryMs: 15_000,
        freshForMs: 120_000,
        unavailableAfterMs: 20_000,
      },
      printer: {
        connection: { type: 'none' },
        profile: 'epson',
        retryEveryMs: 1500,
        maximumAgeMs: 600_000,
        transliterate: false,
        drawer: 'none',
        buzzer: false,
        doubtful: 'copy',
        connectTimeoutMs: 2000,
        jobTimeoutMs: 30_000,
      },
      till: { enabled: true, host: '127.0.0.1', port: 8701 },
      screens: { host: '127.0.0.1', port: 8700 },
      staff: { lockAfterMs: 60_000, wrongTries: 10, lockOutMs: 1_800_000 },
      log: { level: 'info' },
    });
  });

  it('fill up what a connection of the printer leaves out', () => {
    const connectionOf = (connection: object) =>
      parseConfiguration(changed({ printer: { connection } }), 'config.json').printer.connection;
    expect(connectionOf({ type: 'tcp', host: '192.168.1.50' })).toEqual({
      type: 'tcp',
      host: '192.168.1.50',
      port: 9100,
    });
    expect(connectionOf({ type: 'serial', path: '/dev/ttyUSB0' })).toEqual({
      type: 'serial',
      path: '/dev/ttyUSB0',
      baudRate: 115_200,
      flowControl: 'hardware',
    });
  });
});
