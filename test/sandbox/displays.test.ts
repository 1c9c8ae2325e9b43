import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SandboxStartError, startSandbox } from '../../sandbox/server.ts';
import { until } from '../fakes/until.ts';
import { readQr } from './printer/camera.ts';
import { readWithZbar } from './printer/zbar.ts';

/** The displays that the sandbox plays, by its control API. */

const bytes = (command: string) => Buffer.concat([Buffer.from(command), Buffer.of(0xff, 0xff, 0xff)]);

async function scene(displays: readonly { kind: string; link?: string }[]) {
  const sandbox = await startSandbox({ seed: 3, displays });
  onTestFinished(() => sandbox.stop());
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${sandbox.controlUrl}/displays${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };
  return { sandbox, call };
}

async function plugIn(address: string): Promise<Socket> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined).resume();
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

it('shows the glass, in words and as a picture', async () => {
  const { sandbox, call } = await scene([{ kind: 'nextion' }, { kind: 'line-box' }]);
  const [panel] = sandbox.displays.map((display) => display.state());
  const socket = await plugIn(panel?.address ?? '');
  for (const command of ['page qr', 'qr0.txt="PAYSERA*3:TABLE1"', 't0.txt="To pay"', 'nonsense']) {
    socket.write(bytes(command));
  }
  await until(async () => ((await call('GET', '/0')).json['problems'] as string[]).length > 0, 'the complaint');
  const { json } = await call('GET', '');
  expect(json['displays']).toMatchObject([
    { index: 0, kind: 'nextion', plugged: true, glass: { lit: true, code: 'PAYSERA*3:TABLE1', lines: ['To pay'] } },
    { index: 1, kind: 'line-box', problems: [] },
  ]);
  const picture = Buffer.from(await (await fetch(`${sandbox.controlUrl}/displays/0.png`)).arrayBuffer());
  expect(readQr(picture)).toBe('PAYSERA*3:TABLE1');
  expect(await readWithZbar(picture)).toBe('PAYSERA*3:TABLE1');
});

it('changes the faults that a kind has, and no others', async () => {
  const { sandbox, call } = await scene([{ kind: 'dgus' }]);
  expect(await call('POST', '/0', { silent: true, slowMs: 200 })).toMatchObject({
    status: 200,
    json: { faults: { silent: true, slowMs: 200, crc: false } },
  });
  expect((await call('POST', '/0', { unheardOf: true })).status).toBe(400);
  expect((await call('POST', '/0', { silent: 1 })).status).toBe(400);
  expect((await call('POST', '/0', { slowMs: -1 })).status).toBe(400);
  expect((await call('POST', '/1', {})).status).toBe(404);
  expect((await call('GET', '/x')).status).toBe(404);
  await sandbox.reset();
  expect(sandbox.displays[0]?.state().faults).toMatchObject({ silent: false, slowMs: 0 });
});

it('pulls cables out and puts them in again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'displays-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const link = join(folder, 'panel.pty');
  const { sandbox, call } = await scene([{ kind: 'nextion' }, { kind: 'nextion', link }]);
  expect(sandbox.displays[1]?.state().address).toBe(link);
  expect(existsSync(link)).toBe(true);
  const address = sandbox.displays[0]?.state().address ?? '';
  const socket = await plugIn(address);
  for (const index of [0, 1]) {
    expect(await call('POST', `/${index}/unplug`)).toMatchObject({ status: 200, json: { plugged: false } });
  }
  await until(() => socket.closed, 'the cable to be out');
  expect(existsSync(link)).toBe(false);
  const refused = await plugIn(address);
  await until(() => refused.closed, 'a new connection to be refused');
  for (const index of [0, 1]) {
    expect(await call('POST', `/${index}/plug`)).toMatchObject({ status: 200, json: { plugged: true } });
  }
  await until(() => existsSync(link), 'the port to be there');
  const again = await plugIn(address);
  again.write(bytes('page qr'));
  again.write(bytes('t0.txt="again"'));
  await until(() => sandbox.displays[0]?.state().glass.lines.includes('again'), 'the panel to be heard again');
  expect((await call('POST', '/0/restart')).status).toBe(200);
  await until(() => sandbox.displays[0]?.state().glass.lines.length === 0, 'the panel to have forgotten');
});

it('does not start with a display that cannot be had, and leaves nothing running', async () => {
  const displays = [{ kind: 'nextion' }, { kind: 'nextion', link: '/nowhere/panel.pty' }];
  const error = await startSandbox({ displays }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SandboxStartError);
  expect(error).toMatchObject({
    code: 'display_failed',
    message: expect.stringContaining('/nowhere/panel.pty') as string,
  });
});
