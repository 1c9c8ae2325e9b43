import { transportError, type Ending, type HttpAnswer } from '../../src/main/adapters/wallet/error.ts';
import { DeadlineError, type Http, type HttpRequest } from '../../src/main/adapters/wallet/http.ts';
import { apiRoot, type Api } from './api.ts';
import type { Life } from './life.ts';
import type { Chance, Mischief } from './mischief.ts';
import type { Trace } from './trace.ts';
import type { Universe } from './universe.ts';

/** What becomes of one request on its way. */
export type Fate =
  | 'arrives'
  | 'unreachable'
  | 'requestLost'
  | 'answerLost'
  | 'late'
  | 'answerLate'
  | 'twice'
  | 'failsBefore'
  | 'failsAfter'
  | 'pageBefore'
  | 'pageAfter'
  | 'refused429';

const fates: readonly Exclude<Fate, 'arrives'>[] = [
  'unreachable',
  'requestLost',
  'answerLost',
  'late',
  'answerLate',
  'twice',
  'failsBefore',
  'failsAfter',
  'pageBefore',
  'pageAfter',
  'refused429',
];

/** Told of every request that leaves and of every answer that comes back. */
export interface Traffic {
  onSent(request: HttpRequest): void;
  /** It certainly never left. */
  onNotSent(request: HttpRequest): void;
  onAnswer(request: HttpRequest, answer: HttpAnswer): void;
}

/** What is to become of certain requests, for an evening whose course is written down. */
export interface Plan {
  readonly method: string;
  /** Of the path and query. */
  readonly path: RegExp;
  /** How many requests; all when left out. */
  times?: number;
  readonly fate?: Fate;
  /** Answered with this instead; the work is done if `done` says so. */
  readonly answer?: { readonly status: number; readonly text: string; readonly done: boolean };
  /** Done to the world right before the request arrives. */
  readonly before?: () => void;
  /** Done to the world right after its work is done. */
  readonly after?: () => void;
}

interface NetworkOptions {
  readonly universe: Universe;
  readonly chance: Chance;
  readonly mischief: Mischief;
  readonly trace: Trace;
  readonly api: Api;
  readonly traffic: Traffic;
  /** How likely it is that something happens to a request. */
  readonly trouble: number;
  /** Milliseconds that a request and an answer take, least and most; 10 to 120 when left out. */
  readonly latency?: readonly [least: number, most: number];
}

const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * The network between the terminal and the API: it delays, drops requests, drops answers after the work was done,
 * delivers twice, and sometimes is away altogether. Outlives the terminal's process: what has left arrives.
 */
export class Network {
  readonly #options: NetworkOptions;
  /** Elapsed milliseconds until when nothing gets through. */
  awayUntil = 0;
  readonly plans: Plan[] = [];

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** The network as one process sees it: nothing comes back to a dead one. */
  http(life: Life): Http {
    return {
      send: (request, signal) =>
        new Promise((resolve, reject) => {
          this.#send(request, signal, {
            life,
            resolve: (answer) => {
              if (life.mayDie('before an answer')) return;
              this.#options.traffic.onAnswer(request, answer);
              resolve(answer);
            },
            reject,
          });
        }),
      stop: () => Promise.resolve(),
    };
  }

  #send(request: HttpRequest, signal: AbortSignal, sender: Sender): void {
    const { trace, traffic } = this.#options;
    if (!sender.life.alive || sender.life.mayDie('before a request')) return;
    const name = `${request.method} ${shortened(request.path)}`;
    traffic.onSent(request);
    const plan = this.#planFor(request);
    const fate = plan?.fate ?? this.#fate();
    trace.tell('network', fate === 'arrives' ? name : `${name} (${fate})`);
    const exchange = new Exchange(request, signal, { ...sender, plan });
    if (fate === 'unreachable') {
      this.#after(20, () => {
        traffic.onNotSent(request);
        exchange.fail('failed', false);
      });
      return;
    }
    this.#travel(exchange, fate);
    sender.life.mayDie('after a request');
  }

  #fate(): Fate {
    const { universe, mischief, chance, trouble } = this.#options;
    if (universe.elapsed < this.awayUntil) return chance.one('away', ['unreachable', 'requestLost']);
    const kinds = fates.filter((kind) => mischief.happens(kind, trouble / fates.length));
    return kinds[0] ?? 'arrives';
  }

  #travel(exchange: Exchange, fate: Exclude<Fate, 'unreachable'>): void {
    const { chance, api, latency = [10, 120] } = this.#options;
    const there = chance.between('latency', ...latency) + (fate === 'late' ? chance.between('late', 2000, 25_000) : 0);
    const back =
      chance.between('latency', ...latency) + (fate === 'answerLate' ? chance.between('late', 2000, 25_000) : 0);
    this.#after(there, () => {
      if (fate === 'requestLost') {
        exchange.fail('failed', true);
        return;
      }
      const answer = exchange.plan
        ? this.#planned(exchange.request, exchange.plan)
        : this.#arrive(exchange.request, fate);
      if (fate === 'twice') this.#after(chance.between('twice', 0, 4000), () => api.answer(exchange.request));
      this.#after(back, () => {
        if (fate === 'answerLost') exchange.fail('failed', true);
        else exchange.answer(answer);
      });
    });
  }

  #planFor(request: HttpRequest): Plan | undefined {
    const plan = this.plans.find(({ method, path }) => method === request.method && path.test(request.path));
    if (plan?.times === undefined) return plan;
    plan.times -= 1;
    if (plan.times <= 0) this.plans.splice(this.plans.indexOf(plan), 1);
    return plan;
  }

  #planned(request: HttpRequest, { fate = 'arrives', answer, before, after }: Plan): HttpAnswer {
    before?.();
    const worked = answer && !answer.done ? undefined : this.#arrive(request, fate);
    after?.();
    return answer || !worked ? { status: answer?.status ?? 500, headers: {}, text: answer?.text ?? '' } : worked;
  }

  #arrive(request: HttpRequest, fate: Fate): HttpAnswer {
    const { api, chance } = this.#options;
    if (fate === 'failsBefore') return { status: 500, headers: {}, text: '{"error":"internal_server_error"}' };
    if (fate === 'pageBefore') return { status: chance.one('page', [502, 503, 200]), headers: {}, text: page };
    if (fate === 'refused429') return this.#refuse();
    const answer = api.answer(request);
    if (fate === 'failsAfter') return { status: 500, headers: {}, text: '{"error":"internal_server_error"}' };
    if (fate === 'pageAfter') return { status: chance.one('page', [502, 504, 200]), headers: {}, text: page };
    return answer;
  }

  /** The account is refused for a while, with or without being told for how long (api.md 11.5). */
  #refuse(): HttpAnswer {
    const { api, chance, universe } = this.#options;
    const retryAfter = chance.draw('retry after') < 0.5;
    api.blocked = { until: universe.now() + chance.between('blocked', 5000, 90_000), retryAfter };
    const headers: Record<string, string> = retryAfter
      ? { 'retry-after': String(Math.ceil((api.blocked.until - universe.now()) / 1000)) }
      : {};
    return { status: 429, headers, text: '{"error":"rate_limit_exceeded","error_description":"Too many requests"}' };
  }

  #after(milliseconds: number, act: () => void): void {
    this.#options.universe.after(milliseconds, act);
  }
}

interface Sender {
  readonly life: Life;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: unknown) => void;
  readonly plan?: Plan | undefined;
}

/** One request as its sender sees it: it ends once, by an answer, a lost connection, or its own deadline. */
class Exchange {
  readonly request: HttpRequest;
  readonly plan: Plan | undefined;
  readonly #sender: Sender;
  #over = false;

  constructor(request: HttpRequest, signal: AbortSignal, sender: Sender) {
    this.request = request;
    this.plan = sender.plan;
    this.#sender = sender;
    const onAbort = () => {
      this.fail(signal.reason instanceof DeadlineError ? 'timeout' : 'aborted', true);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }

  answer(answer: HttpAnswer): void {
    if (this.#end()) this.#sender.resolve(answer);
  }

  fail(ending: Ending, sent: boolean): void {
    const context = { method: this.request.method, sent, ending, host: apiRoot.host };
    if (this.#end()) this.#sender.reject(transportError(new Error('simulated'), context));
  }

  #end(): boolean {
    if (this.#over || !this.#sender.life.alive) return false;
    this.#over = true;
    return true;
  }
}

/** A path for people: without the root, keys cut short. */
function shortened(path: string): string {
  return path.replace('/rest/v1', '').replaceAll(/[A-Za-z0-9]{20,}/g, (key) => `…${key.slice(-4)}`);
}
