import { expect, test } from 'vitest';
import { watchScreens } from '../../../src/main/watchdog/screens.ts';
import { FakeDesk } from '../../fakes/screen-desk.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

test('only a second question in one session says that the first was answered', async () => {
  const clock = new VirtualClock();
  const { desk, lastRoundTrip } = watchScreens(new FakeDesk(), clock);
  const first = desk.openSession();
  first.snapshot();
  desk.openSession().snapshot();
  expect(lastRoundTrip()).toBeNull();
  await clock.advance(4_000);
  first.snapshot();
  expect(lastRoundTrip()).toBe(4_000);
});

test('what goes through is not changed', async () => {
  const inner = new FakeDesk();
  const { desk, lastRoundTrip } = watchScreens(inner, new VirtualClock());
  const session = desk.openSession();
  const seen: number[] = [];
  const end = session.subscribe(({ revision }) => seen.push(revision));
  inner.show();
  end();
  inner.show();
  expect(seen).toEqual([1, 2]);
  expect(await session.intent('chooseLanguage', { language: 'lt' })).toEqual({ ok: true });
  expect(inner.carriedOut).toHaveLength(1);
  session.close();
  expect(inner.open).toBe(0);
  expect(lastRoundTrip()).toBeNull();
});
