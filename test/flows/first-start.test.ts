import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { codeOf } from '../../src/main/adapters/setup/code.ts';
import { sealSetup } from '../../src/main/adapters/setup/seal.ts';
import { openNotifySocket } from '../fakes/notify-socket.ts';
import { until } from '../fakes/until.ts';
import { start } from './process.ts';
import { Stage } from './stage.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const passphrase = 'correct horse battery staple';

test('a service without a configuration is well, shows its set-up, and starts anew with what it was given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-start-'));
  ends.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const socket = await openNotifySocket();
  ends.push(() => socket.close());
  const stage = await Stage.openSandbox();
  ends.push(() => stage.close());
  const given = JSON.parse(readFileSync(stage.config, 'utf8')) as { key?: unknown };
  delete given.key;
  const { merchant } = stage.sandbox.ready;
  const { privateKey: signer } = generateKeyPairSync('ed25519');
  const file = await sealSetup(
    { configuration: { ...given }, macKey: merchant.macKey },
    { passphrase, signer, label: 'T1', at: Date.now() },
  );

  const config = join(folder, 'config.json');
  const data = join(folder, 'data-of-the-service');
  const environment = {
    NOTIFY_SOCKET: socket.path,
    WATCHDOG_USEC: '2000000',
    RUNTIME_DIRECTORY: folder,
    STATE_DIRECTORY: data,
  };
  const service = start<{ setupUrl: string }>('src/main/headless.ts', ['--config', config], environment);
  ends.push(() => service.stop());
  const { setupUrl } = await service.ready;
  await until(() => socket.lines().includes('READY=1') && socket.count('WATCHDOG=1') > 1, 'signs of life');
  expect(readFileSync(join(folder, 'screen-address'), 'utf8')).toBe(`${setupUrl}\n`);
  expect(readFileSync(join(folder, 'state'), 'utf8')).toContain('view=setup\n');

  const cookie = (await fetch(setupUrl, { redirect: 'manual' })).headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const post = async (path: string, body: object) => {
    const answer = await fetch(new URL(`/setup/${path}`, setupUrl), {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    return (await answer.json()) as { ok: boolean };
  };
  expect(await post('read', { text: codeOf(file) })).toMatchObject({ ok: true });
  expect(await post('open', { passphrase })).toMatchObject({ ok: true });
  expect(existsSync(config)).toBe(true);
  // What the set-up file leaves open is where the service has its own folder, not beside its configuration.
  expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ terminal: { dataFolder: data } });
  expect(await post('start', {})).toMatchObject({ ok: true });
  expect(await service.exited).toBe(85);

  const again = start<{ ready: string }>('src/main/headless.ts', ['--config', config], environment);
  ends.push(() => again.stop());
  expect(await again.ready).toMatchObject({ ready: 'terminal' });
  await until(() => readFileSync(join(folder, 'state'), 'utf8').includes('view=idle'), 'the spot’s code');
});
