import { connect, type Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import { describe, LineConnection } from './connection.ts';
import { within } from './deadline.ts';
import { TransportError, usualTransportTimeouts, type Transport, type TransportTimeouts } from './transport.ts';

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly timeouts?: TransportTimeouts;
}

/** A dead peer is noticed by the system, although nothing is sent for hours. */
const keepAliveAfterMs = 30_000;

/**
 * A raw TCP port, as network printers have on 9100. Each connection is ended by half-closing, so that the printer
 * still gets what the system holds (hardware.md 2.5).
 */
export function createTcpTransport({ host, port, clock, timeouts = usualTransportTimeouts }: TcpOptions): Transport {
  const name = `${host}:${port}`;
  return {
    name,
    async open(signal) {
      const socket = connect({
        host,
        port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: keepAliveAfterMs,
      });
      const connection = connectionOver(socket, { name, clock, closeMs: timeouts.closeMs });
      const connected = new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        connection.onClose((reason) => {
          reject(new Error(reason));
        });
      });
      try {
        await within(connected, clock, { milliseconds: timeouts.connectMs, signal });
        return connection;
      } catch (error) {
        socket.destroy();
        const code = error instanceof TransportError ? error.code : 'unreachable';
        throw new TransportError(code, `${name} cannot be reached: ${describe(error)}`, { cause: error });
      }
    },
  };
}

function connectionOver(socket: Socket, { name, clock, closeMs }: { name: string; clock: Clock; closeMs: number }) {
  const connection = new LineConnection({
    name,
    clock,
    closeMs,
    line: {
      send: (bytes) =>
        new Promise((resolve, reject) => {
          socket.write(bytes, (error) => {
            if (error) reject(error);
            else resolve();
          });
        }),
      writable: () => socket.writable,
      end: () => socket.end(),
      destroy: () => socket.destroy(),
    },
  });
  let reason = 'The other side ended the connection.';
  socket.on('data', (bytes) => {
    connection.received(bytes);
  });
  socket.on('error', (error) => {
    reason = error.message;
  });
  socket.on('close', () => {
    connection.ended(reason);
  });
  return connection;
}
