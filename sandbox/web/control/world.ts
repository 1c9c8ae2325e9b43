/** Spots, transactions and customers, and what a tester may do to each. */
import { byId, create, createButton, keepList, setText } from '../shared/dom.ts';
import { formatMoney } from '../shared/money.ts';
import type { Desk } from './desk.ts';
import type { SpotRow, TransactionRow, UserRow, WorldState } from './state.ts';

const TONES: Readonly<Record<string, string>> = {
  open: 'good',
  waiting: 'wait',
  reserved: 'wait',
  confirmed: 'good',
  rejected: 'bad',
  revoked: 'bad',
  failed: 'bad',
};
const FOREIGN_AMOUNT = 500;

/** Two lines of text and a state at the beginning of a row; the two parts are found again by class. */
function createWhat(): readonly HTMLElement[] {
  return [create('span', 'what', create('span', 'first'), create('small', 'second')), create('span', 'status')];
}

function part(row: HTMLElement, className: string): HTMLElement {
  const found = row.querySelector(`.${className}`);
  if (!(found instanceof HTMLElement)) throw new Error(`A row of this page has no ${className}.`);
  return found;
}

function showStatus(row: HTMLElement, status: string): void {
  const element = part(row, 'status');
  setText(element, status);
  element.dataset['tone'] = TONES[status] ?? 'plain';
}

function buildSpot(desk: Desk, spot: SpotRow): HTMLLIElement {
  const button = createButton('Add a foreign order', '', () => {
    const body = { amount: FOREIGN_AMOUNT, description: 'An order by other software' };
    const path = `/control/spots/${encodeURIComponent(spot.id)}/foreign-order`;
    void desk.act('An order of other software is at the spot.', { path, body });
  });
  return create('li', '', ...createWhat(), button);
}

function updateSpot(row: HTMLLIElement, spot: SpotRow): void {
  setText(part(row, 'first'), spot.title === '' ? spot.code : spot.title);
  const guests = spot.guests.length === 0 ? 'nobody checked in' : `${spot.guests.join(', ')} checked in`;
  setText(part(row, 'second'), `${spot.code} · ${guests}`);
  showStatus(row, spot.status);
}

function buildAmountForm(desk: Desk, transaction: TransactionRow): HTMLFormElement {
  const input = create('input', 'new-amount');
  input.type = 'number';
  input.min = '0';
  input.step = '0.01';
  input.required = true;
  input.setAttribute('aria-label', 'New amount');
  input.value = (transaction.total / 100).toFixed(2);
  const form = create('form', 'amount-form', input, create('button', '', 'Change amount'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const amount = Math.round(input.valueAsNumber * 100);
    const path = `/control/transactions/${encodeURIComponent(transaction.key)}`;
    void desk.act('The transaction asks for another amount now.', { path, body: { amount } });
  });
  return form;
}

function buildTransaction(desk: Desk, transaction: TransactionRow): HTMLLIElement {
  const expire = createButton('Let it expire', 'expire', () => {
    const path = `/control/transactions/${encodeURIComponent(transaction.key)}/expire`;
    void desk.act('The reservation has run out.', { path });
  });
  const [what = '', status = ''] = createWhat();
  const tools = create('div', 'tools', buildAmountForm(desk, transaction), expire);
  return create('li', '', what, create('span', 'amount'), status, tools);
}

function updateTransaction(row: HTMLLIElement, transaction: TransactionRow): void {
  setText(part(row, 'first'), transaction.description);
  setText(part(row, 'second'), `${transaction.key} · ${transaction.order}`);
  setText(part(row, 'amount'), formatMoney(transaction.total, transaction.currency));
  showStatus(row, transaction.status);
  part(row, 'tools').hidden = !['new', 'reserved'].includes(transaction.status);
  part(row, 'expire').hidden = transaction.status !== 'reserved';
}

function buildUser(user: UserRow): HTMLLIElement {
  const link = create('a', '', `Phone of ${user.name}`);
  link.href = `/phone?user=${encodeURIComponent(user.index)}`;
  link.target = '_blank';
  return create('li', '', create('span', 'what', create('span', 'first'), create('small', 'second')), link);
}

function updateUser(row: HTMLLIElement, user: UserRow): void {
  const locked = user.locked > 0 ? `, ${formatMoney(user.locked, user.currency)} of it reserved` : '';
  setText(part(row, 'first'), user.name);
  setText(part(row, 'second'), `wallet ${user.walletId} · ${formatMoney(user.balance, user.currency)}${locked}`);
}

/** Gives what draws a new state of the world. */
export function createWorldView(desk: Desk): (state: WorldState) => void {
  const showSpots = keepList<SpotRow, HTMLLIElement>(byId('spots', HTMLElement), {
    key: (spot) => spot.id,
    build: (spot) => buildSpot(desk, spot),
    update: updateSpot,
  });
  const showTransactions = keepList<TransactionRow, HTMLLIElement>(byId('transactions', HTMLElement), {
    key: (transaction) => transaction.key,
    build: (transaction) => buildTransaction(desk, transaction),
    update: updateTransaction,
  });
  const showUsers = keepList<UserRow, HTMLLIElement>(byId('users', HTMLElement), {
    key: (user) => user.index,
    build: buildUser,
    update: updateUser,
  });
  const [noSpots, noTransactions] = [byId('no-spots', HTMLElement), byId('no-transactions', HTMLElement)];
  return (state) => {
    showSpots(state.spots);
    showTransactions(state.transactions);
    showUsers(state.users);
    noSpots.hidden = state.spots.length > 0;
    noTransactions.hidden = state.transactions.length > 0;
  };
}
