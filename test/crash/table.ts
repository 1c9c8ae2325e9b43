import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxReady, TerminalReady } from '../../scripts/sandbox-configuration.ts';
import type { BillDraft, BillView } from '../../src/shared/bill.ts';
import { start, type Running, type Started } from '../flows/process.ts';
import { SandboxDesk } from '../flows/sandbox-desk.ts';
import { askTill, spotCode, staffPin, type TillRequest } from '../flows/stage.ts';
import type { Diary } from './diary.ts';
import type { Deed } from './plan.ts';
import { StaffScreen } from './staff-screen.ts';

/** What the till or staff were told of something that they asked for a bill. */
export interface Told {
  readonly bill: number;
  readonly what: 'putIn' | 'edit' | 'withdraw' | 'otherwise';
  /** The bill as it was answered, when it was done. */
  readonly view?: Pick<BillView, 'id' | 'version' | 'total'>;
}

/** How long somebody goes on asking a terminal that does not answer, in milliseconds. */
const insistMs = 30_000;
/** How long a customer waits for something to pay, in milliseconds. */
const hungryMs = 1000;

/** One table: the terminal that is killed and started again, and the people who go on all the while. */
export class Table {
  readonly sandbox: Running<SandboxReady>;
  readonly desk: SandboxDesk;
  readonly folder: string;
  readonly diary: Diary;
  /** What was asked and answered, in order of the answers. */
  readonly told: Told[] = [];
  /** The ids of bills as far as anybody was told, by their number in the run. */
  readonly ids = new Map<number, string>();
  /** Everything that terminals wrote to their logs before they were killed. */
  log = '';
  starts = 0;
  /** What went wrong with the printer, in order. */
  readonly troubles: string[] = [];
  #running: Started<TerminalReady> | undefined;
  readonly #doings: Promise<void>[] = [];
  #ready: TerminalReady | undefined;

  constructor(sandbox: Running<SandboxReady>, folder: string, diary: Diary) {
    this.sandbox = sandbox;
    this.desk = new SandboxDesk(sandbox.ready.controlUrl);
    this.folder = folder;
    this.diary = diary;
  }

  /** Starts the terminal; it is asked from the moment that it is ready. */
  begin(): Started<TerminalReady> {
    // A run takes as many requests in seconds as a minute allows. The budget is remembered over a restart; here it would
    // only be waited for.
    rmSync(join(this.folder, 'data', 'requests.json'), { force: true });
    this.starts += 1;
    this.diary.note('the terminal is started');
    const terminal = start<TerminalReady>('src/main/headless.ts', ['--config', join(this.folder, 'config.json')]);
    this.#running = terminal;
    terminal.ready.then(
      (ready) => {
        if (this.#running !== terminal) return;
        this.#ready = ready;
        this.diary.note('the terminal is ready');
      },
      () => {
        this.diary.note('the terminal ended before it was ready');
      },
    );
    return terminal;
  }

  /** Kills it as a power cut would, if it runs. */
  async kill(): Promise<void> {
    const terminal = this.#running;
    if (!terminal) return;
    this.#running = undefined;
    this.#ready = undefined;
    await terminal.kill();
    this.diary.note('the terminal is killed');
    this.log += `--- terminal ${this.starts}\n${terminal.log()}`;
  }

  /** Lets somebody do something; nobody waits for it. */
  do(deed: Deed): void {
    const done = this.#act(deed).catch((error: unknown) => {
      this.diary.note(`  ${deed.type} came to nothing: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#doings.push(done);
  }

  /** Waits until everybody has done what they began. */
  async everybodyIsDone(): Promise<void> {
    await Promise.all(this.#doings);
  }

  /** Asks as the till, for as long as it takes to be answered. @throws Error when nobody answers for too long */
  async till(request: TillRequest): Promise<Response> {
    const giveUpAt = performance.now() + insistMs;
    while (performance.now() < giveUpAt) {
      const ready = this.#ready;
      if (ready) {
        try {
          const answer = await askTill(ready, request);
          if (answer.status !== 503) return answer;
        } catch (error) {
          // Killed meanwhile: perhaps it was done. A till asks again.
          this.diary.note(`  no answer to ${request.method} ${request.path}: ${String(error)}`);
        }
      }
      await wait(20);
    }
    throw new Error(`The terminal did not answer ${request.method} ${request.path} in ${insistMs} ms.`);
  }

  /** A staff screen, unlocked. */
  async screen(): Promise<StaffScreen> {
    const giveUpAt = performance.now() + insistMs;
    while (performance.now() < giveUpAt) {
      if (this.#ready) return StaffScreen.open(this.#ready, staffPin);
      await wait(20);
    }
    throw new Error(`No terminal was ready for ${insistMs} ms.`);
  }

  #act(deed: Deed): Promise<void> {
    this.diary.note(JSON.stringify(deed));
    switch (deed.type) {
      case 'putIn':
        return this.#putIn(deed);
      case 'staffPutIn':
        return this.#staffPutIn(deed);
      case 'edit':
        return this.#change(deed, { method: 'PUT', body: draftOf(deed.bill, deed.total) });
      case 'withdraw':
        return this.#change(deed, { method: 'DELETE' });
      case 'otherwise':
        return this.#change(deed, { method: 'POST', body: { how: deed.how }, under: '/paid-otherwise' });
      case 'checkIn':
        return this.desk.phone('check-in', { user: deed.user, code: spotCode });
      case 'checkOut':
        return this.desk.phone('check-out', { user: deed.user });
      case 'pay':
      case 'refuse':
        return this.#customer(deed);
      case 'staff':
        return this.#staff(deed.act);
      case 'foreign':
        return this.#foreign(deed.amount);
      case 'network':
        return this.desk.control('faults', deed.rule);
      case 'printer':
        this.troubles.push(...Object.keys(deed.change).slice(0, 1));
        return this.desk.control('printer', deed.change);
      case 'printerOff':
        this.troubles.push('off and on');
        return this.desk.control('printer/power-cycle');
    }
  }

  async #putIn({ bill, total, twice }: Extract<Deed, { type: 'putIn' }>): Promise<void> {
    const ask = async () => {
      const answer = await this.till({
        method: 'POST',
        path: '/v1/bills',
        body: draftOf(bill, total),
        headers: { 'idempotency-key': `key-${bill}` },
      });
      await this.#heard({ bill, what: 'putIn' }, answer);
    };
    await Promise.all(twice ? [ask(), ask()] : [ask()]);
  }

  async #staffPutIn({ bill, total }: Extract<Deed, { type: 'staffPutIn' }>): Promise<void> {
    const screen = await this.screen();
    try {
      const answer = await screen.ask('createBill', { draft: draftOf(bill, total) });
      this.diary.note(`  bill ${bill} by staff: ${JSON.stringify(answer)}`);
      if (!answer.ok || answer.billId === undefined) return;
      this.ids.set(bill, answer.billId);
      this.told.push({ bill, what: 'putIn', view: { id: answer.billId, version: 1, total } });
    } finally {
      screen.close();
    }
  }

  async #change(
    { type, bill }: Extract<Deed, { type: 'edit' | 'withdraw' | 'otherwise' }>,
    { method, body, under = '' }: { method: string; body?: object; under?: string },
  ): Promise<void> {
    const id = this.ids.get(bill);
    if (id === undefined) {
      this.diary.note(`  nobody knows bill ${bill}`);
      return;
    }
    const request = { method, path: `/v1/bills/${id}${under}` };
    await this.#heard({ bill, what: type }, await this.till(body === undefined ? request : { ...request, body }));
  }

  async #heard(asked: Pick<Told, 'bill' | 'what'>, answer: Response): Promise<void> {
    const body = (await answer.json()) as BillView & { code?: string };
    this.diary.note(`  bill ${asked.bill} ${asked.what}: ${answer.status} ${body.code ?? `${body.id} ${body.status}`}`);
    if (!answer.ok) return;
    if (asked.what === 'putIn') this.ids.set(asked.bill, body.id);
    this.told.push({ ...asked, view: { id: body.id, version: body.version, total: body.total } });
  }

  /** Checks in where needed, and pays or refuses one of the orders that are there or come within a moment. */
  async #customer({ type, user, pick }: Extract<Deed, { type: 'pay' | 'refuse' }>): Promise<void> {
    await this.desk.phone('check-in', { user, code: spotCode });
    const giveUpAt = performance.now() + hungryMs;
    while (performance.now() < giveUpAt) {
      const { orders } = await this.desk.world();
      const pending = orders.filter(({ status, atSpot }) => status === 'pending' && atSpot);
      const order = pending[pick % pending.length];
      if (order) {
        await this.desk.phone(type, { user, transactionKey: order.transactionKey });
        this.diary.note(`  customer ${user}: ${type} …${order.transactionKey.slice(-6)}`);
        return;
      }
      await wait(10);
    }
    this.diary.note(`  customer ${user} found nothing to ${type}`);
  }

  async #staff(act: Extract<Deed, { type: 'staff' }>['act']): Promise<void> {
    const screen = await this.screen();
    try {
      const answer = await this.#touch(screen, act);
      this.diary.note(`  staff ${act}: ${answer ? JSON.stringify(answer) : 'nothing to be done'}`);
    } finally {
      screen.close();
    }
  }

  async #touch(screen: StaffScreen, act: Extract<Deed, { type: 'staff' }>['act']) {
    const staff = screen.snapshot?.staff;
    if (act === 'closeSpot') return screen.ask('closeSpot', {});
    if (act === 'offerAgain') {
      const bill = staff?.bills.find(({ status }) => status === 'refused');
      return bill && screen.ask('offerBillAgain', { billId: bill.id });
    }
    if (act === 'reprint') {
      const [receipt] = staff?.receipts ?? [];
      return receipt && screen.ask('reprintReceipt', { receiptNumber: receipt.number });
    }
    const item = staff?.attention.find(({ dismissable, code }) => dismissable && code !== 'receipt_doubtful');
    return item && screen.ask('dismissAttention', { id: item.id });
  }

  async #foreign(amount: number): Promise<void> {
    const [spot] = (await this.desk.world()).spots;
    if (spot) await this.desk.control(`spots/${spot.id}/foreign-order`, { amount });
  }
}

/** The number of a bill, as it stands on screens and receipts. */
export function numberOf(bill: number): string {
  return `B${bill}`;
}

function draftOf(bill: number, total: number): BillDraft {
  return { number: numberOf(bill), lines: [{ title: 'Coffee', total }], total, currency: 'EUR' };
}
