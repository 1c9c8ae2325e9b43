import type { CDPSession } from '@playwright/test';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../fakes/until.ts';
import { prepareFixture, type Fixture } from './fixture/launch.ts';
import type { StandInTerminal } from './launch.ts';
import { bindingName, isolatedWorld } from './page-scripts.ts';

/** What a page that had broken into the preload's world could send: more than the bridge lets it. */

interface World {
  readonly id: number;
  readonly name: string;
  readonly auxData: { readonly frameId: string };
}

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let fixture: Fixture;
let terminal: StandInTerminal;
let session: CDPSession;
const worlds: World[] = [];

beforeAll(async () => {
  fixture = await prepareFixture('messages');
  terminal = await fixture.launch();
  session = await terminal.page.context().newCDPSession(terminal.page);
  session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context as unknown as World));
  session.on('Runtime.executionContextsCleared', () => void worlds.splice(0));
  await session.send('Runtime.enable');
});

afterAll(async () => {
  await terminal.stop();
  fixture.remove();
});

async function evaluate(contextId: number, expression: string): Promise<unknown> {
  const { result } = await session.send('Runtime.evaluate', {
    contextId,
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  return result.value;
}

async function preloadWorld(isTop: boolean): Promise<World> {
  const { frameTree } = await session.send('Page.getFrameTree');
  return until(
    () =>
      worlds.find(({ name, auxData }) => name === isolatedWorld && (auxData.frameId === frameTree.frame.id) === isTop),
    'the world of the preload',
  );
}

async function invoke(message: string, channel = 'terminal:up'): Promise<unknown> {
  const { id } = await preloadWorld(true);
  const call = `${bindingName}Ipc.invoke(${JSON.stringify(channel)}, ${message}).catch((error) => String(error))`;
  return evaluate(id, call);
}

test('a message as the preload sends it is answered', async () => {
  expect(await invoke(`{ type: 'intent', id: 7, name: 'lockStaff', input: {} }`)).toEqual({
    type: 'answer',
    id: 7,
    answer: { ok: true },
  });
});

test.each([
  ['null', 0, 'invalid'],
  ['"text"', 0, 'invalid'],
  ['[]', 0, 'invalid'],
  ['{}', 0, 'invalid'],
  [`{ type: 'intent', id: 3, name: 'format', input: {} }`, 3, 'unknown_intent'],
  [`{ type: 'intent', id: 3, name: '__proto__', input: {} }`, 3, 'unknown_intent'],
  [`{ type: 'intent', id: 3, name: 'lockStaff', input: {}, more: 1 }`, 3, 'unknown_intent'],
  [`{ type: 'intent', id: 3, name: 'lockStaff', input: { more: 1 } }`, 3, 'invalid'],
  [`{ type: 'intent', id: 3, name: 'unlockStaff', input: { pin: 'x'.repeat(1e6) } }`, 3, 'invalid'],
])('the message %s is refused as data', async (message, id, code) => {
  expect(await invoke(message)).toMatchObject({ type: 'answer', id, answer: { ok: false, code } });
});

test('there is no other channel', async () => {
  expect(await invoke('{}', 'terminal:down')).toContain('No handler registered');
  expect(await invoke('{}', 'fs:read')).toContain('No handler registered');
});

test('an inner frame is not listened to', async () => {
  const { id } = await preloadWorld(false);
  const up = { type: 'intent', id: 1, name: 'chooseLanguage', input: { language: 'lt' } };
  const message = JSON.stringify({ kind: 'invoke', id: 1, channel: 'terminal:up', values: [up] });
  await evaluate(id, `${bindingName}(${JSON.stringify(message)})`);
  await until(() => terminal.output().includes('"fault":"inner_frame"'), 'the refusal to be logged');
  expect(await terminal.page.textContent('#language')).toBe('en');
});

test('a page that is not the terminal’s is not listened to', async () => {
  await session.send('Page.navigate', { url: 'about:blank' });
  await until(() => terminal.page.url() === 'about:blank', 'the other page');
  expect(await invoke(`{ type: 'snapshot', id: 1 }`)).toMatchObject({ type: 'answer', answer: { ok: false } });
  expect(terminal.output()).toContain('"fault":"foreign_page"');
});
