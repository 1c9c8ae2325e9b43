import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createTcpTransport } from '../../../../src/main/adapters/transport/tcp.ts';
import type { Connection } from '../../../../src/main/adapters/transport/transport.ts';
import { freePort, startServer, type TestServer } from './servers.ts';

const clock = createSystemClock();
const { signal } = new AbortController();
const limit = { milliseconds: 2_000, signal };
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
});

async function serve(onConnection: (socket: Socket, count: number) => void): Promise<TestServer> {
  const server = await startServer(onConnection);
  ends.push(() => server.stop());
  return server;
}

async function dial(port: number, closeMs = 1_000): Promise<Connection> {
  const timeouts = { connectMs: 2_000, closeMs };
  const connection = await createTcpTransport({ host: '127.0.0.1', port, clock, timeouts }).open(signal);
  ends.push(() => connection.close());
  return connection;
}

const closing = (connection: Connection): Promise<string> =>
  new Promise((resolve) => {
    connection.onClose(resolve);
  });

describe('a TCP line', () => {
  it('carries bytes both ways', async () => {
    const { port } = await serve((socket) => socket.pipe(socket));
    const connection = await dial(port);
    const heard: number[] = [];
    connection.onData((bytes) => heard.push(...bytes));
    await connection.write(Uint8Array.of(0, 27, 255), limit);
    await vi.waitFor(
      () => {
        expect(heard).toEqual([0, 27, 255]);
      },
      { timeout: 10_000 },
    );
  });

  it('that nobody listens on is unreachable, and nothing was sent', async () => {
    await expect(dial(await freePort())).rejects.toMatchObject({ code: 'unreachable', sent: 'nothing' });
  });

  it('is not waited for when it was given up', async () => {
    const { port } = await serve(() => undefined);
    const transport = createTcpTransport({ host: '127.0.0.1', port, clock });
    await expect(transport.open(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted', sent: 'nothing' });
  });

  it.each([
    ['ended', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('that the other side has %s tells once, and takes no more', async (_, end) => {
    const { port } = await serve((socket) => {
      socket.on('data', () => {
        end(socket);
      });
    });
    const connection = await dial(port);
    const reasons: string[] = [];
    connection.onClose((reason) => reasons.push(reason));
    await connection.write(Uint8Array.of(0), limit);
    await closing(connection);
    await expect(connection.write(Uint8Array.of(1), limit)).rejects.toMatchObject({ code: 'closed', sent: 'nothing' });
    await connection.close();
    expect(reasons).toHaveLength(1);
    expect(connection.isClosed).toBe(true);
  });

  it('to somebody who never reads ends a write at its deadline, and says that something may have left', async () => {
    const { port } = await serve((socket) => socket.pause());
    const connection = await dial(port);
    const much = Buffer.alloc(64 * 1024 * 1024);
    const writing = connection.write(much, { milliseconds: 100, signal });
    await expect(writing).rejects.toMatchObject({ code: 'timeout', sent: 'something' });
    expect(connection.isClosed).toBe(true);
  });

  it('ends politely: the other side gets everything, then an end, not a reset', async () => {
    const got: Buffer[] = [];
    const how: string[] = [];
    const { port } = await serve((socket) => {
      socket.on('data', (bytes) => got.push(bytes));
      socket.on('end', () => {
        how.push('end');
        socket.end();
      });
      socket.on('error', () => how.push('reset'));
    });
    const connection = await dial(port);
    await connection.write(Buffer.alloc(100_000, 7), limit);
    await connection.close();
    await vi.waitFor(
      () => {
        expect(how).toEqual(['end']);
      },
      { timeout: 10_000 },
    );
    expect(Buffer.concat(got)).toHaveLength(100_000);
  });

  it('is cut when the other side does not end its half', async () => {
    const { port } = await serve((socket) => socket.resume());
    const connection = await dial(port, 50);
    await connection.close();
    expect(await closing(connection)).toContain('cut');
  });
});
