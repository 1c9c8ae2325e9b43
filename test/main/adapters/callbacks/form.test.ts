import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callbackOf, formOf } from '../../../../src/main/adapters/callbacks/form.ts';

const form = (text: string) => formOf(Buffer.from(text));

describe('a form', () => {
  it('gives back any event exactly as it was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.base64String({ minLength: 4 }), (event, sign) => {
        expect(form(new URLSearchParams({ event, sign }).toString())).toEqual({ event, sign });
      }),
    );
  });

  it('is read with what else stands in it, and with plus signs that were not encoded', () => {
    expect(form('event=%7B%7D&sign=a+b/c=&more=1')).toEqual({ event: '{}', sign: 'a+b/c=' });
  });

  it.each([
    '',
    'event=1',
    'sign=1',
    'event=1&event=2&sign=3',
    'event=1&sign=2&sign=3',
    'Event=1&Sign=2',
    '{"event":1}',
  ])('is not %j', (text) => {
    expect(form(text)).toBeNull();
  });

  it('of any bytes is read or refused, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const read = formOf(Buffer.from(bytes));
        expect(read === null || typeof read.event === 'string').toBe(true);
      }),
    );
  });
});

describe('an event', () => {
  const told = (event: unknown) => callbackOf(JSON.stringify(event));
  const data = { transaction_key: 'k', status: 'reserved' };

  it('tells which transaction, and what is said to have happened', () => {
    expect(told({ type: 'reserved', object: 'transaction', data })).toEqual({ key: 'k', kind: 'reserved' });
  });

  it('of an unknown type, with unknown fields, still tells which transaction', () => {
    const event = { type: 'teleported', object: 'transaction', data: { ...data, more: [1] }, version: 9 };
    expect(told(event)).toEqual({ key: 'k', kind: 'teleported' });
  });

  it.each([
    ['a payment', { type: 'done', object: 'payment', data: { id: 1 } }],
    ['an unknown object', { type: 'x', object: 'spaceship', data }],
    ['a transaction without a key', { type: 'reserved', object: 'transaction', data: { status: 'reserved' } }],
    ['a key that is no text', { type: 'reserved', object: 'transaction', data: { transaction_key: 5 } }],
    ['an endless key', { type: 'reserved', object: 'transaction', data: { transaction_key: 'k'.repeat(201) } }],
    ['no data', { type: 'reserved', object: 'transaction' }],
    ['no type', { object: 'transaction', data }],
    ['a list', [data]],
    ['nothing', null],
  ])('about %s tells nothing', (_name, event) => {
    expect(told(event)).toBeNull();
  });

  it('that is not JSON tells nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => callbackOf(`{${text}`) === null));
  });
});
