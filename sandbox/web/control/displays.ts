/** QR displays that the sandbox plays: what a person sees on the glass, and what goes wrong with them. */
import { byId, create, createButton, keepList, setText } from '../shared/dom.ts';
import { fields, list, number, text } from '../shared/parse.ts';
import type { Desk } from './desk.ts';

interface DisplayRow {
  readonly index: number;
  readonly kind: string;
  readonly address: string;
  readonly plugged: boolean;
  readonly revision: number;
  /** The glass in words. */
  readonly seen: string;
  readonly problems: readonly string[];
  /** Those that are on or off, and those that are numbers. */
  readonly switches: readonly { readonly name: string; readonly on: boolean }[];
  readonly numbers: readonly { readonly name: string; readonly value: number }[];
}

/** `strayAcknowledgements` as a person reads it. */
function wordsOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function seenOn(glass: unknown): string {
  const { lit, code, lines } = fields(glass);
  if (lit !== true) return 'dark';
  const texts = [
    ...(typeof code === 'string' ? [`code ${code}`] : []),
    ...(Array.isArray(lines) ? lines.map(text) : []),
  ];
  return texts.length === 0 ? 'blank' : texts.join(', ');
}

/** Reads `GET /control/displays`. */
function parseDisplays(value: unknown): readonly DisplayRow[] {
  return list(fields(value)['displays'], (display) => {
    const faults = Object.entries(fields(display['faults']));
    return {
      index: number(display['index']),
      kind: text(display['kind']),
      address: text(display['address']),
      plugged: display['plugged'] === true,
      revision: number(display['revision']),
      seen: seenOn(display['glass']),
      problems: Array.isArray(display['problems']) ? display['problems'].map(text) : [],
      switches: faults.flatMap(([name, on]) => (typeof on === 'boolean' ? [{ name, on }] : [])),
      numbers: faults.flatMap(([name, each]) => (typeof each === 'number' ? [{ name, value: each }] : [])),
    };
  });
}

/** What of a row changes. */
interface Parts {
  readonly picture: HTMLImageElement;
  readonly problems: HTMLElement;
  readonly plug: HTMLButtonElement;
  readonly switches: ReadonlyMap<string, HTMLButtonElement>;
  readonly numbers: ReadonlyMap<string, HTMLInputElement>;
}

/** Gives what draws the displays and their troubles. */
export function createDisplaysView(desk: Desk): (state: unknown) => void {
  const parts = new Map<number, Parts>();
  const show = keepList<DisplayRow, HTMLLIElement>(byId('displays', HTMLElement), {
    key: ({ index, kind }) => `${String(index)} ${kind}`,
    build: (display) => {
      const made = partsOf(desk, display);
      parts.set(display.index, made);
      return rowOf(desk, display, made);
    },
    update: (_row, display) => {
      const made = parts.get(display.index);
      if (made) update(made, display);
    },
  });
  const nothing = byId('no-displays', HTMLElement);
  return (state) => {
    const displays = parseDisplays(state);
    show(displays);
    nothing.hidden = displays.length > 0;
  };
}

function partsOf(desk: Desk, { index, switches, numbers }: DisplayRow): Parts {
  const path = `/control/displays/${String(index)}`;
  const button = (name: string): HTMLButtonElement => {
    const made = createButton(wordsOf(name), '', () => {
      const on = made.getAttribute('aria-pressed') !== 'true';
      void desk.act(`${wordsOf(name)}: ${on ? 'on' : 'off'}.`, { path, body: { [name]: on } });
    });
    return made;
  };
  const field = (name: string): HTMLInputElement => {
    const made = create('input', '');
    Object.assign(made, { type: 'number', min: '0', step: '1', id: `display-${String(index)}-${name}` });
    made.addEventListener('change', () => {
      void desk.act(`${wordsOf(name)}: ${made.value}.`, { path, body: { [name]: made.valueAsNumber } });
    });
    return made;
  };
  const plug = createButton('Unplug', '', () => {
    const out = plug.getAttribute('aria-pressed') !== 'true';
    void desk.act(out ? 'The cable is out.' : 'The cable is in.', { path: `${path}/${out ? 'unplug' : 'plug'}` });
  });
  return {
    picture: create('img', 'glass'),
    problems: create('ul', 'complaints'),
    plug,
    switches: new Map(switches.map(({ name }) => [name, button(name)])),
    numbers: new Map(numbers.map(({ name }) => [name, field(name)])),
  };
}

function rowOf(desk: Desk, { index, kind, address }: DisplayRow, made: Parts): HTMLLIElement {
  const restart = createButton('Off and on again', '', () => {
    void desk.act('The display forgot what it showed.', { path: `/control/displays/${String(index)}/restart` });
  });
  const fieldsOfNumbers = [...made.numbers].map(([name, input]) => {
    const label = create('label', '', wordsOf(name));
    label.htmlFor = input.id;
    return create('div', 'number', label, input);
  });
  return create(
    'li',
    '',
    create('h3', '', kind),
    create('p', 'quiet', address),
    made.picture,
    create('div', 'buttons', ...made.switches.values(), made.plug, restart),
    create('div', 'buttons', ...fieldsOfNumbers),
    made.problems,
  );
}

function update({ picture, problems, plug, switches, numbers }: Parts, display: DisplayRow): void {
  const address = `/control/displays/${String(display.index)}.png?revision=${String(display.revision)}`;
  if (picture.getAttribute('src') !== address) picture.src = address;
  picture.alt = display.seen;
  plug.setAttribute('aria-pressed', String(!display.plugged));
  for (const { name, on } of display.switches) switches.get(name)?.setAttribute('aria-pressed', String(on));
  for (const { name, value } of display.numbers) {
    const input = numbers.get(name);
    if (input && document.activeElement !== input) input.value = String(value);
  }
  const told = [...new Set(display.problems)];
  while (problems.children.length > told.length) problems.lastElementChild?.remove();
  for (const [index, problem] of told.entries()) {
    const line = problems.children[index];
    if (line instanceof HTMLElement) setText(line, problem);
    else problems.append(create('li', '', problem));
  }
}
