import type { BillView } from '../../src/shared/bill.ts';
import type { StaffSnapshot } from '../../src/shared/snapshot.ts';
import type { RemoteTransaction, WorldState } from '../flows/sandbox-desk.ts';

/** The bill that a transaction of this terminal belongs to; undefined for those of other software. */
export function billOf({ payments }: RemoteTransaction, terminal: string): string | undefined {
  const parameters = payments[0]?.parameters;
  if (typeof parameters !== 'object' || parameters === null) return undefined;
  if (!('terminal' in parameters) || parameters.terminal !== terminal || !('bill' in parameters)) return undefined;
  return String(parameters.bill);
}

/** Whether a customer could pay it: it is new, and an order at the spot leads to it. */
export function isPayable({ key, status }: RemoteTransaction, { orders }: WorldState): boolean {
  const leads = orders.some((order) => order.transactionKey === key && order.status === 'pending' && order.atSpot);
  return status === 'new' && leads;
}

const moving = ['preparing', 'checking', 'settling'];
/** The API may spell it either way. */
const spotStatus = (status: string | undefined) => (status === 'opened' ? 'open' : status);

interface Seen {
  readonly terminal: string;
  readonly world: WorldState;
  readonly bills: readonly BillView[];
  readonly staff: StaffSnapshot;
}

/** Where terminal and API do not agree yet, each as a sentence; empty when everything is settled (invariants 3 and 6). */
export function disagreements({ terminal, world, bills, staff }: Seen): string[] {
  const found = world.transactions
    .filter(({ status }) => status === 'reserved' || status.startsWith('waiting'))
    .map(({ key, status }) => `transaction …${key.slice(-6)} is still ${status}`);
  for (const bill of bills) {
    if (bill.source !== 'foreign') found.push(...ofBill(bill, terminal, world));
  }
  for (const { number, status } of staff.bills) if (moving.includes(status)) found.push(`bill ${number} is ${status}`);
  for (const { number, print } of staff.receipts) {
    if (print === 'queued' || print === 'sending' || print === 'sent') found.push(`receipt ${number} is ${print}`);
  }
  const [spot] = world.spots;
  if (staff.spot.status !== spotStatus(spot?.status)) {
    found.push(`the terminal takes the spot for ${staff.spot.status}, but it is ${spot?.status ?? 'not there'}`);
  }
  return found;
}

function ofBill(bill: BillView, terminal: string, world: WorldState): string[] {
  const own = world.transactions.filter((transaction) => billOf(transaction, terminal) === bill.id);
  const payable = own.filter((transaction) => isPayable(transaction, world));
  const confirmed = own.filter(({ status }) => status === 'confirmed');
  const name = `bill ${bill.number} (${bill.status})`;
  if (bill.status === 'offered') {
    if (payable.length !== 1) return [`${name} can be paid in ${payable.length} ways`];
    const price = payable[0]?.payments[0]?.price;
    return price === bill.total ? [] : [`${name} is ${bill.total}, but ${price ?? 'nothing'} is asked for`];
  }
  const found = payable.length === 0 ? [] : [`${name} can still be paid`];
  const wallet = bill.paid?.how === 'wallet';
  if (wallet !== confirmed.length > 0) found.push(`${name} has ${confirmed.length} confirmed transactions`);
  return found;
}
