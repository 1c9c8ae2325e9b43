import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createDeviceFileTransport } from '../../../../src/main/adapters/transport/device-file.ts';
import type { Connection } from '../../../../src/main/adapters/transport/transport.ts';
import { closePort, openFar, startWire, type Wire } from './pty.ts';

const clock = createSystemClock();
const { signal } = new AbortController();
const limit = { milliseconds: 2_000, signal };
const timeouts = { connectMs: 10_000, closeMs: 500 };
let wire: Wire;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  wire = await startWire();
});

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
  await wire.unplug();
});

async function open(path = wire.near): Promise<Connection> {
  const connection = await createDeviceFileTransport({ path, clock, timeouts }).open(signal);
  ends.push(() => connection.close());
  return connection;
}

describe('a device file', () => {
  it('carries every byte both ways, through its own process', async () => {
    const far = await openFar(wire);
    ends.push(() => closePort(far));
    far.on('data', (bytes: Buffer) => far.write(bytes));
    const connection = await open();
    const heard: number[] = [];
    connection.onData((bytes) => heard.push(...bytes));
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await connection.write(all, limit);
    await connection.write(all, limit);
    await vi.waitFor(
      () => {
        expect(heard).toEqual([...all, ...all]);
      },
      { timeout: 10_000 },
    );
  });

  it('that is missing is not made', async () => {
    await expect(open(`${wire.near}-not`)).rejects.toMatchObject({ code: 'unreachable', sent: 'nothing' });
  });

  it('that is a plain file or a folder is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'device-'));
    writeFileSync(join(folder, 'lp0'), 'mine');
    await expect(open(join(folder, 'lp0'))).rejects.toMatchObject({ code: 'wrong_device' });
    await expect(open(folder)).rejects.toMatchObject({ code: 'wrong_device' });
    rmSync(folder, { recursive: true });
  });

  it('that takes nothing ends a write at its deadline: the blocked process is killed', async () => {
    const connection = await open();
    const writing = connection.write(Buffer.alloc(1_000_000), { milliseconds: 200, signal });
    await expect(writing).rejects.toMatchObject({ code: 'timeout', sent: 'something' });
    expect(connection.isClosed).toBe(true);
  });

  it('whose write is given up is closed', async () => {
    const connection = await open();
    const abort = new AbortController();
    const writing = connection.write(Buffer.alloc(1_000_000), { milliseconds: 10_000, signal: abort.signal });
    abort.abort();
    await expect(writing).rejects.toMatchObject({ code: 'aborted', sent: 'something' });
  });

  it('that goes away tells once, and takes no more', async () => {
    const connection = await open();
    const reasons: string[] = [];
    connection.onClose((reason) => reasons.push(reason));
    await wire.unplug();
    await vi.waitFor(
      () => {
        expect(reasons).toHaveLength(1);
      },
      { timeout: 10_000 },
    );
    await expect(connection.write(Uint8Array.of(1), limit)).rejects.toMatchObject({ code: 'closed', sent: 'nothing' });
  });

  it('is let go when the connection is closed, and can be opened again', async () => {
    const first = await open();
    await first.write(Uint8Array.of(1), limit);
    await first.close();
    const second = await open();
    await second.write(Uint8Array.of(2), limit);
    expect(first.isClosed).toBe(true);
  });

  it('is not waited for when the program to hold it cannot be started', async () => {
    const transport = createDeviceFileTransport({ path: wire.near, clock, timeouts, executable: '/no/such/program' });
    await expect(transport.open(signal)).rejects.toMatchObject({ code: 'unreachable', sent: 'nothing' });
  });
});
