import { expect, test } from 'vitest';
import { converse, mostIntentsUnderWay } from '../../../src/main/screens/conversation.ts';
import { FakeDesk } from '../../fakes/screen-desk.ts';

function conversationOnBench() {
  const desk = new FakeDesk();
  return { desk, conversation: converse(desk.openSession()) };
}

test('an intent is carried out and answered with its id', async () => {
  const { desk, conversation } = conversationOnBench();
  const up = { type: 'intent', id: 7, name: 'chooseLanguage', input: { language: 'lt' } };
  expect(await conversation.receive(up)).toEqual({ type: 'answer', id: 7, answer: { ok: true } });
  expect(desk.carriedOut).toEqual([{ name: 'chooseLanguage', input: { language: 'lt' } }]);
});

test('the snapshot is given with the id it was asked with', async () => {
  const { conversation } = conversationOnBench();
  expect(await conversation.receive({ type: 'snapshot', id: 3 })).toMatchObject({
    type: 'snapshot',
    id: 3,
    snapshot: { revision: 1 },
  });
});

test.each([
  ['an unknown intent', { type: 'intent', id: 1, name: 'format', input: {} }, 'unknown_intent'],
  ['a name from the prototype', { type: 'intent', id: 1, name: 'constructor', input: {} }, 'unknown_intent'],
  ['a part too many', { type: 'intent', id: 1, name: 'lockStaff', input: {}, role: 'staff' }, 'unknown_intent'],
  ['an unknown type', { type: 'shell', id: 1 }, 'invalid'],
  ['no type', { id: 1 }, 'invalid'],
])('%s is refused, and nothing is carried out', async (_what, up, code) => {
  const { desk, conversation } = conversationOnBench();
  expect(await conversation.receive(up)).toMatchObject({ type: 'answer', id: 1, answer: { ok: false, code } });
  expect(desk.carriedOut).toEqual([]);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'snapshot'],
  ['a list', [1, 2]],
  ['no id', { type: 'snapshot' }],
  ['a negative id', { type: 'snapshot', id: -1 }],
  ['a broken id', { type: 'snapshot', id: 1.5 }],
  ['an id that is a text', { type: 'snapshot', id: '1' }],
])('%s is not a message', async (_what, message) => {
  const { conversation } = conversationOnBench();
  expect(await conversation.receive(message)).toBeUndefined();
});

test('a flood of intents is refused beyond a few, and taken again when those are done', async () => {
  const { desk, conversation } = conversationOnBench();
  const release = desk.hold();
  const lock = (id: number) => conversation.receive({ type: 'intent', id, name: 'lockStaff', input: {} });
  const first = Array.from({ length: mostIntentsUnderWay }, (_, id) => lock(id));
  expect(await lock(100)).toMatchObject({ answer: { ok: false, code: 'busy' } });
  release();
  expect(await Promise.all(first)).toHaveLength(mostIntentsUnderWay);
  expect(await lock(101)).toMatchObject({ answer: { ok: true } });
});
