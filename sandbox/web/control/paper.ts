/** The virtual printer: its switches, what it did not understand, and its paper. */
import { byId, create, createButton, keepList } from '../shared/dom.ts';
import { fields, text } from '../shared/parse.ts';
import type { Desk } from './desk.ts';
import type { PaperState, ReceiptRow } from './state.ts';

const SWITCHES: readonly { readonly property: string; readonly name: string }[] = [
  { property: 'coverOpen', name: 'Cover open' },
  { property: 'cutterError', name: 'Cutter jammed' },
  { property: 'offline', name: 'Offline' },
  { property: 'silent', name: 'Never answers' },
  { property: 'stalled', name: 'Does not read' },
  { property: 'garbage', name: 'Answers garbage' },
  { property: 'halfOpen', name: 'Forgot its connection' },
  { property: 'refuse', name: 'Switched off' },
];

function buildReceipt(receipt: ReceiptRow): HTMLLIElement {
  const image = create('img', '');
  // Numbers begin anew after a reset: the time keeps an old picture out of the way.
  image.src = `/control/receipts/${String(receipt.index)}.png?at=${String(receipt.at)}`;
  image.alt = receipt.text;
  return create('li', '', image);
}

function createSwitches(desk: Desk): (state: unknown) => void {
  const paper = byId('paper', HTMLSelectElement);
  paper.addEventListener('change', () => {
    void desk.act('The printer’s paper has changed.', { path: '/control/printer', body: { paper: paper.value } });
  });
  const buttons = SWITCHES.map(({ property, name }) => {
    const button = createButton(name, '', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      void desk.act(`${name}: ${on ? 'on' : 'off'}.`, { path: '/control/printer', body: { [property]: on } });
    });
    return { property, button };
  });
  const cycle = createButton('Off and on again', '', () => {
    void desk.act('The printer lost what it had not printed.', { path: '/control/printer/power-cycle' });
  });
  byId('printer-switches', HTMLElement).append(...buttons.map(({ button }) => button), cycle);
  return (state) => {
    const now = fields(state);
    if (document.activeElement !== paper) paper.value = text(now['paper']);
    for (const { property, button } of buttons) button.setAttribute('aria-pressed', String(now[property] === true));
  };
}

/** Gives what draws a new state of the printer and its paper. */
export function createPaperView(desk: Desk): (printer: unknown, paper: PaperState) => void {
  const showSwitches = createSwitches(desk);
  const showReceipts = keepList<ReceiptRow, HTMLLIElement>(byId('receipts', HTMLElement), {
    key: (receipt) => `${String(receipt.index)} ${String(receipt.at)}`,
    build: buildReceipt,
    update: () => undefined,
  });
  const showProblems = keepList<string, HTMLLIElement>(byId('printer-problems', HTMLElement), {
    key: (problem) => problem,
    build: (problem) => create('li', '', problem),
    update: () => undefined,
  });
  const nothing = byId('no-receipts', HTMLElement);
  return (printer, paper) => {
    showSwitches(printer);
    showReceipts(paper.receipts);
    showProblems([...new Set(paper.problems)]);
    nothing.hidden = paper.receipts.length > 0;
  };
}
