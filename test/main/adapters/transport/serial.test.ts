import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createSerialTransport } from '../../../../src/main/adapters/transport/serial.ts';
import type { Connection, Transport } from '../../../../src/main/adapters/transport/transport.ts';
import { closePort, openFar, startWire, type Wire } from './pty.ts';

const clock = createSystemClock();
const { signal } = new AbortController();
const limit = { milliseconds: 2_000, signal };
let wire: Wire;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  wire = await startWire();
});

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
  await wire.unplug();
});

const transportTo = (path: string): Transport =>
  createSerialTransport({ path, baudRate: 115_200, flowControl: 'none', clock });

async function open(): Promise<Connection> {
  const connection = await transportTo(wire.near).open(signal);
  ends.push(() => connection.close());
  return connection;
}

describe('a serial line', () => {
  it('carries every byte both ways', async () => {
    const far = await openFar(wire);
    ends.push(() => closePort(far));
    far.on('data', (bytes: Buffer) => far.write(bytes));
    const connection = await open();
    const heard: number[] = [];
    connection.onData((bytes) => heard.push(...bytes));
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await connection.write(all, limit);
    await vi.waitFor(
      () => {
        expect(heard).toEqual([...all]);
      },
      { timeout: 10_000 },
    );
  });

  it('knows its speed', () => {
    expect(transportTo('x').bytesPerSecond).toBe(11_520);
  });

  it('that is missing is unreachable; that is something else is the wrong device', async () => {
    await expect(transportTo(`${wire.near}-not`).open(signal)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(transportTo('/dev/null').open(signal)).rejects.toMatchObject({ code: 'wrong_device' });
  });

  it('has one user at a time', async () => {
    await open();
    await expect(transportTo(wire.near).open(signal)).rejects.toMatchObject({ code: 'busy', sent: 'nothing' });
  });

  it('tells once when the cable is pulled, and takes no more', async () => {
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
    await connection.close();
    expect(reasons).toHaveLength(1);
  });

  it('to a device that never reads ends a write at its deadline; the next connection does not send what was left', async () => {
    const connection = await open();
    const writing = connection.write(Buffer.alloc(1_000_000, 0x41), { milliseconds: 200, signal });
    await expect(writing).rejects.toMatchObject({ code: 'timeout', sent: 'something' });
    await wire.unplug();
    wire = await startWire();
    const far = await openFar(wire);
    ends.push(() => closePort(far));
    const heard: number[] = [];
    far.on('data', (bytes: Buffer) => heard.push(...bytes));
    const again = await open();
    await again.write(Uint8Array.of(0x42), limit);
    await vi.waitFor(
      () => {
        expect(heard).toEqual([0x42]);
      },
      { timeout: 10_000 },
    );
  });

  it('can be opened again after it was closed', async () => {
    const first = await open();
    await first.close();
    const second = await open();
    expect([first.isClosed, second.isClosed]).toEqual([true, false]);
  });
});
