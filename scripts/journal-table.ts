import type { ReadEntry } from '../src/main/adapters/journal/read.ts';
import type { BillView } from '../src/shared/bill.ts';
import { decimalFromMinorUnits, minorUnits } from '../src/shared/money.ts';

/** Every entry as one line for a spreadsheet: when, what, and what the till was told of which bill. */

const columns = [
  'revision',
  'time',
  'event',
  'effects',
  'notice',
  'bill',
  'number',
  'version',
  'status',
  'total',
  'currency',
  'paid_by',
  'transaction',
  'receipt',
  'hash',
] as const;

export const tableHead = columns.join(',');

/** An entry as lines: one for each notice of it, one when there is none. */
export function* tableLines({ entry, hash }: ReadEntry): Generator<string> {
  const common = {
    revision: entry.revision,
    time: new Date(entry.at).toISOString(),
    event: entry.event.type === 'intent' ? (entry.event['intent'] as { type: string }).type : entry.event.type,
    effects: entry.effects.map(({ type }) => type).join(' '),
    hash,
  };
  if (entry.notices.length === 0) yield line(common);
  for (const { type, data } of entry.notices) yield line({ ...common, notice: type, ...billColumns(data) });
}

function billColumns(data: unknown): Partial<Record<(typeof columns)[number], string | number>> {
  const { bill } = data as { bill?: BillView };
  if (!bill) return {};
  return {
    bill: bill.id,
    number: bill.number,
    version: bill.version,
    status: bill.status,
    total: decimalFromMinorUnits(minorUnits(bill.total)),
    currency: bill.currency,
    ...(bill.paid && {
      paid_by: bill.paid.how,
      transaction: bill.paid.transactionKey ?? '',
      receipt: bill.paid.receiptNumber ?? '',
    }),
  };
}

function line(values: Partial<Record<(typeof columns)[number], string | number>>): string {
  return columns.map((column) => cell(String(values[column] ?? ''))).join(',');
}

/** A bill's number is a customer's text: a spreadsheet must not take it for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
