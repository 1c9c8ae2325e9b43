/**
 * Why an intent has no answer. `not_sent`: there was no connection, nothing happened. `unanswered`: it was sent and may
 * have been carried out (style.md 15): look before doing it again.
 */
export type LinkTrouble = 'not_sent' | 'unanswered';

/** The one error of the link to main. */
export class LinkError extends Error {
  readonly code: LinkTrouble;

  constructor(code: LinkTrouble) {
    super(code === 'not_sent' ? 'There is no connection to the terminal.' : 'The terminal did not answer.');
    this.name = 'LinkError';
    this.code = code;
  }
}
