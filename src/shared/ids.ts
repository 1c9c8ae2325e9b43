/** Ids are texts with a prefix that tells what they name. They are made in main from a CSPRNG and journaled. */
export type BillId = `bill_${string}`;
/** One transaction made for one version of a bill. */
export type OfferId = `offer_${string}`;
/** A print job: one paper. */
export type JobId = `job_${string}`;
/** One effect, for as long as it is under way. */
export type EffectId = `effect_${string}`;

/** The text of a spot's QR code (api.md 13). */
export function spotCode(locationId: number, identifier: string): string {
  return `PAYSERA*${locationId}:${identifier}`;
}

/** The text of a transaction's QR code (api.md 13). */
export function transactionCode(key: string): string {
  return `PAYSERA%${key}`;
}

/** An id or key shortened for logs: its last four characters. */
export function redacted(id: string): string {
  return `…${id.slice(-4)}`;
}
