import type { Socket } from 'node:net';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createPrinter, type PrinterTimeouts } from '../../../../src/main/adapters/printer/printer.ts';
import type { Profile } from '../../../../src/main/adapters/printer/profile.ts';
import { createTcpTransport } from '../../../../src/main/adapters/transport/tcp.ts';
import type { PrinterPort } from '../../../../src/main/ports/printer.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { epson, styleFor } from './profiles.ts';

/** What the other end of the line does. Left out: a healthy printer that prints at once and says so. */
export interface Script {
  readonly onConnect?: (socket: Socket, count: number) => void;
  /** To `DLE EOT` n: the bytes to answer. */
  readonly status?: (kind: number, socket: Socket, count: number) => Uint8Array | undefined;
  /** All bytes of a job have come, up to its last command. */
  readonly onJob?: (job: Buffer, socket: Socket) => void;
}

const isStatusQuestion = (bytes: Buffer): boolean => bytes.length === 3 && bytes[0] === 0x10 && bytes[1] === 0x04;
const isWhole = (job: Buffer): boolean =>
  (job.at(-11) === 0x1d && job.at(-10) === 0x28 && job.at(-9) === 0x48) ||
  (job.at(-3) === 0x1d && job.at(-2) === 0x72) ||
  (job.at(-4) === 0x1d && job.at(-3) === 0x56);

/** The four characters of the process id that a job ends with. */
export const idOf = (job: Buffer): Buffer => job.subarray(-4);
export const printedAnswer = (id: Uint8Array): Buffer => Buffer.concat([Buffer.of(0x37, 0x22), id, Buffer.of(0)]);

/** A connection's behaviour for `startServer`. */
export function play({ onConnect, status, onJob }: Script): (socket: Socket, count: number) => void {
  const answer = status ?? (() => Buffer.of(0x12));
  const print = onJob ?? ((job: Buffer, socket: Socket) => socket.write(printedAnswer(idOf(job))));
  return (socket, count) => {
    let job = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      if (isStatusQuestion(bytes)) {
        const said = answer(bytes[2] ?? 0, socket, count);
        if (said) socket.write(said);
        return;
      }
      job = Buffer.concat([job, bytes]);
      if (!isWhole(job)) return;
      const whole = job;
      job = Buffer.alloc(0);
      print(whole, socket);
    });
    socket.on('end', () => socket.end());
    onConnect?.(socket, count);
  };
}

/** Short, for tests that run into them. */
export const shortTimeouts: PrinterTimeouts = { statusMs: 300, shortestJobMs: 400, longestJobMs: 400 };
/** Long, for tests that must not. */
export const longTimeouts: PrinterTimeouts = { statusMs: 5_000, shortestJobMs: 20_000, longestJobMs: 20_000 };

/** Our printer at that port of this machine. */
export function printerAt(
  port: number,
  { profile = epson, timeouts = longTimeouts }: { profile?: Profile; timeouts?: PrinterTimeouts } = {},
): PrinterPort & { readonly log: ReturnType<typeof keepingLog> } {
  const clock = createSystemClock();
  const log = keepingLog();
  const transport = createTcpTransport({
    host: '127.0.0.1',
    port,
    clock,
    timeouts: { connectMs: 5_000, closeMs: 300 },
  });
  const printer = createPrinter({ style: styleFor(profile), transport, clock, log, timeouts, random: Math.random });
  return {
    log,
    check: (signal) => printer.check(signal),
    print: (document, signal, onSent) => printer.print(document, signal, onSent),
    stop: () => printer.stop(),
  };
}
