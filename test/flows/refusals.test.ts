import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../fakes/until.ts';
import { runToEnd } from './process.ts';
import { coffee, spotCode, Stage } from './stage.ts';

/** What goes wrong at the start: one sentence that says what to do, a code, and an exit code. Nothing is lost. */

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.openSandbox();
});
afterAll(async () => {
  await stage.close();
});

let original: string;
beforeEach(() => {
  original = readFileSync(stage.config, 'utf8');
});
afterEach(() => {
  writeFileSync(stage.config, original);
  chmodSync(join(stage.folder, 'mac-key'), 0o600);
});

const start = () => runToEnd('src/main/headless.ts', ['--config', stage.config]);
const configure = (section: string, values: object) => {
  const configuration = JSON.parse(original) as Record<string, object>;
  writeFileSync(
    stage.config,
    JSON.stringify({ ...configuration, [section]: { ...configuration[section], ...values } }),
  );
};
const data = () => {
  mkdirSync(join(stage.folder, 'data'), { recursive: true, mode: 0o700 });
  return join(stage.folder, 'data', 'journal.db');
};

describe('a terminal that cannot start says why', () => {
  it.each<[string, () => void, number, string, string]>([
    [
      'the configuration is not JSON',
      () => {
        writeFileSync(stage.config, '{"terminal": }');
      },
      78,
      'config_not_json',
      'line 1, column',
    ],
    [
      'a setting is misspelt',
      () => {
        configure('spot', { identifer: 'TABLE1' });
      },
      78,
      'config_invalid',
      'Did you mean identifier?',
    ],
    [
      'a value is out of range',
      () => {
        configure('payment', { reserveForSeconds: 1 });
      },
      78,
      'config_invalid',
      'payment.reserveForSeconds',
    ],
    [
      'the key stands in the configuration',
      () => {
        configure('api', { macKey: 'secret' });
      },
      78,
      'config_holds_key',
      'file of its own',
    ],
    [
      'the key file can be read by others',
      () => {
        chmodSync(join(stage.folder, 'mac-key'), 0o644);
      },
      78,
      'key',
      'mac-key',
    ],
    [
      'the key file is missing',
      () => {
        configure('key', { file: 'no-such-file' });
      },
      78,
      'key',
      'no-such-file',
    ],
    [
      'the journal is damaged',
      () => {
        writeFileSync(data(), 'x'.repeat(5000));
      },
      74,
      'journal_damaged',
      'Keep the file',
    ],
  ])('%s', async (_name, spoil, exitCode, code, words) => {
    spoil();
    const { code: exit, err, out } = await start();
    expect(exit).toBe(exitCode);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(words);
    expect(err).toContain(code);
    expect(err).not.toContain(stage.sandbox.ready.merchant.macKey);
    writeFileSync(data(), '');
  });

  it('the configuration is missing', async () => {
    const { code, err } = await runToEnd('src/main/headless.ts', ['--config', '/no/such/config.json', '--no-setup']);
    expect(code).toBe(78);
    expect(err).toContain('There is no configuration at /no/such/config.json');
  });

  it('an argument is unknown', async () => {
    const { code, err } = await runToEnd('src/main/headless.ts', ['--confg', 'x']);
    expect(code).toBe(64);
    expect(err).toContain('--help');
  });

  it('the journal is from a newer program', async () => {
    writeFileSync(data(), '');
    const database = new DatabaseSync(data());
    database.exec('PRAGMA user_version = 999');
    database.close();
    const { code, err } = await start();
    expect(code).toBe(74);
    expect(err).toContain('newer version');
    writeFileSync(data(), '');
  });

  it('a port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    configure('till', { port });
    const { code, err } = await start();
    expect(code).toBe(75);
    expect(err).toContain(`Port ${port}`);
    configure('screens', { port });
    const screens = await start();
    expect(screens.code).toBe(75);
    expect(screens.err).toContain(`Port ${port}`);
    server.close();
  });

  it('another terminal runs on the same folder', async () => {
    await stage.restart();
    const { code, err } = await start();
    expect(code).toBe(75);
    expect(err).toContain('Another terminal is running');
    const bill = await stage.putIn({ ...coffee, number: 'still-served' });
    expect((await stage.bill(bill)).number).toBe('still-served');
    await stage.terminal.stop();
  });
});

describe('a terminal that runs says what is wrong', () => {
  let running: Stage;
  afterEach(async () => {
    await running.close();
  });
  const state = async () =>
    (await (await running.till('GET', '/v1/state')).json()) as { view: string; reason?: string };
  const unavailable = (reason: string) =>
    until(async () => (await state()).reason === reason, `the terminal to be unavailable: ${reason}`, 40_000);
  const soon = { requests: { unavailableAfterMs: 1000, idleEveryMs: 1000 } };

  it('the key is wrong', async () => {
    running = await Stage.openSandbox(soon);
    writeFileSync(join(running.folder, 'mac-key'), 'not-the-key', { mode: 0o600 });
    await running.restart();
    await unavailable('key_refused');
    expect(running.terminal.log()).toMatch(/key/i);
    expect(running.terminal.log()).not.toContain('not-the-key');
  });

  it('the API cannot be reached, and bills put in meanwhile are offered when it can', async () => {
    running = await Stage.open(soon);
    await running.control('faults', { fault: { type: 'drop' } });
    await unavailable('api_unreachable');
    const bill = await running.putIn();
    expect((await running.bill(bill)).status).toBe('preparing');
    await running.clearFaults();
    await running.billIs(bill, 'offered', 60_000);
  });

  it("the machine's clock is days off: payments go on by the API's clock", async () => {
    running = await Stage.openSandbox(soon);
    await running.control('clock', { offsetSeconds: 3 * 86_400 });
    await running.restart();
    const bill = await running.putIn();
    await running.billIs(bill, 'offered');
    await running.phone('check-in', { user: 0, code: spotCode });
    await running.phone('pay', { user: 0, transactionKey: await running.payable() });
    await running.billIs(bill, 'paid');
  });

  it('the printer is off: the receipt waits, and comes when it is on', async () => {
    running = await Stage.open({ ...soon, printer: { retryEveryMs: 500 } });
    await running.control('printer', { refuse: true });
    const bill = await running.putIn();
    await running.billIs(bill, 'offered');
    await running.phone('check-in', { user: 0, code: spotCode });
    await running.phone('pay', { user: 0, transactionKey: await running.payable() });
    await running.billIs(bill, 'paid');
    expect(await running.receipts()).toHaveLength(0);
    await running.control('printer', { refuse: false });
    const [receipt] = await until(
      async () => {
        const receipts = await running.receipts();
        return receipts.length > 0 && receipts;
      },
      'the receipt to come out',
      30_000,
    );
    expect(receipt?.text).not.toContain('COPY');
  });

  it('merchants may not read spots: the payment is followed through lists', async () => {
    running = await Stage.openSandbox({ requests: { idleEveryMs: 1000, waitingEveryMs: 1000 } });
    await running.control('switches', { merchantMayReadSpots: false });
    await running.restart();
    const bill = await running.putIn();
    await running.phone('check-in', { user: 0, code: spotCode });
    await running.billIs(bill, 'offered', 40_000);
    await running.phone('pay', { user: 0, transactionKey: await running.payable() });
    await running.billIs(bill, 'paid', 40_000);
    await until(async () => (await running.world()).spots[0]?.status === 'closed', 'the spot to be closed', 40_000);
  });

  it('the amount was changed after the reservation: the money goes back, and staff may offer the bill again', async () => {
    running = await Stage.open(soon);
    const bill = await running.putIn();
    await running.billIs(bill, 'offered');
    await running.phone('check-in', { user: 0, code: spotCode });
    const key = await running.payable();
    await running.control(`transactions/${key}`, { amount: 1 });
    await running.phone('pay', { user: 0, transactionKey: key });
    expect(await running.billIs(bill, 'refused')).toMatchObject({ reason: 'amount_differs' });
    await until(async () => {
      const { transactions, users } = await running.world();
      return transactions.every(({ status }) => status === 'revoked') && users[0]?.locked === 0;
    }, 'the money to be back');
    const draft = { ...coffee, number: 'again' };
    expect((await running.till('PUT', `/v1/bills/${bill}`, draft)).status).toBe(200);
    await running.billIs(bill, 'offered');
  });

  it('a foreign order is shown and its receipt printed once it is confirmed', async () => {
    running = await Stage.open(soon);
    const spotId = await until(async () => (await running.world()).spots[0]?.id, 'the spot to be known');
    await running.phone('check-in', { user: 0, code: spotCode });
    await running.control(`spots/${spotId}/foreign-order`, { amount: 777, description: 'Made elsewhere' });
    const key = await running.payable();
    await until(async () => {
      const { bills } = (await (await running.till('GET', '/v1/state')).json()) as { bills: { total: number }[] };
      return bills.some(({ total }) => total === 777);
    }, 'it to be shown');
    await running.phone('pay', { user: 0, transactionKey: key });
    await running.control(`transactions/${key}/confirm`);
    const [receipt] = await until(async () => {
      const receipts = await running.receipts();
      return receipts.length > 0 && receipts;
    }, 'its receipt to be printed');
    expect(receipt?.text).toContain('Made elsewhere');
  });
});
