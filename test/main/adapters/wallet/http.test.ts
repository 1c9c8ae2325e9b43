import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { WalletError, type Method } from '../../../../src/main/adapters/wallet/error.ts';
import { createHttp, DeadlineError, type Http } from '../../../../src/main/adapters/wallet/http.ts';
import { json, startApi, type Behaviour } from './api-server.ts';
import { selfSigned } from './self-signed.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function connect(root: URL, connectTimeoutMs = 2000): Http {
  const http = createHttp({ root, connectTimeoutMs });
  cleanups.push(() => http.stop());
  return http;
}

async function api(behave: Behaviour) {
  const server = await startApi(behave);
  cleanups.push(() => server.stop());
  return server;
}

/** A plain TCP server; gives its port. */
async function tcp(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface How {
  readonly signal?: AbortSignal;
  readonly path?: string;
}

function send(http: Http, method: Method, { signal = new AbortController().signal, path = '/x' }: How = {}) {
  const body = method === 'POST' ? Buffer.from('{"a":1}') : undefined;
  return http.send({ method, path, headers: { accept: 'application/json' }, body }, signal);
}

async function errorOf(promise: Promise<unknown>): Promise<WalletError> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (!(error instanceof WalletError)) throw new Error('There should have been a WalletError.');
  return error;
}

/** Sends with each method and gives code and retry of the failures. */
async function failures(http: Http, signal?: () => AbortSignal) {
  const how = (): How => (signal ? { signal: signal() } : {});
  const get = await errorOf(send(http, 'GET', how()));
  const post = await errorOf(send(http, 'POST', how()));
  return { get: [get.code, get.retry], post: [post.code, post.retry] };
}

function deadline(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(new DeadlineError(milliseconds));
  }, milliseconds);
  return controller.signal;
}

describe('what goes out', () => {
  it('is the path, byte for byte', async () => {
    let raw = '';
    const port = await tcp((socket) => {
      socket.on('data', (data) => {
        raw += data.toString('latin1');
        if (raw.includes('\r\n\r\n')) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}');
      });
    });
    const path = '/rest/v1/spot?code=PAYSERA*3%3ATABLE%201&x=%3a,~!()';
    await send(connect(new URL(`http://127.0.0.1:${port}`)), 'GET', { path });
    expect(raw.split('\r\n')[0]).toBe(`GET ${path} HTTP/1.1`);
  });

  it('keeps its connections for calls in a row', async () => {
    const server = await api((_, response) => {
      json(response, {});
    });
    const http = connect(server.root);
    for (let count = 0; count < 10; count += 1) await send(http, 'PUT');
    expect(server.received).toHaveLength(10);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('is sent once: no repeat after a lost connection, not even for reading', async () => {
    const server = await api((_, response) => response.socket?.destroy());
    await failures(connect(server.root));
    expect(server.received.map((request) => request.method)).toEqual(['GET', 'POST']);
  });

  it('follows no redirect', async () => {
    const other = await api((_, response) => {
      json(response, {});
    });
    const server = await api((_, response) => response.writeHead(302, { location: other.root.href }).end());
    const answer = await send(connect(server.root), 'GET');
    expect(answer.status).toBe(302);
    expect(other.received).toHaveLength(0);
  });
});

describe('connections that fail before anything left', () => {
  it('a refused connection: later', async () => {
    const port = await tcp(() => undefined);
    await cleanups.pop()?.();
    const ended = { get: ['connection_refused', 'later'], post: ['connection_refused', 'later'] };
    expect(await failures(connect(new URL(`http://127.0.0.1:${port}`)))).toEqual(ended);
  });

  it('a handshake that nobody answers: later, within the connect timeout', async () => {
    const port = await tcp(() => undefined);
    const ended = { get: ['connect_timeout', 'later'], post: ['connect_timeout', 'later'] };
    expect(await failures(connect(new URL(`https://127.0.0.1:${port}`), 150))).toEqual(ended);
  });

  it('a handshake that outlasts the deadline: later', async () => {
    const port = await tcp(() => undefined);
    const http = connect(new URL(`https://127.0.0.1:${port}`));
    const ended = { get: ['connect_timeout', 'later'], post: ['connect_timeout', 'later'] };
    expect(await failures(http, () => deadline(100))).toEqual(ended);
  });

  it('a certificate that nobody vouches for: later, and nothing is sent', async () => {
    let requests = 0;
    const server = createTlsServer({ ...selfSigned }, () => {
      requests += 1;
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const ended = { get: ['certificate_refused', 'later'], post: ['certificate_refused', 'later'] };
    expect(await failures(connect(new URL(`https://localhost:${port}`)))).toEqual(ended);
    expect(requests).toBe(0);
  });
});

describe('connections that fail after something left', () => {
  const lost = { get: ['connection_lost', 'later'], post: ['connection_lost', 'unknown'] };
  const late = { get: ['timeout', 'later'], post: ['timeout', 'unknown'] };

  it('dropped as soon as they arrive', async () => {
    const port = await tcp((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(await failures(connect(new URL(`http://127.0.0.1:${port}`)))).toEqual(lost);
  });

  it('dropped after the work was done', async () => {
    const server = await api((_, response) => response.socket?.destroy());
    expect(await failures(connect(server.root))).toEqual(lost);
  });

  it('dropped in the middle of the answer', async () => {
    const server = await api((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"half":');
      setImmediate(() => response.socket?.destroy());
    });
    expect(await failures(connect(server.root))).toEqual(lost);
  });

  it('something that is not HTTP', async () => {
    const port = await tcp((socket) => {
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    });
    expect(await failures(connect(new URL(`http://127.0.0.1:${port}`)))).toEqual(lost);
  });

  it('headers that do not come', async () => {
    const server = await api(() => undefined);
    expect(await failures(connect(server.root), () => deadline(100))).toEqual(late);
  });

  it('a body that does not end', async () => {
    const server = await api((_, response) => response.writeHead(200).write('{'));
    expect(await failures(connect(server.root), () => deadline(100))).toEqual(late);
  });

  it('an answer without end', async () => {
    const server = await api((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 32)));
      };
      response.on('drain', more);
      more();
    });
    const ended = { get: ['unreadable_answer', 'later'], post: ['unreadable_answer', 'unknown'] };
    expect(await failures(connect(server.root))).toEqual(ended);
  });

  it('a caller who gives up', async () => {
    const controllers: AbortController[] = [];
    const server = await api(() => {
      controllers.at(-1)?.abort();
    });
    const ended = { get: ['aborted', 'later'], post: ['aborted', 'unknown'] };
    const signal = (): AbortSignal => {
      controllers.push(new AbortController());
      return controllers.at(-1)?.signal ?? AbortSignal.abort();
    };
    expect(await failures(connect(server.root), signal)).toEqual(ended);
  });

  it('a client that is stopped', async () => {
    const server = await api(() => void http.stop());
    const http = connect(server.root);
    const error = await errorOf(send(http, 'POST'));
    expect([error.code, error.retry]).toEqual(['stopped', 'unknown']);
  });
});

describe('ending', () => {
  it('a signal that was aborted before sends nothing', async () => {
    const server = await api((_, response) => {
      json(response, {});
    });
    const error = await errorOf(send(connect(server.root), 'POST', { signal: AbortSignal.abort() }));
    expect([error.code, error.retry]).toEqual(['aborted', 'later']);
    expect(server.received).toHaveLength(0);
  });

  it('stopping twice is stopping once; later calls send nothing', async () => {
    const server = await api((_, response) => {
      json(response, {});
    });
    const http = connect(server.root);
    await send(http, 'GET');
    await Promise.all([http.stop(), http.stop()]);
    const error = await errorOf(send(http, 'POST'));
    expect([error.code, error.retry]).toEqual(['stopped', 'later']);
    expect(server.received).toHaveLength(1);
  });
});
