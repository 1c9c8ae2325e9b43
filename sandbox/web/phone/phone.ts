/** The customer's app, as far as the terminal can see of it: check in, look at the bills, pay or refuse, check out. */
import { byId, create, createButton, keepList, setText } from '../shared/dom.ts';
import { formatMoney } from '../shared/money.ts';
import { keepAsking, request, RequestError } from '../shared/request.ts';
import { describeStatus, type News, newsBetween, refusedNews, reservedNews } from './news.ts';
import {
  type Bill,
  type CurrentSpot,
  type Customer,
  type KnownSpot,
  parseState,
  type Payment,
  type PhoneState,
} from './state.ts';

const ASK_EVERY = 1_000;

const page = {
  user: byId('user', HTMLSelectElement),
  balance: byId('balance', HTMLElement),
  problem: byId('problem', HTMLElement),
  notice: byId('notice', HTMLElement),
  arrive: byId('arrive', HTMLElement),
  form: byId('check-in', HTMLFormElement),
  code: byId('code', HTMLInputElement),
  known: byId('known', HTMLElement),
  here: byId('here', HTMLElement),
  title: byId('spot-title', HTMLElement),
  spotCode: byId('spot-code', HTMLElement),
  spotStatus: byId('spot-status', HTMLElement),
  noBills: byId('no-bills', HTMLElement),
  history: byId('history', HTMLElement),
  checkOut: byId('check-out', HTMLButtonElement),
};

const preset = new URLSearchParams(location.search);
let user = Number(preset.get('user') ?? '0') || 0;
let shown: PhoneState | undefined;
let busy = false;
/** Grows with each act: an answer that was asked for before it is out of date. */
let acts = 0;
/** Transactions that could be paid since this customer arrived: what others settled here before is not shown. */
let offered = new Set<string>();

function say(news: News): void {
  page.notice.hidden = false;
  page.notice.dataset['tone'] = news.tone;
  setText(page.notice, news.text);
}

/** A second piece of news is added to the first; that the spot was closed does not take back that something was paid. */
function tell(news: readonly News[]): void {
  const [first] = news;
  if (first === undefined) return;
  const kept = first.tone === 'plain' && !page.notice.hidden && page.notice.dataset['tone'] !== 'plain';
  const tone = kept ? page.notice.dataset['tone'] : first.tone;
  const words = news.map(({ text }) => text).join(' ');
  say({ text: kept ? `${page.notice.textContent} ${words}` : words, tone: (tone ?? 'plain') as News['tone'] });
}

function complain(error: unknown): void {
  page.problem.hidden = false;
  setText(page.problem, error instanceof Error ? error.message : String(error));
}

function rememberInAddress(): void {
  const address = new URLSearchParams({ user: String(user) });
  if (page.code.value !== '') address.set('code', page.code.value);
  history.replaceState(null, '', `?${address.toString()}`);
}

const showSpots = keepList<KnownSpot, HTMLLIElement>(byId('spots', HTMLElement), {
  key: (spot) => spot.code,
  build(spot) {
    const button = createButton('', '', () => {
      page.code.value = spot.code;
      rememberInAddress();
      page.code.focus();
    });
    button.append(create('span', '', spot.title || spot.code), create('small', '', spot.title ? spot.code : ''));
    return create('li', '', button);
  },
  update: () => undefined,
});

const showCustomers = keepList<Customer, HTMLOptionElement>(page.user, {
  key: (customer) => String(customer.index),
  build: (customer) => new Option(customer.name, String(customer.index)),
  update: (option, customer) => {
    setText(option, customer.name);
  },
});

function buildBill(bill: Bill): HTMLLIElement {
  const description = create('p', '', bill.description || 'Bill');
  description.id = `bill-${bill.id}`;
  const pay = createButton('Pay', 'primary', () => void decide(bill, 'pay'));
  const refuse = createButton('Refuse', '', () => void decide(bill, 'refuse'));
  for (const button of [pay, refuse]) button.setAttribute('aria-describedby', description.id);
  return create(
    'li',
    'bill',
    description,
    create('p', 'amount'),
    create('span', 'status'),
    create('div', 'choice', pay, refuse),
  );
}

function updateBill(row: HTMLLIElement, bill: Bill): void {
  const [, amount, status, choice] = [...row.children].filter((child) => child instanceof HTMLElement);
  if (amount === undefined || status === undefined || choice === undefined) return;
  const words = describeStatus(bill.status);
  setText(amount, formatMoney(bill.price, bill.currency));
  setText(status, words.text);
  status.dataset['tone'] = words.tone;
  choice.hidden = bill.status !== 'pending';
}

const showBills = keepList<Bill, HTMLLIElement>(byId('bills', HTMLElement), {
  key: (bill) => `${bill.id} ${bill.transactionKey} ${bill.description}`,
  build: buildBill,
  update: updateBill,
});

const showPayments = keepList<Payment, HTMLLIElement>(byId('payments', HTMLElement), {
  key: (payment) => payment.transactionKey,
  build: (payment) =>
    create(
      'li',
      '',
      create('span', 'description', payment.description || 'Bill'),
      create('span', 'amount', formatMoney(payment.price, payment.currency)),
      create('span', 'status'),
    ),
  update(row, payment) {
    const status = row.lastElementChild;
    if (!(status instanceof HTMLElement)) return;
    const words = describeStatus(payment.status);
    setText(status, words.text);
    status.dataset['tone'] = words.tone;
  },
});

/** Bills that can be paid, and those of them that have been settled since. */
function ownBills(spot: CurrentSpot): readonly Bill[] {
  for (const bill of spot.orders) {
    if (bill.status === 'pending' || bill.status === 'reserved') offered.add(bill.transactionKey);
  }
  return spot.orders.filter((bill) => offered.has(bill.transactionKey));
}

function showSpot(spot: CurrentSpot): void {
  setText(page.title, spot.title || 'Your spot');
  setText(page.spotCode, spot.code);
  setText(page.spotStatus, spot.status);
  const bills = ownBills(spot);
  page.noBills.hidden = bills.length > 0;
  showBills(bills);
}

function show(state: PhoneState): void {
  const customer = state.users.find(({ index }) => index === user);
  showCustomers(state.users);
  page.user.value = String(user);
  setText(page.balance, customer === undefined ? '' : formatMoney(customer.balance, customer.currency));
  showSpots(state.spots);
  page.known.hidden = state.spots.length === 0;
  page.arrive.hidden = state.spot !== null;
  page.here.hidden = state.spot === null;
  if (state.spot !== null) showSpot(state.spot);
  if (state.spot === null) offered = new Set();
  showPayments(state.payments);
  page.history.hidden = state.payments.length === 0;
  if (shown !== undefined) tell(newsBetween(shown, state));
  shown = state;
}

async function refresh(): Promise<void> {
  const asked = acts;
  try {
    const state = parseState(await request('GET', `/phone/api/state?user=${String(user)}`));
    if (asked !== acts) return;
    if (page.problem.dataset['cause'] === 'unreachable') page.problem.hidden = true;
    delete page.problem.dataset['cause'];
    show(state);
  } catch (error) {
    if (error instanceof RequestError) page.problem.dataset['cause'] = error.code;
    complain(error);
  }
}

/** One act at a time; its refusal is shown, and the state is asked for afterwards in any case. */
async function act(path: string, body: Readonly<Record<string, unknown>>): Promise<boolean> {
  if (busy) return false;
  busy = true;
  page.problem.hidden = true;
  let done = false;
  try {
    await request('POST', `/phone/api/${path}`, { user, ...body });
    done = true;
  } catch (error) {
    complain(error);
  }
  busy = false;
  acts += 1;
  return done;
}

async function decide(bill: Bill, choice: 'pay' | 'refuse'): Promise<void> {
  if (!(await act(choice, { transactionKey: bill.transactionKey }))) return refresh();
  say(choice === 'pay' ? reservedNews(bill) : refusedNews(bill));
  page.notice.focus();
  return refresh();
}

async function checkIn(): Promise<void> {
  const code = page.code.value.trim();
  if (code === '') {
    complain(new Error('Type the spot code under the QR code, or pick a spot.'));
    page.code.focus();
    return;
  }
  page.notice.hidden = true;
  rememberInAddress();
  const done = await act('check-in', { code });
  await refresh();
  if (done) page.title.focus();
}

async function checkOut(): Promise<void> {
  const done = await act('check-out', {});
  if (done && shown !== undefined) shown = { ...shown, spot: null };
  await refresh();
  if (!done) return;
  say({ text: 'You have checked out.', tone: 'plain' });
  page.code.focus();
}

function chooseCustomer(): void {
  user = Number(page.user.value);
  acts += 1;
  shown = undefined;
  offered = new Set();
  page.notice.hidden = true;
  page.problem.hidden = true;
  rememberInAddress();
  void refresh();
}

page.code.value = preset.get('code') ?? '';
page.form.addEventListener('submit', (event) => {
  event.preventDefault();
  void checkIn();
});
page.checkOut.addEventListener('click', () => void checkOut());
page.user.addEventListener('change', chooseCustomer);
keepAsking(ASK_EVERY, refresh);
