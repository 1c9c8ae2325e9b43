/** What was told of transactions, and what may go wrong with it: `GET /control/callbacks` and its faults. */
import { byId, create, createButton, keepList, setText } from '../shared/dom.ts';
import { fields, list, number, text } from '../shared/parse.ts';
import type { Desk } from './desk.ts';

interface CallbackRow {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly state: string;
  readonly fault: string;
  readonly attempts: number;
}

const SHOWN = 10;
const LATE = 5_000;

const TONES: Readonly<Record<string, string>> = {
  waiting: 'wait',
  delivered: 'good',
  failed: 'bad',
  lost: 'bad',
  refused: 'bad',
  forged: 'bad',
};

const FAULTS: readonly { readonly name: string; readonly said: string; readonly fault: unknown }[] = [
  { name: 'Late by 5 s', said: 'Callbacks come five seconds later.', fault: { type: 'late', ms: LATE } },
  { name: 'Send twice', said: 'Every callback is sent twice.', fault: { type: 'twice' } },
  { name: 'Out of order', said: 'The next callback waits for the one after it.', fault: { type: 'outOfOrder' } },
  { name: 'Forge', said: 'Callbacks are signed with a wrong key.', fault: { type: 'forged' } },
  { name: 'Lose', said: 'No callback is sent.', fault: { type: 'lost' } },
];

function rowsOf(value: unknown): readonly CallbackRow[] {
  const rows = list(fields(value)['callbacks'], (callback) => ({
    id: text(callback['id']),
    type: text(callback['type']),
    key: text(callback['transactionKey']),
    state: text(callback['state']),
    fault: text(callback['fault']),
    attempts: list(callback['attempts'], (attempt) => number(attempt['status'])).length,
  }));
  return [...rows].reverse().slice(0, SHOWN);
}

function build(): HTMLLIElement {
  const what = create('span', 'what', create('span', 'first'), create('small', 'second'));
  return create('li', '', what, create('span', 'status'));
}

function update(row: HTMLLIElement, { type, key, state, fault, attempts }: CallbackRow): void {
  const [first, second, status] = ['.first', '.second', '.status'].map((name) => row.querySelector(name));
  const sent = attempts === 0 ? 'not sent' : attempts === 1 ? 'sent once' : `sent ${String(attempts)} times`;
  if (first instanceof HTMLElement) setText(first, type);
  if (second instanceof HTMLElement) setText(second, [key, sent, fault].filter(Boolean).join(' · '));
  if (!(status instanceof HTMLElement)) return;
  setText(status, state);
  status.dataset['tone'] = TONES[state] ?? 'plain';
}

/** Gives what draws callbacks and their faults. */
export function createCallbacksView(desk: Desk): (callbacks: unknown, faults: unknown) => void {
  const path = '/control/callbacks/faults';
  const active = byId('active-callback-faults', HTMLElement);
  const none = byId('no-callbacks', HTMLElement);
  const show = keepList<CallbackRow, HTMLLIElement>(byId('callbacks', HTMLElement), {
    key: ({ id }) => id,
    build,
    update,
  });
  const ruled = FAULTS.map(({ name, said, fault }) => {
    const times = name === 'Out of order' ? { times: 1 } : {};
    return createButton(name, '', () => void desk.act(said, { path, body: { fault, ...times } }));
  });
  const end = createButton('End faults of callbacks', 'primary', () => {
    void desk.act('Callbacks are sent as they should be.', { method: 'DELETE', path });
  });
  byId('callback-faults', HTMLElement).append(...ruled, end);
  return (callbacks, faults) => {
    const rows = rowsOf(callbacks);
    show(rows);
    none.hidden = rows.length > 0;
    const types = list(fields(faults)['faults'], (rule) => text(fields(rule['fault'])['type']));
    setText(active, types.length === 0 ? 'Nothing goes wrong with callbacks.' : `In force: ${types.join(', ')}.`);
  };
}
