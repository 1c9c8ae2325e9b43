/** A sandbox for one test, with a clock that the test turns. */
import { onTestFinished } from 'vitest';
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../../sandbox/server.ts';
import { merchantOf, send, userOf, type Answer, type Differences } from './signed.ts';

export const CODE = 'PAYSERA*3:TABLE1';

export interface Scene {
  readonly sandbox: RunningSandbox;
  /** Calls of the merchant, signed. */
  merchant(method: string, path: string, body?: unknown, but?: Differences): Promise<Answer>;
  /** Calls of the first user, signed. */
  user(method: string, path: string, body?: unknown, but?: Differences): Promise<Answer>;
  /** Calls of the second user, signed. */
  secondUser(method: string, path: string, body?: unknown, but?: Differences): Promise<Answer>;
  /** Lets time pass. */
  later(milliseconds: number): void;
  /** Id of the spot of CODE. */
  spotId(): number;
}

/** Starts a sandbox that ends with the test. */
export async function startScene(options: SandboxOptions = {}): Promise<Scene> {
  let time = Date.now();
  const sandbox = await startSandbox({ seed: 5, now: () => time, ...options });
  onTestFinished(() => sandbox.stop());
  const by =
    (credentials: Parameters<typeof send>[1]) =>
    (method: string, path: string, body?: unknown, but = {}) =>
      send(sandbox, credentials, { method, path, but, ...(body === undefined ? {} : { body }) });
  return {
    sandbox,
    merchant: by(merchantOf(sandbox)),
    user: by(userOf(sandbox)),
    secondUser: by(userOf(sandbox, 1)),
    later: (milliseconds) => {
      time += milliseconds;
    },
    spotId: () => sandbox.world.spotByCode(CODE).id,
  };
}

/** A body for POST /transaction. */
export function bill(price = 4512, more: Readonly<Record<string, unknown>> = {}) {
  return { payments: [{ description: 'Lane 2', price, currency: 'EUR' }], reserve: { for: 900 }, ...more };
}

/** A property of an answer's body. */
export function part(answer: Answer, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    answer.json,
  );
}

/** A property that is a text or a number, as text. */
export function textPart(answer: Answer, ...path: readonly (string | number)[]): string {
  const value = part(answer, ...path);
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new Error(`${path.join('.')} is missing in ${String(answer.status)} ${answer.text}`);
  }
  return String(value);
}

/** Makes a transaction by the merchant; gives its key. */
export async function makeTransaction({ merchant }: Scene, body: unknown = bill()): Promise<string> {
  return textPart(await merchant('POST', '/transaction', body), 'transaction_key');
}

/** A transaction, its order at the spot, the user checked in. */
export async function offer(scene: Scene, body: unknown = bill()): Promise<{ key: string; order: string }> {
  const id = String(scene.spotId());
  await scene.user('PUT', `/spot/${id}/check-in`);
  const key = await makeTransaction(scene, body);
  const order = textPart(await scene.merchant('POST', `/spot/${id}/order`, { transaction_key: key }), 'id');
  return { key, order };
}

/** The same, and the user has paid. */
export async function reserved(scene: Scene, body: unknown = bill()): Promise<{ key: string; order: string }> {
  const offered = await offer(scene, body);
  await scene.user('PUT', `/transaction/${offered.key}/reserve`);
  return offered;
}
