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

/** The name of another terminal that offers its bills at this spot, which nobody wants; undefined when it is not that. */
export function otherTerminal(settings: Settings, { payments }: RemoteTransaction): string | undefined {
  const parameters = payments[0]?.parameters;
  if (!isOffer(parameters) || parameters.spot !== spotOf(settings)) return undefined;
  return parameters.terminal === settings.terminal ? undefined : parameters.terminal;
}

function isOffer(value: unknown): value is OfferParameters {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  return ['terminal', 'spot', 'bill', 'offer'].every((name) => typeof fields[name] === 'string');
}
