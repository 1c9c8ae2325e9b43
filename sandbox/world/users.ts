import type { User } from './types.ts';

/** Every user begins with 1,000 euros. */
export const firstBalance = 100_000;

const firstNames = ['Ona', 'Jonas', 'Rasa', 'Tomas', 'Eglė', 'Lukas'];

/** What of a user a reset brings back. */
export function freshUser() {
  return {
    currency: 'EUR',
    balance: firstBalance,
    locked: 0,
    spotId: null,
    checkedInAt: null,
    refusedWith: null,
    tokenExpired: false,
  };
}

/** The user with that index; `text` gives random text of a length, for the credentials. */
export function createUser(index: number, text: (length: number) => string): User {
  return {
    index,
    name: firstNames[index % firstNames.length] ?? 'Ona',
    walletId: 20_000 + index,
    accessToken: `token-${text(24)}`,
    macKey: text(32),
    ...freshUser(),
  };
}
