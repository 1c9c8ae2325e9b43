/** A terminal is broken in more than twenty ways, one at a time: each time the doctor names the part, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { examine, type Finding } from '../../src/main/doctor/doctor.ts';
import { runToEnd } from './process.ts';
import { until } from '../fakes/until.ts';
import { coffee, Stage } from './stage.ts';

const screensFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url));

let stage: Stage;
let sound: string;
const servers: Server[] = [];
beforeAll(async () => {
  stage = await Stage.open();
  await stage.putIn();
  await stage.terminal.stop();
  sound = mkdtempSync(join(tmpdir(), 'doctor-'));
  cpSync(stage.folder, sound, { recursive: true });
}, 60_000);
afterAll(async () => {
  await stage.close();
  rmSync(sound, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(stage.folder, { recursive: true, force: true });
  cpSync(sound, stage.folder, { recursive: true });
  chmodSync(join(stage.folder, 'data'), 0o700);
  await stage.control('clock', { offsetSeconds: 0 });
  await stage.clearFaults();
  await stage.control('printer', { paper: 'ok', coverOpen: false, cutterError: false, offline: false, refuse: false });
});

const data = (name: string) => join(stage.folder, 'data', name);
const configure = (section: string, values: object) => {
  const all = JSON.parse(readFileSync(stage.config, 'utf8')) as Record<string, object>;
  const now = Array.isArray(values) ? values : { ...all[section], ...values };
  writeFileSync(stage.config, JSON.stringify({ ...all, [section]: now }));
};
const look = (folder = screensFolder) =>
  examine({
    path: stage.config,
    screensFolder: folder,
    signal: AbortSignal.timeout(30_000),
    onFinding: () => undefined,
  });
const notWell = (findings: readonly Finding[]) =>
  findings.flatMap(({ part, status, code }) =>
    status === 'failed' || status === 'warning' ? [`${part}: ${code}`] : [],
  );

/** Something that listens; gives its port. */
async function listen(onConnect: (bytes: (data: Buffer) => void) => (data: Buffer) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const hear = onConnect((bytes) => socket.write(bytes));
    socket.on('data', hear);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const breaks: readonly (readonly [what: string, spoil: () => unknown, found: string])[] = [
  [
    'the configuration is missing',
    () => {
      rmSync(stage.config);
    },
    'configuration: config_missing',
  ],
  [
    'the configuration is not JSON',
    () => {
      writeFileSync(stage.config, '{');
    },
    'configuration: config_not_json',
  ],
  [
    'a setting is misspelt',
    () => {
      configure('spot', { identifer: 'X' });
    },
    'configuration: config_invalid',
  ],
  [
    'the key stands in the configuration',
    () => {
      configure('api', { macKey: 'x' });
    },
    'configuration: config_holds_key',
  ],
  [
    'the key file is missing',
    () => {
      rmSync(join(stage.folder, 'mac-key'));
    },
    'key: key_missing',
  ],
  [
    'others can read the key',
    () => {
      chmodSync(join(stage.folder, 'mac-key'), 0o644);
    },
    'key: key_exposed',
  ],
  [
    'the key is another one',
    () => {
      writeFileSync(join(stage.folder, 'mac-key'), 'another');
    },
    'key: key_refused',
  ],
  [
    'the MAC id is wrong',
    () => {
      configure('api', { macId: 'nobody' });
    },
    'key: key_refused',
  ],
  [
    'others may look into the data folder',
    () => {
      chmodSync(join(stage.folder, 'data'), 0o755);
    },
    'data_folder: folder_exposed',
  ],
  [
    'the journal is no journal',
    () => {
      rmSync(data('journal.db-wal'), { force: true });
      writeFileSync(data('journal.db'), 'x'.repeat(5000));
    },
    'journal: journal_damaged',
  ],
  ['an entry of the journal was changed', alterEntry, 'journal: journal_damaged'],
  [
    'the journal is of a newer version',
    () => {
      withJournal((database) => {
        database.exec('PRAGMA user_version = 99');
      });
    },
    'journal: journal_newer',
  ],
  [
    'another program has the till port',
    async () => {
      configure('till', { port: await listen(() => () => undefined) });
    },
    'till: port_taken',
  ],
  [
    'another program has the port of the screens',
    async () => {
      configure('screens', { port: await listen(() => () => undefined) });
    },
    'screens: port_taken',
  ],
  [
    "the address of the screens is not this machine's",
    () => {
      configure('screens', { host: '192.0.2.1', port: 8700 });
    },
    'screens: port_unusable',
  ],
  ['the clock is an hour off', () => stage.control('clock', { offsetSeconds: 3600 }), 'clock: clock_off'],
  [
    'nobody answers at the address of the API',
    () => {
      configure('api', { root: 'http://127.0.0.1:9/rest/v1' });
    },
    'api: connection_refused',
  ],
  [
    'the API fails',
    () =>
      stage.control('faults', {
        match: { path: 'server' },
        times: 9,
        fault: { type: 'status', status: 503 },
      }),
    'api: gateway_error',
  ],
  [
    'the location is wrong',
    () => {
      configure('spot', { locationId: 99_999 });
    },
    'spot: spot_not_found',
  ],
  ['the budget of requests is spent', spendBudget, 'budget: spent'],
  ['Paysera asked for a pause', pauseBudget, 'budget: paused'],
  ['the printer is off', () => stage.control('printer', { refuse: true }), 'printer: not_answering'],
  ['the printer has no paper', () => stage.control('printer', { paper: 'out' }), 'printer: paper_out'],
  ["the printer's cover is open", () => stage.control('printer', { coverOpen: true }), 'printer: cover_open'],
  ["the printer's cutter is jammed", () => stage.control('printer', { cutterError: true }), 'printer: cutter_jammed'],
  [
    'something else answers for the printer',
    async () => {
      configure('printer', {
        connection: {
          type: 'tcp',
          host: '127.0.0.1',
          port: await listen((send) => () => {
            send(Buffer.from('SSH-2.0'));
          }),
        },
      });
    },
    'printer: wrong_device',
  ],
  [
    'the display is not there',
    () => {
      configure('displays', [{ type: 'nextion', address: '/dev/ttyNOWHERE' }]);
    },
    'display: display_not_found',
  ],
  [
    'the display does not answer',
    async () => {
      configure('displays', [{ type: 'nextion', address: `tcp://127.0.0.1:${await listen(() => () => undefined)}` }]);
    },
    'display: display_not_answering',
  ],
  [
    'the display cannot show the code',
    () => {
      configure('displays', [{ type: 'line-box', address: '/dev/ttyNOWHERE', codeForm: 'plain' }]);
    },
    'display: display_code_refused',
  ],
];

function withJournal(act: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(data('journal.db'));
  act(database);
  database.close();
}

function alterEntry(): void {
  withJournal((database) => {
    database.exec("UPDATE entries SET content = replace(content, '2026-0017', '2026-0018')");
  });
}

/** The file of the request budget, as if its requests had left just now. */
function budget(change: object): void {
  const file = JSON.parse(readFileSync(data('requests.json'), 'utf8')) as { boot: string };
  const { boot } = file;
  const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  writeFileSync(
    data('requests.json'),
    JSON.stringify({ form: 1, boot, uptimeMs, wall: Date.now(), pausedForMs: 0, blocks: 0, sent: [], ...change }),
  );
}

function spendBudget(): void {
  budget({ sent: Array.from({ length: 58 }, () => [100, 0]) });
}

function pauseBudget(): void {
  budget({ pausedForMs: 50_000 });
}

describe('a terminal that is broken', () => {
  it('is well before', async () => {
    const findings = await look();
    expect(notWell(findings)).toEqual([]);
    expect(findings.map(({ part }) => part)).toEqual(
      expect.arrayContaining(['configuration', 'key', 'journal', 'disk', 'clock', 'api', 'spot', 'budget', 'printer']),
    );
  });

  it.each(breaks)('%s', async (_what, spoil, found) => {
    await spoil();
    const findings = await look();
    expect(notWell(findings)).toEqual([found]);
    const told = findings.map(({ message }) => message).join('\n');
    expect(told).not.toContain(stage.sandbox.ready.merchant.macKey);
  });

  it('the screens are missing', async () => {
    expect(notWell(await look('/nowhere'))).toEqual(['fonts: fonts_missing', 'screens: screens_missing']);
  });

  it('a typeface of the screens is missing', async () => {
    const screens = join(stage.folder, 'screens');
    cpSync(screensFolder, screens, { recursive: true });
    const [typeface = ''] = readdirSync(join(screens, 'assets')).filter((name) => name.endsWith('.woff2'));
    writeFileSync(join(screens, 'assets', typeface), 'not a typeface');
    expect(notWell(await look(screens))).toEqual(['fonts: fonts_missing']);
  });

  it('another terminal offers its bills at the same spot', async () => {
    await stage.restart();
    try {
      await stage.putIn({ ...coffee, number: '2026-0018' });
      await until(async () => (await stage.world()).orders.length > 0, 'the order of the other terminal');
    } finally {
      await stage.terminal.stop();
    }
    configure('terminal', { name: 'T2' });
    const findings = await look();
    expect(notWell(findings)).toEqual(['spot: other_terminal']);
    expect(findings.find(({ part }) => part === 'spot')?.message).toContain('T1');
  });

  it('the disk is full', async () => {
    const folder = join(stage.folder, 'small');
    mkdirSync(folder);
    const program = `import { examineDisk } from ${JSON.stringify(fileURLToPath(new URL('../../src/main/doctor/machine.ts', import.meta.url)))};
      console.log(JSON.stringify(examineDisk(process.argv[1])));`;
    const shell = 'mount -t tmpfs -o size=8m tmpfs "$1" && "$2" --input-type=module -e "$3" "$1"';
    const child = spawn('unshare', [
      '--mount',
      '--map-root-user',
      'sh',
      '-c',
      shell,
      'sh',
      folder,
      process.execPath,
      program,
    ]);
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await once(child, 'close');
    expect(JSON.parse(out)).toMatchObject({ part: 'disk', status: 'failed', code: 'disk_full' });
  });
});

describe('npm run doctor', () => {
  it('says it to people and to programs, and by its exit code', async () => {
    const well = await runToEnd('scripts/doctor.ts', ['--config', stage.config]);
    expect(well).toMatchObject({ code: 0, err: '' });
    expect(well.out).toContain('PAYSERA*3:TABLE1');
    await stage.control('printer', { paper: 'out' });
    const { code, out } = await runToEnd('scripts/doctor.ts', ['--config', stage.config, '--json']);
    expect(code).toBe(1);
    const findings = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding);
    expect(findings.filter(({ status }) => status === 'failed')).toMatchObject([
      { part: 'printer', code: 'paper_out' },
    ]);
    expect((await runToEnd('scripts/doctor.ts', ['--frob'])).code).toBe(2);
  });

  it('leaves the devices of a running terminal alone', async () => {
    await stage.restart();
    try {
      const findings = await look();
      expect(notWell(findings)).toEqual([]);
      expect(findings.find(({ part }) => part === 'printer')).toMatchObject({ status: 'skipped' });
    } finally {
      await stage.terminal.stop();
    }
  });
});
