import type { OfferParameters, RemoteTransaction } from '../remote.ts';
import type { Settings } from './state.ts';

/** The spot as offers name it in their transactions. */
export function spotOf({ locationId, identifier }: Settings): string {
  return `${locationId}:${identifier}`;
}

/** Our own data in a transaction that this terminal made at this spot; undefined for all others. */
export function ownParameters(settings: Settings, transaction: RemoteTransaction | null): OfferParameters | undefined {
  const parameters = transaction?.payments[0]?.parameters;
  if (!isOffer(parameters)) return undefined;
  return parameters.terminal === settings.terminal && parameters.spot === spotOf(settings) ? parameters : undefined;
}

function isOffer(value: unknown): value is OfferParameters {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  return ['terminal', 'spot', 'bill', 'offer'].every((name) => typeof fields[name] === 'string');
}
