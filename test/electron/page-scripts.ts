/**
 * What runs in the page before its own scripts. Electron keeps the preload in an isolated world and lets values cross
 * through its context bridge; here both worlds talk by events with a name that only they know, and texts for values.
 * The functions and the class below are sent to the page as text: they may use each other, and nothing else of ours.
 */

/** The name of the preload's world. */
export const isolatedWorld = 'Electron Isolated Context';
/** How the preload's world reaches the stand-in; it exists in that world only. */
export const bindingName = '__electronStandIn';
/** Where a key is reported, below the page's origin. */
export const keyPath = '/__electron-stand-in/key';

type Wire =
  | { readonly nothing: true }
  | { readonly value: unknown }
  | { readonly list: readonly Wire[] }
  | { readonly fields: readonly (readonly [string, Wire])[] }
  | { readonly fn: number }
  | { readonly promise: number }
  | { readonly error: string };

type Order =
  | { readonly expose: string; readonly api: Wire }
  | { readonly call: number; readonly values: readonly Wire[] }
  | { readonly settle: number; readonly result: Wire };

type AnyFunction = (...values: unknown[]) => unknown;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One world's end of the bridge: each value arrives as a thing of the world that it arrives in. */
class World {
  readonly #secret: string;
  readonly #own: string;
  readonly #other: string;
  readonly #expose: (key: string, api: unknown) => void;
  readonly #functions: AnyFunction[] = [];
  readonly #promises = new Map<number, Waiting>();
  #lastReply = 0;
  #lastPromise = 0;

  constructor(secret: string, own: 'main' | 'isolated', expose: (key: string, api: unknown) => void) {
    this.#secret = secret;
    this.#own = own;
    this.#other = own === 'main' ? 'isolated' : 'main';
    this.#expose = expose;
    window.addEventListener(`${secret}:${own}`, (event) => {
      const { order, reply } = JSON.parse(String((event as CustomEvent).detail)) as { order: Order; reply: string };
      window.dispatchEvent(new CustomEvent(reply, { detail: JSON.stringify(this.#obey(order)) }));
    });
  }

  /** Has the other world carry out an order, and gives what came of it. */
  ask(order: Order): unknown {
    const reply = `${this.#secret}:${this.#own}:${++this.#lastReply}`;
    let text = '';
    const listener = (event: Event): void => {
      text = String((event as CustomEvent).detail);
    };
    window.addEventListener(reply, listener, { once: true });
    const detail = JSON.stringify({ order, reply });
    window.dispatchEvent(new CustomEvent(`${this.#secret}:${this.#other}`, { detail }));
    const answer = JSON.parse(text) as Wire;
    if ('error' in answer) throw new Error(answer.error);
    return this.#decode(answer);
  }

  encode(value: unknown): Wire {
    if (value === undefined) return { nothing: true };
    if (typeof value === 'function') return { fn: this.#functions.push(value as AnyFunction) - 1 };
    if (typeof value === 'symbol' || typeof value === 'bigint') throw new Error('An object could not be cloned.');
    return typeof value === 'object' && value !== null ? this.#encodeObject(value) : { value };
  }

  #encodeObject(value: object): Wire {
    if (value instanceof Promise) return { promise: this.#track(value) };
    if (value instanceof Error) return { error: value.message };
    if (Array.isArray(value)) return { list: value.map((part) => this.encode(part)) };
    return { fields: Object.entries(value).map(([name, part]) => [name, this.encode(part)] as const) };
  }

  #decode(wire: Wire): unknown {
    if ('nothing' in wire) return undefined;
    if ('value' in wire) return wire.value;
    if ('list' in wire) return wire.list.map((part) => this.#decode(part));
    if ('error' in wire) return new Error(wire.error);
    if ('fn' in wire) {
      return (...values: unknown[]) => this.ask({ call: wire.fn, values: values.map((value) => this.encode(value)) });
    }
    if ('promise' in wire) {
      return new Promise((resolve, reject) => this.#promises.set(wire.promise, { resolve, reject }));
    }
    return Object.fromEntries(wire.fields.map(([name, part]) => [name, this.#decode(part)]));
  }

  #track(promise: Promise<unknown>): number {
    const id = ++this.#lastPromise;
    promise.then(
      (value) => this.ask({ settle: id, result: this.encode(value) }),
      (error: unknown) => this.ask({ settle: id, result: failure(error) }),
    );
    return id;
  }

  #obey(order: Order): Wire {
    try {
      if ('call' in order) {
        return this.encode(this.#functions[order.call]?.(...order.values.map((value) => this.#decode(value))));
      }
      if ('expose' in order) this.#expose(order.expose, this.#decode(order.api));
      else this.#settle(order.settle, order.result);
      return { nothing: true };
    } catch (error) {
      return failure(error);
    }
  }

  #settle(id: number, result: Wire): void {
    const waiting = this.#promises.get(id);
    this.#promises.delete(id);
    if ('error' in result) waiting?.reject(new Error(result.error));
    else waiting?.resolve(this.#decode(result));
  }
}

function failure(error: unknown): { error: string } {
  return { error: error instanceof Error ? error.message : String(error) };
}

/** Runs in the page's own world, first of all, and leaves nothing there but what is exposed. */
function prepareMainWorld(secret: string): void {
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  // It listens from here on; nobody needs to hold it.
  new World(secret, 'main', (key, api) => {
    Object.defineProperty(window, key, { value: freeze(api), enumerable: true });
  });
}

interface Names {
  readonly secret: string;
  readonly binding: string;
  readonly keyPath: string;
}

/** What main sends: something for a channel, or the answer to an invocation. */
interface Delivery {
  readonly channel?: string;
  readonly values?: unknown[];
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
}

function makeIpcRenderer(binding: string, post: (message: object) => void): object {
  const listeners = new Map<string, Set<AnyFunction>>();
  const answers = new Map<number, Waiting>();
  let lastId = 0;
  const ipcRenderer = {
    invoke: (channel: string, ...values: unknown[]) =>
      new Promise((resolve, reject) => {
        answers.set(++lastId, { resolve, reject });
        post({ kind: 'invoke', id: lastId, channel, values });
      }),
    send: (channel: string, ...values: unknown[]) => {
      post({ kind: 'send', channel, values });
    },
    on(channel: string, listener: AnyFunction) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      return ipcRenderer;
    },
    off(channel: string, listener: AnyFunction) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
  };
  const receive = ({ channel, values = [], id = 0, value, error }: Delivery): void => {
    if (channel !== undefined) {
      for (const listener of listeners.get(channel) ?? []) listener({}, ...values);
      return;
    }
    const waiting = answers.get(id);
    answers.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  };
  // Real preloads cannot be reached from outside; tests use the second to send what the bridge would not.
  Object.assign(globalThis, { [`${binding}Receive`]: receive, [`${binding}Ipc`]: ipcRenderer });
  return ipcRenderer;
}

/** Electron asks main before Chromium gives a key to the page; here the page's thread waits for main's answer. */
function reportKeys(path: string): void {
  const report = (event: KeyboardEvent): void => {
    const { key, code, repeat: isAutoRepeat, shiftKey: shift, ctrlKey: control, altKey: alt, metaKey: meta } = event;
    const type = event.type === 'keyup' ? 'keyUp' : 'keyDown';
    const question = new XMLHttpRequest();
    question.open('POST', path, false);
    question.send(JSON.stringify({ type, key, code, isAutoRepeat, shift, control, alt, meta }));
    if (question.responseText !== 'prevented') return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', report, { capture: true });
  window.addEventListener('keyup', report, { capture: true });
}

type Preload = (require: (name: string) => unknown, process: object) => void;

/** Runs in the isolated world: gives the preload its `electron`, and reports keys before the page sees them. */
function prepareIsolatedWorld({ secret, binding, keyPath: path }: Names, preload: Preload): void {
  const post = (message: object): void => {
    (globalThis as unknown as Record<string, (text: string) => void>)[binding]?.(JSON.stringify(message));
  };
  const world = new World(secret, 'isolated', () => undefined);
  const electron = {
    contextBridge: {
      exposeInMainWorld: (key: string, api: unknown) => world.ask({ expose: key, api: world.encode(api) }),
    },
    ipcRenderer: makeIpcRenderer(binding, post),
  };
  reportKeys(path);
  try {
    const require = (name: string): unknown => {
      if (name === 'electron') return electron;
      throw new Error(`module not found: ${name}`);
    };
    preload(require, { type: 'renderer', sandboxed: true, contextIsolated: true, platform: 'linux', env: {} });
  } catch (error) {
    post({ kind: 'preload-error', message: failure(error).error });
  }
}

/** Strict mode keeps the declarations inside the block; frames inside the page get neither preload nor bridge. */
function script(parts: readonly object[], call: string): string {
  return `'use strict';\n{\n${parts.map(String).join('\n')}\nif (window.parent === window) ${call};\n}`;
}

/** The script for the page's own world. */
export function mainWorldScript(secret: string): string {
  return script([World, failure, prepareMainWorld], `prepareMainWorld(${JSON.stringify(secret)})`);
}

/** The script for the isolated world, with the preload's text in it, as a CommonJS module. */
export function isolatedWorldScript(secret: string, preload: string): string {
  const names: Names = { secret, binding: bindingName, keyPath };
  const body = `(require, process) => { const module = { exports: {} }; const exports = module.exports;\n${preload}\n}`;
  const parts = [World, failure, makeIpcRenderer, reportKeys, prepareIsolatedWorld];
  return script(parts, `prepareIsolatedWorld(${JSON.stringify(names)}, ${body})`);
}
