import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Glass } from '../../sandbox/devices/types.ts';
import { until } from '../fakes/until.ts';
import { coffee, spotCode, Stage } from './stage.ts';

/** A real terminal with a panel's double on a real serial port. */

interface Said {
  readonly glass?: Glass;
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

async function startDouble(): Promise<void> {
  said.length = 0;
  const program = fileURLToPath(new URL('../../sandbox/devices/main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'nextion', '--link', link()], {
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

const shows = (code: string | null, ...lines: readonly string[]) =>
  until(
    () => {
      const seen = glass();
      return seen?.lit === true && seen.code === code && seen.lines.join('\n') === lines.join('\n');
    },
    `a panel with ${String(code)} and ${lines.join(', ')}`,
  );
const tell = (command: string) => double?.stdin?.write(`${command}\n`);

describe('a terminal with a QR display', () => {
  it('shows the spot, the amount and the payment on it, and leaves it dark', async () => {
    await startDouble();
    stage = await Stage.open({ displays: [{ type: 'nextion', address: link(), brightness: 60 }] });
    await shows(spotCode, 'Scan to pay');
    await stage.putIn();
    await shows(spotCode, 'To pay', '12.80 EUR');
    await stage.checkInAndPay(spotCode);
    await shows(null, 'Paid', '12.80 EUR');
    await shows(spotCode, 'Scan to pay');
    await stage.terminal.stop();
    await shows(null);
    expect(problems()).toEqual([]);
  });

  it('shows the present again after the panel has restarted, and after its cable was pulled', async () => {
    await startDouble();
    stage = await Stage.open({ displays: [{ type: 'nextion', address: link() }] });
    await shows(spotCode, 'Scan to pay');
    tell('restart');
    await until(() => glass()?.lit === false, 'the restarting panel');
    await shows(spotCode, 'Scan to pay');
    tell('unplug');
    await until(() => !existsSync(link()), 'the pulled cable');
    await stage.putIn({ ...coffee, number: '2026-0019' });
    const before = said.length;
    tell('plug');
    await shows(spotCode, 'To pay', '12.80 EUR');
    // Nothing of before the cable was pulled, once it was cleared.
    const seen = said.slice(before).flatMap((each) => each.glass?.lines.join(' ') ?? []);
    expect(seen.slice(seen.indexOf(''))).not.toContain('Scan to pay');
  });

  it('whose project cuts the code short never shows the rest of it for long, and says so', async () => {
    await startDouble();
    tell('set longestCode 12');
    stage = await Stage.open({ displays: [{ type: 'nextion', address: link() }] });
    await until(() => stage?.terminal.log().includes('display_wrong_content'), 'the complaint');
    await until(() => glass()?.code === null && glass()?.lines.length === 0, 'a dark panel');
  });
});
