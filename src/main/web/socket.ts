import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { Down } from '../../shared/contract.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenDesk } from '../ports/terminal.ts';
import { converse, type Conversation } from '../screens/conversation.ts';

export interface SocketLimits {
  /** Screens at once. */
  readonly mostSockets: number;
  /** Between a screen's last sign of life and the question whether it is there, milliseconds. */
  readonly pingAfterMs: number;
  /** Until the answer, milliseconds; then the connection is taken for dead. */
  readonly pongWithinMs: number;
  /** Of answers that a screen has not read yet; a screen that lets more pile up is cut off. */
  readonly mostUnreadBytes: number;
}

export const usualSocketLimits: SocketLimits = {
  mostSockets: 8,
  pingAfterMs: 15_000,
  pongWithinMs: 10_000,
  mostUnreadBytes: 4 * 1_024 * 1_024,
};

interface SocketOptions {
  readonly desk: ScreenDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: SocketLimits;
}

/** Close codes of RFC 6455. */
const goingAway = 1001;
const notUnderstood = 1008;
const tooMany = 1013;

/** The contract at `/screen`: one session per socket. The guard has seen to cookie, host and origin. */
export function serveSocket(server: FastifyInstance, options: SocketOptions): { stop: Stop } {
  const { log, limits } = options;
  const open = new Set<WebSocket>();
  server.get('/screen', { websocket: true }, (socket) => {
    if (open.size >= limits.mostSockets) {
      log.warn('One screen too many was turned away.', { open: open.size });
      socket.close(tooMany, 'Too many screens are connected.');
      return;
    }
    open.add(socket);
    const end = serveOne(socket, options);
    socket.on('close', () => {
      open.delete(socket);
      end();
    });
  });
  return {
    stop() {
      for (const socket of open) socket.close(goingAway, 'The terminal is stopping.');
    },
  };
}

function serveOne(socket: WebSocket, options: SocketOptions): Stop {
  const { desk, log } = options;
  const session = desk.openSession();
  const conversation = converse(session);
  const unsubscribe = session.subscribe(newestOnly(socket));
  const stopWatch = watchLife(socket, options);
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    void answer({ socket, conversation, limits: options.limits }, isBinary ? undefined : data.toString('utf8'));
  });
  socket.on('error', (error) => {
    log.warn('The connection of a screen failed.', { reason: error.message });
  });
  return () => {
    stopWatch();
    unsubscribe();
    session.close();
  };
}

/** Sends one snapshot at a time and skips what is outdated by the time that the screen is ready for the next. */
function newestOnly(socket: WebSocket): (snapshot: Snapshot) => void {
  let newest: Snapshot | undefined;
  let sending = false;

  function next(): void {
    if (sending || !newest || socket.readyState !== socket.OPEN) return;
    const down: Down = { type: 'snapshot', snapshot: newest };
    newest = undefined;
    sending = true;
    socket.send(JSON.stringify(down), () => {
      sending = false;
      next();
    });
  }

  return (snapshot) => {
    newest = snapshot;
    next();
  };
}

interface Answering {
  readonly socket: WebSocket;
  readonly conversation: Conversation;
  readonly limits: SocketLimits;
}

async function answer({ socket, conversation, limits }: Answering, text: string | undefined): Promise<void> {
  const down = await conversation.receive(text === undefined ? undefined : parsed(text));
  if (socket.readyState !== socket.OPEN) return;
  if (!down) {
    socket.close(notUnderstood, 'This is not a message that the terminal understands.');
  } else if (socket.bufferedAmount > limits.mostUnreadBytes) {
    socket.terminate();
  } else {
    socket.send(JSON.stringify(down));
  }
}

/** A text frame as data; undefined when it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Asks a silent screen whether it is there, and ends the connection of one that does not say. */
export function watchLife(
  socket: WebSocket,
  { clock, limits, log }: Pick<SocketOptions, 'clock' | 'limits' | 'log'>,
): Stop {
  let cancel: Stop = () => undefined;
  const wait = (): void => {
    cancel();
    cancel = clock.after(limits.pingAfterMs, ask);
  };
  const ask = (): void => {
    socket.ping();
    cancel = clock.after(limits.pongWithinMs, () => {
      log.warn('A screen does not answer any more; its connection is closed.');
      socket.terminate();
    });
  };
  socket.on('pong', wait);
  socket.on('message', wait);
  wait();
  return () => {
    cancel();
    socket.off('pong', wait);
    socket.off('message', wait);
  };
}
