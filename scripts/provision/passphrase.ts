import { randomInt } from 'node:crypto';

/** Letters that are not taken for others when they are read out. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const [groups, groupLength] = [5, 4];

/** A new passphrase of twenty letters, about 99 bits: `K7QM-2XHD-9PLA-…` */
export function newPassphrase(): string {
  const letter = () => alphabet[randomInt(alphabet.length)] ?? '';
  const group = () => Array.from({ length: groupLength }, letter).join('');
  return Array.from({ length: groups }, group).join('-');
}
