import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { fromPageSchema } from '../../shared/display-page.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { DisplayPages, PageLine } from '../ports/display-pages.ts';
import type { Log } from '../ports/log.ts';
import { displaySocket } from './guard.ts';
import { parsed, watchLife, type SocketLimits } from './socket.ts';

interface DisplaySocketOptions {
  readonly pages?: DisplayPages;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: SocketLimits;
}

/** Close codes of RFC 6455. */
const goingAway = 1001;
const notUnderstood = 1008;
const tooMany = 1013;

/** The pages that stand for QR displays, at `/display?name=…`. The guard has seen to cookie, host and origin. */
export function serveDisplayPages(server: FastifyInstance, options: DisplaySocketOptions): { stop: Stop } {
  const open = new Set<WebSocket>();
  server.get<{ Querystring: { readonly name?: string } }>(displaySocket, { websocket: true }, (socket, request) => {
    if (open.size >= options.limits.mostSockets) {
      socket.close(tooMany, 'Too many displays are connected.');
      return;
    }
    open.add(socket);
    const stopWatch = watchLife(socket, options);
    socket.on('close', () => {
      open.delete(socket);
      stopWatch();
    });
    greet(socket, String(request.query.name), options);
  });
  return {
    stop() {
      for (const socket of open) socket.close(goingAway, 'The terminal is stopping.');
    },
  };
}

/** Takes the page in once it says that it is there. */
function greet(socket: WebSocket, name: string, { pages, log }: DisplaySocketOptions): void {
  socket.on('error', (error) => {
    log.warn('The connection of a display page failed.', { display: name, reason: error.message });
  });
  const line = lineOf(socket);
  const stop = line.onMessage((message) => {
    if (fromPageSchema.safeParse(message).data?.type !== 'hello') {
      socket.close(notUnderstood, 'This is not a message that the terminal understands.');
      return;
    }
    stop();
    const attached = pages?.attach(name, line) ?? 'unknown';
    if (attached === 'attached') return;
    log.warn('A page came for a QR display that has one already, or is not configured.', {
      display: name.slice(0, 40),
      attached,
    });
    socket.close(tooMany, 'There is no display of that name without a page.');
  });
}

function lineOf(socket: WebSocket): PageLine {
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(callback) {
      const listener = (data: Buffer, isBinary: boolean): void => {
        callback(isBinary ? undefined : parsed(data.toString('utf8')));
      };
      socket.on('message', listener);
      return () => socket.off('message', listener);
    },
    onClose(callback) {
      if (socket.readyState >= socket.CLOSING) callback();
      else socket.once('close', callback);
      return () => socket.off('close', callback);
    },
    // Nothing that was sent and not read yet may arrive later: no farewell, no waiting.
    close() {
      socket.terminate();
    },
  };
}
