/** What may go wrong with the API: rules of `POST /control/faults`, and the switch that forbids a merchant `GET /spot`. */
import { byId, createButton, setText } from '../shared/dom.ts';
import { fields, list, text } from '../shared/parse.ts';
import type { Desk } from './desk.ts';

const DOWN_FOR = 30_000;

const FAULTS: readonly { readonly name: string; readonly said: string; readonly fault: unknown }[] = [
  { name: 'Answer 500', said: 'Every request is answered with 500.', fault: { type: 'status', status: 500 } },
  {
    name: 'Answer 429',
    said: 'Every request is answered with 429.',
    fault: { type: 'status', status: 429, retryAfter: 5 },
  },
  { name: 'Slow by 3 s', said: 'Every request takes three seconds longer.', fault: { type: 'delay', ms: 3_000 } },
  { name: 'Lose answers', said: 'The work is done, but no answer arrives.', fault: { type: 'dropAnswer' } },
  { name: 'Answer with HTML', said: 'A gateway’s page is answered instead of JSON.', fault: { type: 'garbage' } },
];

/** Gives what draws the faults in force. */
export function createFaultsView(desk: Desk): (faults: unknown, switches: unknown) => void {
  const buttons = byId('faults', HTMLElement);
  const active = byId('active-faults', HTMLElement);
  const end = (): void => void desk.act('The API works again.', { method: 'DELETE', path: '/control/faults' });
  const down = createButton('Down for 30 s', '', () => {
    const said = 'The API is down for 30 s, while this page stays open.';
    void desk.act(said, { path: '/control/faults', body: { fault: { type: 'drop' } } });
    setTimeout(end, DOWN_FOR);
  });
  let mayRead = true;
  const forbid = createButton('Forbid GET /spot', '', () => {
    const said = mayRead ? 'Merchants may not read spots.' : 'Merchants may read spots again.';
    void desk.act(said, { path: '/control/switches', body: { merchantMayReadSpots: !mayRead } });
  });
  const ruled = FAULTS.map(({ name, said, fault }) =>
    createButton(name, '', () => void desk.act(said, { path: '/control/faults', body: { fault } })),
  );
  buttons.append(down, ...ruled, forbid, createButton('End all faults', 'primary', end));
  return (faults, switches) => {
    const types = list(fields(faults)['faults'], (rule) => text(fields(rule['fault'])['type']));
    setText(active, types.length === 0 ? 'No fault is in force.' : `In force: ${types.join(', ')}.`);
    mayRead = fields(switches)['merchantMayReadSpots'] !== false;
    forbid.setAttribute('aria-pressed', String(!mayRead));
  };
}
