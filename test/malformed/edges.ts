import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { startCallbackListener } from '../../src/main/adapters/callbacks/server.ts';
import { createSystemClock } from '../../src/main/adapters/clock/system.ts';
import { DgusParser, readFrame } from '../../src/main/adapters/display/dwin-dgus/codec.ts';
import { NextionParser, whoIsThere } from '../../src/main/adapters/display/nextion/codec.ts';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { AnswerParser } from '../../src/main/adapters/printer/answers.ts';
import { readSetup } from '../../src/main/adapters/setup/code.ts';
import { SetupError } from '../../src/main/adapters/setup/error.ts';
import { startTill } from '../../src/main/adapters/till/server.ts';
import { createMerchantClient } from '../../src/main/adapters/wallet/merchant.ts';
import { ConfigurationError, parseConfiguration } from '../../src/main/config.ts';
import type { AdminDesk } from '../../src/main/ports/admin.ts';
import type { Log } from '../../src/main/ports/log.ts';
import type { PrinterPort } from '../../src/main/ports/printer.ts';
import type { WalletPort } from '../../src/main/ports/wallet.ts';
import { converse } from '../../src/main/screens/conversation.ts';
import { startTerminal, type Terminal } from '../../src/main/terminal/terminal.ts';
import { startScreens } from '../../src/main/web/screens.ts';
import { adminVerbs, verbs } from '../../src/shared/verbs.ts';
import { cadence, limits, shown } from '../fakes/ordinary.ts';
import { settings } from '../main/core/bill/world.ts';
import { clientOptions, startApi } from '../main/adapters/wallet/api-server.ts';
import { nearly, nearlyBytes, nearlyText } from './messages.ts';

/** One place at which the world talks to the terminal. */
export interface Edge {
  readonly name: string;
  /** Sends so many malformed messages. @throws Error when something had an effect, or was not answered */
  attack(messages: number): Promise<void>;
}

/** Each wait has a deadline: an edge that does not answer has failed. */
const answerWithinMs = 20_000;
const unforeseen: string[] = [];
/** Keeps only what tells of a mistake of ours: a hundred thousand refusals are no news. */
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message) => unforeseen.push(message),
};
const clock = createSystemClock({ unref: true });
/** An API and a printer that never answer: what an edge does must not wait for them. */
const never = new Proxy({}, { get: () => () => new Promise(() => undefined) });
const sound = {
  id: 1,
  draft: { number: '7', lines: [{ title: 'Coffee', total: 250 }], total: 250, currency: 'EUR' },
};
const screenMessages = [
  { type: 'snapshot', id: 1 },
  ...verbs.map((name) => ({ type: 'intent', id: 1, name, input: { draft: sound.draft, billId: 'bill_1' } })),
  { type: 'intent', id: 1, name: 'unlockStaff', input: { pin: '0000' } },
  ...adminVerbs.map((name) => ({ type: 'admin', id: 1, name, input: { role: 'staff', pin: '0000', anyway: true } })),
];

/** Whoever gets at one of these without a PIN has broken in. */
const admin = new Proxy({} as AdminDesk, {
  get: (_desk, name) => () => {
    throw new Error(`The admin screen's ${String(name)} was reached without a PIN.`);
  },
});

/** A real terminal with a real journal, that knows one PIN which nobody sends. */
async function withTerminal(use: (terminal: Terminal, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'malformed-'));
  const journal = openJournal(join(folder, 'journal.db'));
  const terminal = startTerminal({
    settings: { ...settings, pinWrongTries: Number.MAX_SAFE_INTEGER },
    shown,
    language: 'en',
    cadence,
    limits,
    lockAfterMs: 60_000,
    wallet: never as WalletPort,
    printer: never as PrinterPort,
    journal,
    clock,
    machineOffsetMs: () => 0,
    log,
    random: () => 0.5,
    newBillId: () => 'bill_new',
    roleOf: () => Promise.resolve(undefined),
    admin,
  });
  try {
    await use(terminal, folder);
    const { customer } = terminal.snapshot();
    if (customer.bills.length > 0 || terminal.newestNotice() > 0) throw new Error('A bill was taken from nobody.');
    if (unforeseen.length > 0) throw new Error(`An edge has met what nobody thought of: ${unforeseen[0] ?? ''}`);
    if ('polluted' in {}) throw new Error('A message has changed every object.');
  } finally {
    await Promise.race([terminal.stop(), new Promise((resolve) => clock.after(1_000, () => resolve(undefined)))]);
    journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const drawnFrom = async <Value>(
  arbitrary: fc.Arbitrary<Value>,
  messages: number,
  act: (value: Value) => unknown,
): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      await act(value);
    }),
    { numRuns: messages, endOnFailure: false },
  );
};

const contract: Edge = {
  name: 'contract of the screens (IPC)',
  attack: (messages) =>
    withTerminal(async (terminal) => {
      const session = terminal.openSession();
      const conversation = converse(session);
      await drawnFrom(nearly(screenMessages), messages, async (message) => {
        const down = await conversation.receive(message);
        if (down?.type === 'answer' && down.answer.ok && 'billId' in down.answer) throw new Error('A bill was taken.');
        if (down?.type === 'admin' && down.reply.ok) throw new Error('The admin screen has answered nobody.');
        if (session.snapshot().staff) throw new Error('The screen was unlocked.');
      });
      session.close();
    }),
};

/** Sends a text and waits for what comes of it: an answer, or the end of the connection. */
function answered(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('message', done).off('close', done);
      if (error) reject(error);
      else resolve();
    };
    const done = (): void => {
      end();
    };
    const timer = setTimeout(() => {
      end(new Error('A message over the WebSocket had no answer.'));
    }, answerWithinMs);
    socket.once('message', done).once('close', done);
    socket.send(text);
  });
}

const webSocket: Edge = {
  name: 'contract of the screens (WebSocket)',
  attack: (messages) =>
    withTerminal(async (terminal) => {
      const token = 'x'.repeat(43);
      const folder = new URL('../../out/renderer', import.meta.url).pathname;
      const screens = await startScreens({
        desk: terminal,
        host: '127.0.0.1',
        port: 0,
        token,
        folder,
        clock,
        log,
      });
      const cookie = (await fetch(screens.url, { redirect: 'manual' })).headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const { origin } = new URL(screens.url);
      const open = async () => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/screen`, { headers: { cookie, origin } });
        socket.on('error', () => undefined);
        await once(socket, 'open', { signal: AbortSignal.timeout(answerWithinMs) });
        return socket;
      };
      let socket = await open();
      // What is no message ends the connection, which is an answer; each further one gets a new connection.
      await drawnFrom(nearlyText(screenMessages), messages, async (text) => {
        if (socket.readyState !== WebSocket.OPEN) socket = await open();
        await answered(socket, text);
      });
      socket.terminate();
      await screens.stop();
    }),
};

const till: Edge = {
  name: 'till interface',
  attack: (messages) =>
    withTerminal(async (terminal) => {
      const token = 'x'.repeat(43);
      const server = await startTill({ desk: terminal, host: '127.0.0.1', port: 0, token, log, clock });
      const paths = ['/v1/bills', '/v1/bills/bill_1', '/v1/bills/bill_1/withdraw', '/v1/bills/%00', '/v1/nothing'];
      const asked = fc.tuple(
        fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
        fc.constantFrom(...paths),
        fc.boolean(),
      );
      const bodies = nearlyText([{ ...sound.draft, total: 999 }, { how: 'cash' }]);
      await drawnFrom(fc.tuple(asked, bodies), messages, async ([[method, path, letIn], body]) => {
        const answer = await fetch(`${server.url}${path}`, {
          method,
          // A draft that adds up may come out of this too: without the key that every bill needs it is refused.
          headers: { 'content-type': 'application/json', authorization: `Bearer ${letIn ? token : 'wrong'}` },
          body,
          signal: AbortSignal.timeout(answerWithinMs),
        });
        await answer.arrayBuffer();
        if (answer.status < 400 || answer.status >= 500) throw new Error(`${method} ${path} gave ${answer.status}.`);
      });
      await server.stop();
    }),
};

const setupFile: Edge = {
  name: 'set-up file and code',
  attack: (messages) => {
    const file = {
      format: 'spot-terminal-setup',
      version: 1,
      for: 'T1',
      madeAt: '2026-11-23T10:00:00.000Z',
      scrypt: { cost: 65_536, blockSize: 8, parallelization: 1, salt: Buffer.alloc(16).toString('base64') },
      nonce: Buffer.alloc(12).toString('base64'),
      sealed: Buffer.alloc(64).toString('base64'),
      signer: Buffer.alloc(32).toString('base64'),
      signature: Buffer.alloc(64).toString('base64'),
    };
    const texts = fc.oneof(
      nearlyText([file]),
      nearlyText([file]).map((text) => `SPOT1.${Buffer.from(text).toString('base64url')}`),
    );
    return drawnFrom(texts, messages, (text) => {
      try {
        readSetup(text);
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        return;
      }
      throw new Error('A set-up file that nobody signed was taken.');
    });
  },
};

const configuration: Edge = {
  name: 'configuration',
  attack: (messages) => {
    const whole = {
      terminal: { name: 'T1' },
      merchant: { lines: ['Kavinė'] },
      api: { macId: 'm' },
      spot: { locationId: 3, identifier: 'T', place: 'P', name: 'N' },
      displays: [{ type: 'nextion', address: '/dev/x' }],
    };
    return drawnFrom(nearlyText([whole]), messages, (text) => {
      try {
        parseConfiguration(text, 'config.json');
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
      }
    });
  },
};

const callbacks: Edge = {
  name: 'callbacks',
  attack: async (messages) => {
    const heard: unknown[] = [];
    const keys = { current: null, renewed: () => Promise.resolve(null), stop: () => Promise.resolve() };
    const desk = { hear: (callback: unknown) => heard.push(callback) };
    const listener = await startCallbackListener({
      desk,
      host: '127.0.0.1',
      port: 0,
      path: '/callbacks',
      keys,
      clock,
      log,
    });
    const bodies = fc.oneof(
      nearlyText([{ type: 'transaction', status: 'reserved' }]).map(
        (text) => `event=${encodeURIComponent(text.toWellFormed())}&sign=AAAA`,
      ),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    await drawnFrom(bodies, messages, async (body) => {
      const answer = await fetch(listener.url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
        signal: AbortSignal.timeout(answerWithinMs),
      });
      await answer.arrayBuffer();
      if (answer.status === 500) throw new Error('A callback made a mistake of ours.');
    });
    await listener.stop();
    if (heard.length > 0) throw new Error('A callback that nobody signed was believed.');
  },
};

const lines: Edge = {
  name: 'serial lines and printers',
  attack: async (messages) => {
    const parsers = [new AnswerParser(), new NextionParser(), new DgusParser(true), new DgusParser(false)];
    const answers = [
      whoIsThere,
      readFrame(0x5000, 16, true),
      Uint8Array.of(0x37, 0x22, 65, 66, 67, 68, 0),
      Uint8Array.of(0x14, 0, 0, 0x0f),
    ];
    await drawnFrom(nearlyBytes(answers), messages, (bytes) => {
      for (const parser of parsers) parser.push(bytes);
    });
  },
};

const wire: Edge = {
  name: 'answers of Paysera',
  attack: async (messages) => {
    const spot = {
      id: 4711,
      status: 'waiting',
      identifier: 'lane2',
      place_info: { title: 'N', location_id: 3 },
      orders: [],
    };
    const transaction = {
      transaction_key: 'k',
      status: 'confirmed',
      payments: [{ id: 1, description: 'd', price: { amount: '45.12', currency: 'EUR' } }],
    };
    let body = '';
    const server = await startApi((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    const client = createMerchantClient(clientOptions(server.root));
    const never = new AbortController().signal;
    await drawnFrom(nearlyText([spot, transaction, { spots: [spot] }]), messages, async (text) => {
      body = text;
      const outcomes = [await client.spot(4711, never), await client.transaction('k', never)];
      for (const outcome of outcomes) {
        if (!outcome.ok && !/^[a-z_]+$/.test(outcome.failure.code)) throw new Error('A failure has no code.');
      }
    });
    await client.stop();
    await server.stop();
  },
};

export const edges: readonly Edge[] = [contract, webSocket, till, setupFile, configuration, callbacks, lines, wire];
