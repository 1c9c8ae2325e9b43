import { fewestDigits, roles, type Role } from '../../../shared/roles.ts';
import { verifyPin } from './pin.ts';

/** The hash of each role's PIN; left out where there is none. */
export type PinHashes = Partial<Readonly<Record<Role, string | undefined>>>;

/**
 * Tells whose PIN this is; where two have the same, the one who may do more. Undefined when nobody has a PIN at all. Looks at every
 * hash that a PIN of that length can belong to, so that the time it takes says nothing.
 * @throws PinHashError, from what it gives, when a hash is none
 */
export function whosePin(hashes: PinHashes): ((pin: string) => Promise<Role | undefined>) | undefined {
  const known = roles.flatMap((role) => {
    const hash = hashes[role];
    return hash === undefined ? [] : [{ role, hash }];
  });
  if (known.length === 0) return undefined;
  return async (pin) => {
    let found: Role | undefined;
    for (const { role, hash } of known) {
      if (pin.length >= fewestDigits[role] && (await verifyPin(pin, hash))) found = role;
    }
    return found;
  };
}
