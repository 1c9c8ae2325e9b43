import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createEngine, type Engine } from './engine.ts';
import type { Break } from './session.ts';
import type { PrinterOptions, PrinterState, VirtualPrinter } from './types.ts';

/** The connector: one active connection, the others wait for their turn, as on common network interfaces. */
interface Connector {
  open(): Promise<void>;
  close(): Promise<void>;
  port(): number;
}

/** Listens, and gives the port. */
async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function createConnector(engine: Engine, host: string, firstPort: number): Connector {
  let server: Server | undefined;
  let port = firstPort;
  let active: Socket | undefined;
  let waiting: Socket[] = [];
  const open = new Set<Socket>();
  const breakOff = (socket: Socket, how: Break): void => {
    if (how === 'reset') socket.resetAndDestroy();
    else if (how === 'end') socket.end();
    // A forgotten connection stays as it is, and does not keep others out.
    else if (active === socket) serveNext();
  };
  const serveNext = (): void => {
    const socket = waiting.shift();
    active = socket;
    if (socket !== undefined)
      engine.attach(socket, (how) => {
        breakOff(socket, how);
      });
  };
  const accept = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // 'close' follows
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      waiting = waiting.filter((other) => other !== socket);
      if (active === socket) serveNext();
    });
    waiting.push(socket);
    if (active === undefined) serveNext();
  };
  return {
    port: () => port,
    async open() {
      if (server !== undefined) return;
      server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
      port = await listen(server, host, port);
    },
    async close() {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      const closed = once(closing, 'close');
      closing.close();
      waiting = [];
      for (const socket of open) socket.resetAndDestroy();
      await closed;
    },
  };
}

/**
 * Starts a virtual receipt printer on a TCP port.
 * Rejects with the system's error when the port cannot be had.
 */
export async function startPrinter(options: PrinterOptions): Promise<VirtualPrinter> {
  const engine = createEngine(options);
  const connector = createConnector(engine, options.host, options.port);
  await connector.open();
  if (engine.state().refuse) await connector.close();
  return {
    host: options.host,
    port: connector.port(),
    receipts: () => engine.receipts(),
    onReceipt: (callback) => engine.onReceipt(callback),
    problems: () => engine.problems(),
    state: () => engine.state(),
    clear: () => {
      engine.clear();
    },
    powerCycle: () => {
      engine.powerCycle();
    },
    suffer: (what) => {
      engine.suffer(what);
    },
    async setState(change: Partial<PrinterState>) {
      engine.setState(change);
      await (engine.state().refuse ? connector.close() : connector.open());
    },
    async stop() {
      engine.stop();
      await connector.close();
    },
  };
}
