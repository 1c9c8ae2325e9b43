import type { Switches } from '../switches.ts';
import { ApiError, type Spot } from './types.ts';

/** The parts of a spot code, `PAYSERA*{locationId}:{identifier}` (api.md 13); undefined when it is none. */
export function readSpotCode(code: string): { readonly locationId: number; readonly identifier: string } | undefined {
  const match = /^PAYSERA\*(\d{1,15}):(.+)$/is.exec(code);
  return match?.[2] === undefined ? undefined : { locationId: Number(match[1]), identifier: match[2] };
}

/** Whether an identifier, as a code gives it, is that of a spot. */
export function namesSpot(identifier: string, spot: Spot, { identifierCase }: Switches): boolean {
  if (identifierCase === 'sensitive') return readSpotCode(spot.code)?.identifier === identifier;
  return spot.identifier === identifier.toLowerCase();
}

/** The identifier as the API gives it back: in lower case (api.md 16.3), unless its case tells it from others. */
export function identifierGivenBack(identifier: string, { identifierCase }: Switches): string {
  return identifierCase === 'sensitive' ? identifier : identifier.toLowerCase();
}

/** @throws ApiError `invalid_parameters` when no spot can have this identifier */
export function assertRegistrable(identifier: string, switches: Switches): void {
  const allowed = switches.nonAsciiIdentifiers ? /^\P{Cc}+$/u : /^[\x20-\x7e]+$/;
  if (identifier.length <= switches.longestIdentifier && allowed.test(identifier)) return;
  throw new ApiError('invalid_parameters', 'Identifier is not valid', { code: ['Identifier is not valid'] });
}
