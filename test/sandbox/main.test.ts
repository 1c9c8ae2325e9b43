/** The program itself, in a process of its own. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { startSandbox } from '../../sandbox/server.ts';
import { startScene } from './scene.ts';
import { plain } from './signed.ts';

const main = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));

const readySchema = z.strictObject({
  ready: z.literal('sandbox'),
  baseUrl: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+\/rest\/v1$/),
  phoneUrl: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+\/phone$/),
  controlUrl: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+\/control$/),
  locationId: z.literal(3),
  merchant: z.strictObject({ macId: z.string().min(10), macKey: z.string().length(32) }),
  users: z
    .array(z.strictObject({ accessToken: z.string().min(24), macKey: z.string().length(32), walletId: z.int() }))
    .length(3),
  printer: z.strictObject({ host: z.literal('127.0.0.1'), port: z.int().positive() }),
  displays: z.array(z.strictObject({ kind: z.string(), address: z.string() })),
});

function run(...options: readonly string[]) {
  const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    written.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    written.stderr += chunk.toString();
  });
  return {
    child,
    ready: async () => {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      return readySchema.parse(JSON.parse(line));
    },
    ended: async () => {
      const [code] = (await closed) as [number | null];
      return { code, ...written };
    },
  };
}

describe('the sandbox as a program', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says in one line that it is ready, serves, and ends on %s',
    async (signal) => {
      const program = run('--port', '0', '--seed', '9');
      const ready = await program.ready();
      expect((await plain(`${ready.baseUrl}/server`)).json).toEqual({ time: expect.any(Number) as number });
      expect((await plain(ready.phoneUrl)).status).toBe(200);
      expect((await plain(`${ready.controlUrl}/receipts`)).status).toBe(200);
      program.child.kill(signal);
      const { code, stdout, stderr } = await program.ended();
      expect([code, stdout.trim().split('\n').length, stderr]).toEqual([0, 1, '']);
    },
  );

  it('ends although somebody is connected, and a delay is running', async () => {
    const program = run();
    const ready = await program.ready();
    await plain(`${ready.controlUrl}/faults`, 'POST', { fault: { type: 'delay', ms: 600_000 } });
    const lost = expect(plain(`${ready.baseUrl}/server`)).rejects.toThrow();
    await expect
      .poll(async () => (await plain(`${ready.controlUrl}/requests`)).json)
      .toMatchObject({ requests: [{ fault: 'delay' }] });
    program.child.kill('SIGTERM');
    expect((await program.ended()).code).toBe(0);
    await lost;
  });

  it('signs callbacks with the key that it is given', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, 'key.pem');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { baseUrl } = await run('--callback-key', file).ready();
    const { text } = await plain(`${new URL(baseUrl).origin}/publickey`);
    expect(text).toBe(publicKey.export({ type: 'spki', format: 'pem' }));
  });

  it('explains itself', async () => {
    const { code, stdout } = await run('--help').ended();
    expect(code).toBe(0);
    for (const option of ['--port', '--printer-port', '--seed', '--callback-key', '--callbacks-anywhere', '--help']) {
      expect(stdout).toContain(option);
    }
  });

  it.each([
    [['--port', 'x'], '--port takes a whole number from 0 to 65535.'],
    [['--port', '65536'], '--port takes a whole number from 0 to 65535.'],
    [['--printer-port=-1'], '--printer-port takes a whole number from 0 to 65535.'],
    [['--seed', '1.5'], '--seed takes a whole number from 0 to 4294967295.'],
    [['--prot', '1'], '--prot'],
    [['now'], 'now'],
    [['--callback-key', '/no/such/key.pem'], '--callback-key takes a file with a private RSA key in PEM.'],
    [['--callback-key', main], '--callback-key takes a file with a private RSA key in PEM.'],
  ])('refuses the options %j', async (options, sentence) => {
    const { code, stdout, stderr } = await run(...options).ended();
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('Try --help.');
  });

  it.each(['--port', '--printer-port'])('says that the port of %s is taken', async (option) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => {
      other.close();
    });
    const port = String((other.address() as AddressInfo).port);
    const { code, stderr } = await run(option, port).ended();
    expect(code).toBe(69);
    expect(stderr).toContain(`Port ${port}`);
    expect(stderr).toContain(`is taken. Choose another one with ${option}, or 0 for any free one.`);
  });
});

describe('the credentials', () => {
  const credentialsOf = async (seed?: number) => {
    const sandbox = await startSandbox(seed === undefined ? {} : { seed });
    onTestFinished(() => sandbox.stop());
    return JSON.stringify([sandbox.merchant, sandbox.users]);
  };

  it('are the same for the same seed, others for another, and random without', async () => {
    expect(await credentialsOf(1)).toBe(await credentialsOf(1));
    expect(await credentialsOf(2)).not.toBe(await credentialsOf(1));
    expect(await credentialsOf()).not.toBe(await credentialsOf());
  });

  it('and keys of a seed do not depend on how often somebody asks', async () => {
    const keys: string[] = [];
    for (const polls of [0, 5]) {
      const { sandbox, merchant } = await startScene();
      for (let poll = 0; poll < polls; poll += 1) await merchant('GET', '/spots');
      const payments = [{ description: 'x', price: 1, currency: 'EUR', parameters: null }];
      keys.push(sandbox.world.createTransaction({ payments, reserveForMs: 1, projectId: null }).key);
    }
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('a sandbox in the same process', () => {
  it('may be stopped twice, and leaves its ports free', async () => {
    const sandbox = await startSandbox({ locationId: 12, place: 'Bar' });
    expect(sandbox.world.spotByCode('PAYSERA*12:A')).toMatchObject({ title: 'Bar', locationId: 12 });
    const port = Number(new URL(sandbox.baseUrl).port);
    const printerPort = sandbox.printer.port;
    await Promise.all([sandbox.stop(), sandbox.stop()]);
    const again = await startSandbox({ port, printerPort });
    await again.stop();
  });

  it('that cannot have its port leaves nothing running', async () => {
    const first = await startSandbox();
    onTestFinished(() => first.stop());
    const ended = await startSandbox();
    await ended.stop();
    const printerPort = ended.printer.port;
    const port = Number(new URL(first.baseUrl).port);
    await expect(startSandbox({ port, printerPort })).rejects.toMatchObject({ code: 'port_taken' });
    const second = await startSandbox({ printerPort });
    await second.stop();
  });
});
