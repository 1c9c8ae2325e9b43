import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPin } from '../../src/main/adapters/pin/pin.ts';
import type { BillView } from '../../src/shared/bill.ts';
import { run, until, type Running } from './process.ts';

/** What the sandbox says when it is ready. */
export interface SandboxReady {
  readonly baseUrl: string;
  readonly phoneUrl: string;
  readonly controlUrl: string;
  readonly locationId: number;
  readonly merchant: { readonly macId: string; readonly macKey: string };
  readonly printer: { readonly host: string; readonly port: number };
}

/** What the terminal says when it is ready. */
export interface TerminalReady {
  readonly screenUrl: string;
  readonly tillUrl: string;
  readonly tillToken: string;
}

/** One event of the till. */
export interface TillEvent {
  readonly id: number;
  readonly type: string;
  readonly bill?: BillView;
  readonly receiptNumber?: number;
}

/** The sandbox's whole world, from outside. */
export interface WorldState {
  readonly spots: readonly { readonly id: number; readonly status: string }[];
  readonly orders: readonly { readonly id: number; readonly status: string; readonly transactionKey: string }[];
  readonly transactions: readonly {
    readonly key: string;
    readonly status: string;
    readonly payments: readonly { readonly price: number }[];
  }[];
  readonly users: readonly { readonly balance: number; readonly locked: number }[];
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

type Section = Readonly<Record<string, unknown>>;

/** A sandbox and a terminal as real processes, with everything that a test does to them. */
export class Stage {
  readonly sandbox: Running<SandboxReady>;
  readonly folder: string;
  #terminal: Running<TerminalReady> | undefined;

  private constructor(sandbox: Running<SandboxReady>, folder: string) {
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
  static async open(sections: Readonly<Record<string, Section>> = {}): Promise<Stage> {
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
  static async openSandbox(sections: Readonly<Record<string, Section>> = {}): Promise<Stage> {
    const sandbox = await run<SandboxReady>('sandbox/main.ts', ['--port', '0', '--seed', '7']);
    const folder = mkdtempSync(join(tmpdir(), 'spot-terminal-'));
    writeFileSync(join(folder, 'mac-key'), sandbox.ready.merchant.macKey, { mode: 0o600 });
    const configuration = await configurationFor(sandbox.ready, sections);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration));
    return new Stage(sandbox, folder);
  }

  async close(): Promise<void> {
    await this.#terminal?.stop();
    await this.sandbox.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts the terminal again on the same folder. */
  async restart(): Promise<void> {
    this.#terminal = await run<TerminalReady>('src/main/headless.ts', ['--config', this.config]);
  }

  async till(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const { tillUrl, tillToken } = this.terminal.ready;
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
      `bill is ${status}`,
      async () => {
        const bill = await this.bill(id);
        return bill.status === status && bill;
      },
      withinMs,
    );
  }

  /** Everything the till was told so far. */
  async events(): Promise<readonly TillEvent[]> {
    const { tillUrl, tillToken } = this.terminal.ready;
    const abort = new AbortController();
    const response = await fetch(`${tillUrl}/v1/events?after=0`, {
      headers: { authorization: `Bearer ${tillToken}` },
      signal: abort.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    // The history comes at once, in the first pieces; what comes later is not waited for.
    let text = '';
    while (reader && !text.includes('data: ')) text += (await reader.read()).value ?? '';
    abort.abort();
    return [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? '{}') as TillEvent);
  }

  async phone(path: string, body: object): Promise<void> {
    const response = await this.#sandboxPost(`/phone/api/${path}`, body);
    if (!response.ok) throw new Error(`The phone could not ${path}: ${await response.text()}`);
  }

  async control(path: string, body: object = {}): Promise<void> {
    const response = await this.#sandboxPost(`/control/${path}`, body);
    if (!response.ok) throw new Error(`Control ${path} failed: ${await response.text()}`);
  }

  async clearFaults(): Promise<void> {
    await fetch(new URL('/control/faults', this.sandbox.ready.controlUrl), { method: 'DELETE' });
  }

  async world(): Promise<WorldState> {
    return (await (await fetch(new URL('/control/state', this.sandbox.ready.controlUrl))).json()) as WorldState;
  }

  /** The transaction of the order that can be paid at the spot. */
  async payable(): Promise<string> {
    return until('an order can be paid', async () => {
      const { orders } = await this.world();
      return orders.find((order) => order.status === 'pending')?.transactionKey;
    });
  }

  async receipts(): Promise<readonly { readonly text: string; readonly qr: readonly string[] }[]> {
    const answer = await fetch(new URL('/control/receipts', this.sandbox.ready.controlUrl));
    const { receipts, problems } = (await answer.json()) as {
      receipts: { text: string; qr: string[] }[];
      problems: string[];
    };
    if (problems.length > 0) throw new Error(`The printer did not understand: ${problems.join(' ')}`);
    return receipts;
  }

  #sandboxPost(path: string, body: object): Promise<Response> {
    return fetch(new URL(path, this.sandbox.ready.controlUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  }
}

async function configurationFor(ready: SandboxReady, sections: Readonly<Record<string, Section>>): Promise<object> {
  const base: Record<string, Section> = {
    terminal: { name: 'T1', dataFolder: 'data' },
    merchant: { lines: ['UAB „Prie tilto“', 'Pilies g. 1, Vilnius'] },
    api: { root: ready.baseUrl, macId: ready.merchant.macId },
    key: { file: 'mac-key' },
    spot: { locationId: ready.locationId, identifier: 'TABLE1', place: 'Kavinė „Prie tilto“', name: 'Table 1' },
    printer: { connection: { type: 'tcp', ...ready.printer } },
    till: { port: 0 },
    screens: { port: 0 },
    staff: { pinHash: await hashPin(staffPin) },
  };
  for (const [name, section] of Object.entries(sections)) base[name] = { ...base[name], ...section };
  return base;
}
