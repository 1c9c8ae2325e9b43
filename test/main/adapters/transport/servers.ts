import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface TestServer {
  readonly port: number;
  /** Sockets that are open now. */
  readonly open: ReadonlySet<Socket>;
  /** How many were ever accepted, and how many were open at once at most. */
  counts(): { readonly accepted: number; readonly most: number };
  stop(): Promise<void>;
}

/** A real TCP server on loopback; what it does with a connection is up to the test. */
export async function startServer(onConnection: (socket: Socket, count: number) => void): Promise<TestServer> {
  const open = new Set<Socket>();
  let accepted = 0;
  let most = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted += 1;
    open.add(socket);
    most = Math.max(most, open.size);
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => open.delete(socket));
    onConnection(socket, accepted);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    open,
    counts: () => ({ accepted, most }),
    async stop() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = await startServer(() => undefined);
  await server.stop();
  return server.port;
}
