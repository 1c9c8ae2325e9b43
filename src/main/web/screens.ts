import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import staticFiles from '@fastify/static';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../ports/clock.ts';
import type { DisplayPages } from '../ports/display-pages.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenDesk } from '../ports/terminal.ts';
import { cacheControl, securityHeaders } from '../screens/headers.ts';
import { displayTokenFor } from './access.ts';
import { serveDisplayPages } from './display-socket.ts';
import { displayPage, guardServer } from './guard.ts';
import { serveSocket, usualSocketLimits, type SocketLimits } from './socket.ts';

/** Why the screens cannot be served. */
export class ScreensError extends Error {
  override readonly name = 'ScreensError';
  readonly code: 'port_taken' | 'address_unknown' | 'screens_missing' | 'listen_failed';
  /** Nothing was done; but only a person can help. */
  readonly retry = 'never';

  constructor(code: ScreensError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface ScreensOptions {
  readonly desk: ScreenDesk;
  /** Left out where no QR display is a page. */
  readonly pages?: DisplayPages;
  /** Where to listen: loopback, unless the configuration says otherwise. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** What a browser shows once, in the address, to be let in. */
  readonly token: string;
  /** The built screens: the folder with `index.html`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SocketLimits>;
}

export interface Screens {
  /** The address to open, with the token. */
  readonly url: string;
  /** The addresses of the pages that stand for QR displays, by the displays' names. They let nobody in to anything else. */
  readonly displayUrls: Readonly<Record<string, string>>;
  /** Closes every connection and frees the port. */
  stop(): Promise<void>;
}

/** Connections of all kinds at once: a browser opens six, and a kiosk has one browser. */
const mostConnections = 64;

/**
 * Serves the screens and their contract to a browser (headless host, design.md 3).
 * @throws ScreensError when the port is taken, the host is not this machine's, or the screens were not built
 */
export async function startScreens(options: ScreensOptions): Promise<Screens> {
  const { folder, host, port, token } = options;
  if (!existsSync(join(folder, 'index.html'))) {
    throw new ScreensError('screens_missing', `There are no screens in ${folder}: build them with "npm run build".`);
  }
  const server = fastify({ bodyLimit: 1_024, requestTimeout: 10_000, forceCloseConnections: true });
  server.server.maxConnections = mostConnections;
  server.addHook('onRequest', (_request, reply, next) => {
    reply.headers({ ...securityHeaders, 'cache-control': 'no-store' });
    next();
  });
  await server.register(cookie);
  await server.register(websocket, { options: { maxPayload: 256 * 1_024 } });
  guardServer(server, { host, token });
  await serveFiles(server, folder);
  const sockets = serveSocket(server, { ...options, limits: { ...usualSocketLimits, ...options.limits } });
  const displays = serveDisplayPages(server, { ...options, limits: { ...usualSocketLimits, ...options.limits } });
  await listen(server, host, port);
  const { port: actual } = server.server.address() as AddressInfo;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
  return {
    url: `${origin}/?token=${encodeURIComponent(token)}`,
    displayUrls: displayUrlsOf(origin, options),
    async stop() {
      sockets.stop();
      displays.stop();
      await server.close();
    },
  };
}

function displayUrlsOf(origin: string, { pages, token }: ScreensOptions): Record<string, string> {
  const urls = (pages?.pages ?? []).map(({ name }) => {
    const query = new URLSearchParams({ name, token: displayTokenFor(token) });
    return [name, `${origin}${displayPage}?${query.toString()}`] as const;
  });
  return Object.fromEntries(urls);
}

async function serveFiles(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(staticFiles, {
    root: folder,
    cacheControl: false,
    dotfiles: 'deny',
    setHeaders: (reply, path) => {
      reply.header('cache-control', cacheControl(path.slice(folder.length)));
    },
  });
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw listenError(error, host, port);
  }
}

function listenError(error: unknown, host: string, port: number): ScreensError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const sentence = `Port ${port} for the screens is taken: stop the program that uses it, or configure another port.`;
    return new ScreensError('port_taken', sentence, error);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const sentence = `The screens cannot listen on ${host}: it is not an address of this machine; configure another host.`;
    return new ScreensError('address_unknown', sentence, error);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new ScreensError('listen_failed', `The screens cannot listen on ${host}, port ${port}: ${reason}`, error);
}
