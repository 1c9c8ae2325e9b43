import { expect, test } from 'vitest';
import { until } from '../../fakes/until.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { connect, serve } from './bench.ts';

test('a screen is shown the snapshot at once, and each new one', async () => {
  const { desk, origin } = await serve();
  const screen = await connect(origin);
  await until(() => screen.received.length === 1, 'the first snapshot');
  expect(screen.received[0]).toMatchObject({ type: 'snapshot', snapshot: { revision: 1 } });
  desk.show({ language: 'lt' });
  await until(() => screen.received.length === 2, 'the second snapshot');
  expect(screen.received[1]).toMatchObject({ snapshot: { revision: 2, language: 'lt' } });
});

test('intents are carried out and answered by id; a refusal is an answer', async () => {
  const { desk, origin } = await serve();
  const screen = await connect(origin);
  screen.send({ type: 'intent', id: 5, name: 'unlockStaff', input: { pin: '1234' } });
  screen.send({ type: 'intent', id: 6, name: 'closeSpot', input: {} });
  screen.send({ type: 'snapshot', id: 7 });
  await until(() => screen.received.length === 4, 'three answers and a snapshot');
  expect(screen.received).toContainEqual({ type: 'answer', id: 5, answer: { ok: true } });
  expect(screen.received.find((down) => down.id === 6)).toMatchObject({
    type: 'answer',
    answer: { code: 'staff_only' },
  });
  expect(screen.received).toContainEqual(expect.objectContaining({ type: 'snapshot', id: 7 }));
  expect(desk.carriedOut.map(({ name }) => name)).toEqual(['unlockStaff', 'closeSpot']);
});

test('each screen has a session of its own, which ends with its connection', async () => {
  const { desk, origin } = await serve();
  const first = await connect(origin);
  await connect(origin);
  await until(() => desk.open === 2, 'two sessions');
  first.socket.close();
  await until(() => desk.open === 1, 'one session');
});

test.each([
  ['no cookie', { cookie: '' }],
  ['a guessed cookie', { cookie: 'terminal_1=x' }],
  ['another origin', { origin: 'http://evil.example' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ['no origin of its own', { origin: 'null' }],
  ['another host', { host: 'evil.example' }],
  ['another host and origin that agree', { host: 'evil.example', origin: 'http://evil.example' }],
])('with %s the socket is refused, and no session opened', async (_what, headers) => {
  const { desk, origin } = await serve();
  await expect(connect(origin, headers)).rejects.toThrow('refused with 403');
  expect(desk.opened).toBe(0);
});

test.each(['', 'hello', '{', '[]', 'null', '{"type":"snapshot"}'])('the frame %j closes the socket', async (frame) => {
  const { origin } = await serve();
  const screen = await connect(origin);
  screen.send(frame);
  expect(await screen.closed).toBe(1008);
});

test('a binary frame closes the socket', async () => {
  const { origin } = await serve();
  const screen = await connect(origin);
  screen.socket.send(Buffer.from('{"type":"snapshot","id":1}'));
  expect(await screen.closed).toBe(1008);
});

test('a frame of more than 256 kB closes the socket', async () => {
  const { desk, origin } = await serve();
  const screen = await connect(origin);
  screen.send({ type: 'intent', id: 1, name: 'lockStaff', input: 'x'.repeat(256 * 1_024) });
  expect(await screen.closed).toBe(1009);
  expect(desk.carriedOut).toEqual([]);
});

test('one screen too many is turned away, and let in when another has gone', async () => {
  const { desk, origin } = await serve({ limits: { mostSockets: 2 } });
  const first = await connect(origin);
  await connect(origin);
  expect(await (await connect(origin)).closed).toBe(1013);
  first.socket.close();
  await until(() => desk.open === 1, 'a free place');
  const next = await connect(origin);
  await until(() => next.received.length === 1, 'the snapshot');
});

test('a slow screen gets the newest snapshot, not all that it missed', async () => {
  const { desk, origin } = await serve();
  const screen = await connect(origin);
  await until(() => screen.received.length === 1, 'the first snapshot');
  screen.socket.pause();
  const notRead = 'x'.repeat(200_000);
  for (let count = 0; count < 200; count += 1) {
    desk.show({ terminal: { name: `${count} ${notRead}`, locale: { en: 'en-IE', lt: 'lt-LT' } } });
    if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  screen.socket.resume();
  const last = await until(() => screen.received.find((down) => revisionOf(down) === 201), 'the newest snapshot');
  expect(revisionOf(last)).toBe(201);
  expect(screen.received.length).toBeLessThan(150);
});

function revisionOf(down: unknown): number {
  return (down as { snapshot?: { revision: number } }).snapshot?.revision ?? 0;
}

test('a screen that asks and never reads is cut off', async () => {
  const { desk, origin } = await serve({ limits: { mostUnreadBytes: 1_000_000 } });
  desk.show({ terminal: { name: 'x'.repeat(100_000), locale: { en: 'en-IE', lt: 'lt-LT' } } });
  const screen = await connect(origin);
  screen.socket.pause();
  for (let id = 0; id < 300; id += 1) screen.send({ type: 'snapshot', id });
  await until(() => desk.open === 0, 'the session to be closed');
});

test('a silent screen is asked whether it is there, stays when it answers, and goes when it does not', async () => {
  const clock = new VirtualClock();
  const { desk, origin } = await serve({ clock });
  const screen = await connect(origin);
  await until(() => desk.open === 1, 'the session');
  for (let round = 0; round < 3; round += 1) {
    const asked = new Promise((resolve) => screen.socket.once('ping', resolve));
    await clock.advance(15_000);
    await asked;
    // The answer is on its way; when it has come, only the next question is waited for.
    screen.send({ type: 'snapshot', id: round });
    await until(() => screen.received.some((down) => down.id === round), 'the answer');
  }
  expect(desk.open).toBe(1);
  screen.socket.pause();
  await clock.advance(25_000);
  await until(() => desk.open === 0, 'the session to be closed');
  expect(clock.pending).toBe(0);
});

test('when the terminal stops, screens are told that it is going away', async () => {
  const { screens, origin } = await serve();
  const screen = await connect(origin);
  await screens.stop();
  expect(await screen.closed).toBe(1001);
});
