/**
 * What runs in the page before its own scripts. Electron keeps the preload in an isolated world and lets values cross
 * through its context bridge; here both worlds talk by events with a name that only they know, and texts for values.
 * These functions are sent to the page as text, so each holds all that it needs.
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

/** One world's end of the bridge. */
interface World {
  ask(order: Order): unknown;
  encode(value: unknown): Wire;
}

/** Runs in both worlds: carries values, functions and promises across, each as a thing of the world it arrives in. */
function openWorld(secret: string, own: string, other: string, expose: (key: string, api: unknown) => void): World {
  const functions: ((...values: unknown[]) => unknown)[] = [];
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastReply = 0;
  let lastPromise = 0;

  function encode(value: unknown): Wire {
    if (typeof value === 'function') return { fn: functions.push(value as (...values: unknown[]) => unknown) - 1 };
    if (value instanceof Promise) return { promise: track(value) };
    if (value instanceof Error) return { error: value.message };
    if (Array.isArray(value)) return { list: value.map(encode) };
    if (typeof value === 'object' && value !== null) {
      return { fields: Object.entries(value).map(([name, part]) => [name, encode(part)] as const) };
    }
    if (typeof value === 'symbol' || typeof value === 'bigint') throw new Error('An object could not be cloned.');
    return value === undefined ? { nothing: true } : { value };
  }

  function decode(wire: Wire): unknown {
    if ('nothing' in wire) return undefined;
    if ('value' in wire) return wire.value;
    if ('list' in wire) return wire.list.map(decode);
    if ('fn' in wire) return (...values: unknown[]) => ask({ call: wire.fn, values: values.map(encode) });
    if ('promise' in wire) {
      return new Promise((resolve, reject) => promises.set(wire.promise, { resolve, reject }));
    }
    if ('error' in wire) return new Error(wire.error);
    return Object.fromEntries(wire.fields.map(([name, part]) => [name, decode(part)]));
  }

  function track(promise: Promise<unknown>): number {
    const id = ++lastPromise;
    const settle = (result: Wire): void => void ask({ settle: id, result });
    promise.then(
      (value) => {
        settle(encode(value));
      },
      (error: unknown) => {
        settle({ error: error instanceof Error ? error.message : String(error) });
      },
    );
    return id;
  }

  function settle(id: number, result: Wire): void {
    const waiting = promises.get(id);
    promises.delete(id);
    if ('error' in result) waiting?.reject(new Error(result.error));
    else waiting?.resolve(decode(result));
  }

  function obey(order: Order): Wire {
    try {
      if ('expose' in order) expose(order.expose, decode(order.api));
      else if ('settle' in order) settle(order.settle, order.result);
      else return encode(functions[order.call]?.(...order.values.map(decode)));
      return encode(undefined);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  function ask(order: Order): unknown {
    const reply = `${secret}:${own}:${++lastReply}`;
    let text = '';
    const listener = (event: Event): void => void (text = String((event as CustomEvent).detail));
    window.addEventListener(reply, listener, { once: true });
    window.dispatchEvent(new CustomEvent(`${secret}:${other}`, { detail: JSON.stringify({ order, reply }) }));
    const answer = JSON.parse(text) as Wire;
    if ('error' in answer) throw new Error(answer.error);
    return decode(answer);
  }

  window.addEventListener(`${secret}:${own}`, (event) => {
    const { order, reply } = JSON.parse(String((event as CustomEvent).detail)) as { order: Order; reply: string };
    window.dispatchEvent(new CustomEvent(reply, { detail: JSON.stringify(obey(order)) }));
  });
  return { ask, encode };
}

/** Runs in the page's own world, first of all, and leaves nothing there but what is exposed. */
function prepareMainWorld(open: typeof openWorld, secret: string): void {
  if (window.parent !== window) return;
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  open(secret, 'main', 'isolated', (key, api) => {
    Object.defineProperty(window, key, { value: freeze(api), enumerable: true });
  });
}

/** Runs in the isolated world: gives the preload its `electron`, and reports keys before the page sees them. */
function prepareIsolatedWorld(
  open: typeof openWorld,
  names: { secret: string; binding: string; keyPath: string },
  preload: (require: (name: string) => unknown, process: object) => void,
): void {
  if (window.parent !== window) return;
  const post = (message: object): void => {
    (globalThis as unknown as Record<string, (text: string) => void>)[names.binding]?.(JSON.stringify(message));
  };
  const world = open(names.secret, 'isolated', 'main', () => undefined);
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => world.ask({ expose: key, api: world.encode(api) }),
  };

  const listeners = new Map<string, Set<(...values: unknown[]) => void>>();
  const answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
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
    on(channel: string, listener: (...values: unknown[]) => void) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      return ipcRenderer;
    },
    off(channel: string, listener: (...values: unknown[]) => void) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
  };
  Object.assign(globalThis, {
    [`${names.binding}Receive`]: (message: {
      channel?: string;
      values?: unknown[];
      id?: number;
      value?: unknown;
      error?: string;
    }) => {
      if (message.channel !== undefined) {
        for (const listener of listeners.get(message.channel) ?? []) listener({}, ...(message.values ?? []));
        return;
      }
      const waiting = answers.get(message.id ?? 0);
      answers.delete(message.id ?? 0);
      if (message.error === undefined) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
    },
    // Real preloads cannot be reached from outside either; tests use this to send what the bridge would not.
    [`${names.binding}Ipc`]: ipcRenderer,
  });

  // Electron asks main before Chromium gives the key to the page; here the page's thread waits for main's answer.
  const report = (event: KeyboardEvent): void => {
    const { type, key, code, repeat, shiftKey: shift, ctrlKey: control, altKey: alt, metaKey: meta } = event;
    const question = new XMLHttpRequest();
    question.open('POST', names.keyPath, false);
    question.send(
      JSON.stringify({
        type: type === 'keyup' ? 'keyUp' : 'keyDown',
        key,
        code,
        isAutoRepeat: repeat,
        shift,
        control,
        alt,
        meta,
      }),
    );
    if (question.responseText !== 'prevented') return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', report, { capture: true });
  window.addEventListener('keyup', report, { capture: true });

  try {
    const require = (name: string): unknown => {
      if (name === 'electron') return { contextBridge, ipcRenderer };
      throw new Error(`module not found: ${name}`);
    };
    preload(require, { type: 'renderer', sandboxed: true, contextIsolated: true, platform: 'linux', env: {} });
  } catch (error) {
    post({ kind: 'preload-error', message: error instanceof Error ? error.message : String(error) });
  }
}

/** The script for the page's own world. */
export function mainWorldScript(secret: string): string {
  return `(${prepareMainWorld.toString()})(${openWorld.toString()}, ${JSON.stringify(secret)});`;
}

/** The script for the isolated world, with the preload's text in it, as a CommonJS module. */
export function isolatedWorldScript(secret: string, preload: string): string {
  const names = JSON.stringify({ secret, binding: bindingName, keyPath });
  const body = `(require, process) => { const module = { exports: {} }; const exports = module.exports;\n${preload}\n}`;
  return `(${prepareIsolatedWorld.toString()})(${openWorld.toString()}, ${names}, ${body});`;
}
