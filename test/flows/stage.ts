import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  writeSandboxConfiguration,
  type SandboxReady,
  type Sections,
  type TerminalReady,
} from '../../scripts/sandbox-configuration.ts';
import type { BillView } from '../../src/shared/bill.ts';
import { until } from '../fakes/until.ts';
import { run, startProgram, type Running } from './process.ts';
import { SandboxDesk } from './sandbox-desk.ts';

/** One event of the till. */
export interface TillEvent {
  readonly id: number;
  readonly type: string;
  readonly bill?: BillView;
  readonly receiptNumber?: number;
}

export const spotCode = 'PAYSERA*3:TABLE1';
export const staffPin = '4711';

export const coffee = {
  number: '2026-0017',
  lines: [
    { title: 'Cappuccino', quantity: 2, total: 640 },
    { title: 'Šakotis su vanile ir uogomis', total: 450 },
    { title: 'Mineralinis vanduo', total: 190 },
  ],
  total: 1280,
  currency: 'EUR',
};

/** A sandbox and a terminal as real processes, with everything that a test does to them. */
export class Stage extends SandboxDesk {
  readonly sandbox: Running<SandboxReady>;
  readonly folder: string;
  #terminal: Running<TerminalReady> | undefined;

  private constructor(sandbox: Running<SandboxReady>, folder: string) {
    super(sandbox.ready.controlUrl);
    this.sandbox = sandbox;
    this.folder = folder;
  }

  /** The terminal's process. @throws Error when this stage has none. */
  get terminal(): Running<TerminalReady> {
    if (!this.#terminal) throw new Error('No headless terminal runs on this stage.');
    return this.#terminal;
  }

  /** The terminal's configuration. */
  get config(): string {
    return join(this.folder, 'config.json');
  }

  /** Starts a sandbox and a headless terminal. `sections` go over the configuration, section by section. */
  static async open(sections: Sections = {}): Promise<Stage> {
    const stage = await Stage.openSandbox(sections);
    try {
      await stage.restart();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** Starts a sandbox only, and writes the configuration of a terminal on it. */
  static async openSandbox(sections: Sections = {}): Promise<Stage> {
    const sandbox = await run<SandboxReady>('sandbox/main.ts', ['--port', '0', '--seed', '7']);
    const folder = mkdtempSync(join(tmpdir(), 'spot-terminal-'));
    await writeSandboxConfiguration(folder, sandbox.ready, { pin: staffPin, sections });
    return new Stage(sandbox, folder);
  }

  async close(): Promise<void> {
    await this.#terminal?.stop();
    await this.sandbox.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts the terminal again on the same folder. */
  async restart(environment: NodeJS.ProcessEnv = {}): Promise<void> {
    this.#terminal = await run<TerminalReady>('src/main/headless.ts', ['--config', this.config], environment);
  }

  /** Starts a terminal that is not the one of this folder. */
  async startProgram(program: string, args: readonly string[]): Promise<void> {
    const started = startProgram<TerminalReady>(program, args);
    this.#terminal = { ...started, ready: await started.ready };
  }

  async till(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return askTill(this.terminal.ready, { method, path, body, headers });
  }

  /** Puts a bill in; gives its id. */
  async putIn(bill: object = coffee, key = crypto.randomUUID()): Promise<string> {
    const response = await this.till('POST', '/v1/bills', bill, { 'idempotency-key': key });
    if (response.status !== 201) throw new Error(`The bill was not taken: ${response.status} ${await response.text()}`);
    return ((await response.json()) as BillView).id;
  }

  async bill(id: string): Promise<BillView> {
    return (await (await this.till('GET', `/v1/bills/${id}`)).json()) as BillView;
  }

  /** Waits until the bill stands so. */
  async billIs(id: string, status: BillView['status'], withinMs?: number): Promise<BillView> {
    return until(
      async () => {
        const bill = await this.bill(id);
        return bill.status === status && bill;
      },
      `bill to be ${status}`,
      withinMs,
    );
  }

  /** Everything the till was told so far. */
  async events(): Promise<readonly TillEvent[]> {
    const { tillUrl, tillToken } = this.terminal.ready;
    const abort = new AbortController();
    const response = await fetch(`${tillUrl}/v1/events?after=0`, {
      headers: { authorization: `Bearer ${tillToken}` },
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(10_000)]),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    // The history comes at once, in the first pieces; what comes later is not waited for.
    let text = '';
    while (reader && !text.includes('data: ')) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`The events ended before the first one (${response.status}): ${text}`);
      text += value;
    }
    abort.abort();
    return [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? '{}') as TillEvent);
  }
}

/** One request to the till interface. `body` is sent as JSON. */
export interface TillRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a terminal as its till would. @throws Error when no answer comes within ten seconds */
export function askTill(
  { tillUrl, tillToken }: TerminalReady,
  { method, path, body, headers = {} }: TillRequest,
): Promise<Response> {
  return fetch(`${tillUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tillToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
}
