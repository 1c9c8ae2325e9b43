import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BrowserPipe } from '../../../src/main/chromium/pipe.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

function pipe() {
  const to = new PassThrough();
  const from = new PassThrough();
  const clock = new VirtualClock();
  const events: unknown[] = [];
  const browser = new BrowserPipe({ to, from, clock }, (method, params) => events.push([method, params]));
  return { to, from, clock, events, browser };
}

test('answers find their questions, in pieces and in any order, and events find whoever listens', async () => {
  const { to, from, clock, events, browser } = pipe();
  const first = browser.ask({ method: 'Target.getTargets' });
  const second = browser.ask({ method: 'Page.navigate', params: { url: 'u' }, sessionId: 's' });
  expect(String(to.read())).toBe(
    '{"id":1,"method":"Target.getTargets","params":{}}\0' +
      '{"id":2,"method":"Page.navigate","params":{"url":"u"},"sessionId":"s"}\0',
  );
  from.write('{"id":2,"result":{"frameId":"ąžuol');
  from.write('as"}}\0{"method":"Target.targetCreated","params":{"x":1}}\0{"id":1,"result":7}\0');
  expect(await second).toEqual({ frameId: 'ąžuolas' });
  expect(await first).toBe(7);
  expect(events).toEqual([['Target.targetCreated', { x: 1 }]]);
  expect(clock.pending).toBe(0);
});

test('a refusal, a silence and an end are errors', async () => {
  const { from, clock, browser } = pipe();
  const refused = browser.ask({ method: 'No.such' });
  from.write('{"id":1,"error":{"code":-32601,"message":"not found"}}\0');
  await expect(refused).rejects.toThrow('not found');
  const silent = browser.ask({ method: 'Runtime.evaluate', withinMs: 4_000 });
  const told = expect(silent).rejects.toThrow('within 4000 ms');
  await clock.advance(4_000);
  await told;
  const ended = expect(browser.ask({ method: 'Page.navigate' })).rejects.toThrow('gone');
  from.destroy();
  await ended;
  expect(clock.pending).toBe(0);
});
