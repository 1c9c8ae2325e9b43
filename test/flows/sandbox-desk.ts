import { until } from '../fakes/until.ts';

/** The sandbox's whole world, from outside; more of it comes than is named here. */
export interface WorldState {
  readonly spots: readonly { readonly id: number; readonly status: string; readonly users: readonly number[] }[];
  readonly orders: readonly RemoteOrder[];
  readonly transactions: readonly RemoteTransaction[];
  readonly users: readonly { readonly balance: number; readonly locked: number }[];
}

export interface RemoteOrder {
  readonly id: number;
  readonly status: string;
  readonly transactionKey: string;
  readonly atSpot: boolean;
}

export interface RemoteTransaction {
  readonly key: string;
  readonly status: string;
  readonly payments: readonly { readonly price: number; readonly currency: string; readonly parameters: unknown }[];
  readonly confirmedAt: number | null;
}

/** What a test does to a sandbox that runs, and sees of it, through its control API and its phone. */
export class SandboxDesk {
  readonly #controlUrl: string;

  constructor(controlUrl: string) {
    this.#controlUrl = controlUrl;
  }

  async phone(path: string, body: object): Promise<void> {
    const response = await this.#post(`/phone/api/${path}`, body);
    if (!response.ok) throw new Error(`The phone could not ${path}: ${await response.text()}`);
  }

  async control(path: string, body: object = {}): Promise<void> {
    const response = await this.#post(`/control/${path}`, body);
    if (!response.ok) throw new Error(`Control ${path} failed: ${await response.text()}`);
  }

  async clearFaults(): Promise<void> {
    await fetch(new URL('/control/faults', this.#controlUrl), { method: 'DELETE' });
  }

  /** How many fault rules wait for their request. */
  async faultsLeft(): Promise<number> {
    return (await this.#get<{ faults: readonly unknown[] }>('faults')).faults.length;
  }

  world(): Promise<WorldState> {
    return this.#get('state');
  }

  /** Every request that the API received, with the fault that it met. */
  async requests(): Promise<
    readonly { readonly method: string; readonly path: string; readonly fault: string | null }[]
  > {
    return (await this.#get<{ requests: { method: string; path: string; fault: string | null }[] }>('requests'))
      .requests;
  }

  /** The transaction of the order that can be paid at the spot. */
  async payable(): Promise<string> {
    return until(async () => {
      const { orders } = await this.world();
      return orders.find((order) => order.status === 'pending')?.transactionKey;
    }, 'an order that can be paid');
  }

  /** The first customer checks in there and pays what can be paid. */
  async checkInAndPay(code: string): Promise<void> {
    await this.phone('check-in', { user: 0, code });
    await this.phone('pay', { user: 0, transactionKey: await this.payable() });
  }

  /** The papers that came out. @throws Error when the printer did not understand something */
  async receipts(): Promise<readonly { readonly text: string; readonly qr: readonly string[] }[]> {
    const { receipts, problems } = await this.papers();
    if (problems.length > 0) throw new Error(`The printer did not understand: ${problems.join(' ')}`);
    return receipts;
  }

  /** The papers that came out, and what the printer did not understand: half a job, where a terminal was killed. */
  papers(): Promise<{
    readonly receipts: readonly { readonly text: string; readonly qr: readonly string[] }[];
    readonly problems: readonly string[];
  }> {
    return this.#get('receipts');
  }

  async #get<Value>(path: string): Promise<Value> {
    const response = await fetch(new URL(`/control/${path}`, this.#controlUrl), {
      signal: AbortSignal.timeout(10_000),
    });
    return (await response.json()) as Value;
  }

  #post(path: string, body: object): Promise<Response> {
    return fetch(new URL(path, this.#controlUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  }
}
