import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import type { ClientOptions } from '../../../../src/main/adapters/wallet/client.ts';
import { keepingLog } from '../../../fakes/log.ts';

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  /** Path and query exactly as on the wire. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ApiServer {
  readonly root: URL;
  readonly received: readonly Received[];
  connections(): number;
  stop(): Promise<void>;
}

export type Behaviour = (request: Received, response: ServerResponse, count: number) => void;

export const credentials = { macId: 'merchant-1', key: 'k3yOf+the/Merchant=' } as const;

/** A real HTTP server on loopback that behaves, or misbehaves, as the test says. */
export async function startApi(behave: Behaviour): Promise<ApiServer> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const arrived = { method, url, headers, body: Buffer.concat(chunks) };
      received.push(arrived);
      behave(arrived, response, received.length);
    });
  };
  const server = createServer(onRequest);
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    root: new URL(`http://127.0.0.1:${port}/rest/v1`),
    received,
    connections: () => connections,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(value));
}

/** The values of a MAC header, read without the code under test. */
export function macHeader(request: Received): Record<string, string> {
  const header = String(request.headers['authorization'] ?? '');
  if (!header.startsWith('MAC ')) return {};
  return Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** What is wrong with the signature of a request; undefined when nothing is. Written anew, not with sign.ts. */
export function signatureProblem(request: Received, root: URL, key: string): string | undefined {
  const { ts = '', nonce = '', mac = '', ext = '' } = macHeader(request);
  if (!/^[A-Za-z0-9]{32}$/.test(nonce)) return `nonce ${nonce}`;
  const lines = [ts, nonce, request.method, request.url, root.hostname, root.port, ext];
  const expected = createHmac('sha256', key)
    .update(`${lines.join('\n')}\n`)
    .digest('base64');
  if (mac !== expected) return `mac ${mac}`;
  const hash = new URLSearchParams(ext).get('body_hash');
  const bodyHash = request.body.length === 0 ? null : createHash('sha256').update(request.body).digest('base64');
  return hash === bodyHash ? undefined : `body_hash ${String(hash)}`;
}

/** Options of a client for that root, with the merchant's credentials. */
export function clientOptions(root: URL, more: Partial<ClientOptions> = {}): ClientOptions {
  return {
    root,
    macId: credentials.macId,
    macKey: () => credentials.key,
    requestTimeoutMs: 5000,
    clock: createSystemClock(),
    randomBytes,
    log: keepingLog(),
    ...more,
  };
}
