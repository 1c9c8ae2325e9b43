import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../fakes/until.ts';
import { coffee, spotCode, Stage } from './stage.ts';

/** A real terminal with a panel's double on a real serial port. */

interface Said {
  readonly glass?: { readonly page: string; readonly texts: Readonly<Record<string, string>> };
  readonly problem?: string;
}

let folder: string;
let stage: Stage | undefined;
let double: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'panel-'));
});
afterEach(async () => {
  await stage?.close();
  stage = undefined;
  await endDouble();
  rmSync(folder, { recursive: true, force: true });
});

const link = () => join(folder, 'nextion.pty');
const said: Said[] = [];
const glass = () => said.findLast(({ glass: seen }) => seen !== undefined)?.glass;
const problems = () => said.flatMap(({ problem }) => problem ?? []);

async function startDouble(...more: readonly string[]): Promise<void> {
  said.length = 0;
  const program = fileURLToPath(new URL('../../sandbox/devices/main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'nextion', '--link', link(), ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  double = child;
  let unread = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${unread}${text}`.split('\n');
    unread = lines.pop() ?? '';
    said.push(...lines.map((line) => JSON.parse(line) as Said));
  });
  await until(() => said.length > 0, 'the panel');
}

async function endDouble(): Promise<void> {
  const child = double;
  double = undefined;
  if (!child || child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

const shows = (page: string, code: string, first: RegExp) =>
  until(
    () => {
      const seen = glass();
      return seen?.page === page && seen.texts['qr0'] === code && first.test(seen.texts['t0'] ?? '');
    },
    `${page} with ${code} and ${String(first)}`,
  );

describe('a terminal with a QR display', () => {
  it('shows the spot, the amount and the payment on it, and leaves it dark', async () => {
    await startDouble();
    stage = await Stage.open({ displays: [{ type: 'nextion', path: link(), brightness: 60 }] });
    await shows('qr', spotCode, /^Scan to pay$/);
    await stage.putIn();
    await shows('qr', spotCode, /^To pay 12.80 EUR$/);
    await stage.checkInAndPay(spotCode);
    await shows('message', '', /^Paid/);
    await shows('qr', spotCode, /^Scan to pay$/);
    await stage.terminal.stop();
    await shows('message', '', /^$/);
    expect(problems()).toEqual([]);
  });

  it('shows the present again after the panel has restarted, and after its cable was pulled', async () => {
    await startDouble();
    stage = await Stage.open({ displays: [{ type: 'nextion', path: link() }] });
    await shows('qr', spotCode, /^Scan to pay$/);
    double?.stdin?.write('restart\n');
    await until(() => glass()?.page === 'message', 'the restarted panel');
    await shows('qr', spotCode, /^Scan to pay$/);
    await endDouble();
    await stage.putIn({ ...coffee, number: '2026-0019' });
    await startDouble();
    await shows('qr', spotCode, /^To pay 12.80 EUR$/);
    // Nothing of before the cable was pulled.
    expect(said.flatMap(({ glass: seen }) => seen?.texts['t0'] ?? [])).not.toContain('Scan to pay');
  });

  it('whose project cuts the code short never shows the rest of it for long, and says so', async () => {
    await startDouble('--longest', '12');
    stage = await Stage.open({ displays: [{ type: 'nextion', path: link() }] });
    await until(() => stage?.terminal.log().includes('cuts the code short after 12 characters'), 'the complaint');
    await until(() => Object.values(glass()?.texts ?? {}).every((text) => text === ''), 'a dark panel');
  });
});
