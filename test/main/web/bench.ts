import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createSystemClock } from '../../../src/main/adapters/clock/system.ts';
import { startScreens, type ScreensOptions } from '../../../src/main/web/screens.ts';
import { downSchema, type Down } from '../../../src/shared/contract.ts';
import { keepingLog } from '../../fakes/log.ts';
import { FakeDesk } from '../../fakes/screen-desk.ts';
import { until } from '../../fakes/until.ts';

export const token = 'a token of 24 characters';

/** A folder with a page, a script with a hash in its name, and a file beside the folder that must stay unseen. */
export function screensFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'screens-'));
  onTestFinished(() => {
    rmSync(parent, { recursive: true });
  });
  const folder = join(parent, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Screens</title><p>Hello');
  writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'document.title = "ran";');
  writeFileSync(join(folder, '.hidden'), 'hidden');
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  return folder;
}

/** Serves a fake desk, stops it when the test is over, and says that no session was left open. */
export async function serve(change: Partial<ScreensOptions> = {}) {
  const desk = new FakeDesk();
  const log = keepingLog();
  const screens = await startScreens({
    desk,
    log,
    host: '127.0.0.1',
    port: 0,
    token,
    folder: screensFolder(),
    clock: createSystemClock(),
    ...change,
  });
  onTestFinished(async () => {
    await screens.stop();
    await until(() => desk.open === 0, 'every session to be closed');
  });
  const { host } = new URL(screens.url);
  return { desk, log, screens, host, origin: `http://${host}` };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request with exactly these headers: `fetch` would not let a test choose `Host` or `Cookie`. */
export function ask(origin: string, path: string, headers: Record<string, string> = {}): Promise<Reply> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() });
      });
    });
    sent.setTimeout(5_000, () => sent.destroy(new Error('No answer within 5 s.')));
    sent.on('error', reject);
    sent.end();
  });
}

/** Shows the token and gives the cookie that comes back. */
export async function letIn(origin: string): Promise<string> {
  const { headers } = await ask(origin, `/?token=${encodeURIComponent(token)}`);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

export interface Screen {
  readonly socket: WebSocket;
  /** Everything that came, parsed with the contract's schema. */
  readonly received: Down[];
  send(message: unknown): void;
  readonly closed: Promise<number>;
}

/** Opens a socket with a cookie and these headers over the usual ones; rejects when it is refused. */
export async function connect(origin: string, headers: Record<string, string> = {}): Promise<Screen> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/screen`, {
    headers: { cookie: await letIn(origin), origin, ...headers },
  });
  const received: Down[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (data: Buffer) => {
    received.push(downSchema.parse(JSON.parse(data.toString())));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, answer) => {
      reject(new Error(`refused with ${answer.statusCode}`));
    });
  });
  onTestFinished(() => {
    socket.terminate();
  });
  return {
    socket,
    received,
    closed,
    send: (message) => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
  };
}
