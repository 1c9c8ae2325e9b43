import type { Configuration } from './config.ts';
import type { Settings } from './core/bill/state.ts';
import type { Limits } from './core/polling/budget.ts';
import type { Shown } from './core/snapshot/snapshot.ts';

/** What of the configuration the decisions need. */
export function settingsOf({ terminal, merchant, spot, payment, printer, staff }: Configuration): Settings {
  return {
    terminal: terminal.name,
    merchantLines: merchant.lines,
    language: terminal.language,
    timeZone: terminal.timeZone,
    locationId: spot.locationId,
    identifier: spot.identifier,
    reserveForSeconds: payment.reserveForSeconds,
    billExpiresAfterMs: payment.billExpiresAfterMs,
    maximumOpenBills: payment.maximumOpenBills,
    foreignOrders: payment.foreignOrders,
    closeAfterMs: payment.closeAfterMs,
    paidScreenMs: payment.paidScreenMs,
    refusedScreenMs: payment.refusedScreenMs,
    waitingCloseAfterMs: payment.waitingCloseAfterMs,
    printerConfigured: printer.connection.type !== 'none',
    printRetryEveryMs: printer.retryEveryMs,
    printMaximumAgeMs: printer.maximumAgeMs,
    doubtfulReceipts: printer.doubtful,
    pinWrongTries: staff.wrongTries,
    pinLockOutMs: staff.lockOutMs,
  };
}

/** What of the configuration the screens show. */
export function shownOf({ terminal, spot, payment, requests }: Configuration, version: string): Shown {
  return {
    terminalName: terminal.name,
    place: spot.place,
    spotName: spot.name,
    currency: payment.currency,
    unavailableAfterMs: requests.unavailableAfterMs,
    version,
    ...limitsOf(requests),
  };
}

/** This terminal's part of what the account is allowed. */
export function limitsOf({ perMinute, perHour, sharePercent }: Configuration['requests']): Limits {
  const part = (limit: number) => Math.max(1, Math.floor((limit * sharePercent) / 100));
  return { perMinute: part(perMinute), perHour: part(perHour) };
}
