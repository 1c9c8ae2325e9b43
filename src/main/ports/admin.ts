import type { Standing } from '../../shared/admin/state.ts';
import type { AdminInput, AdminName, AdminOutput } from '../../shared/admin.ts';

/** Something that the admin screen asked cannot be done; `message` says what to do. */
export class AdminError extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, string>> | undefined;

  constructor(
    code: string,
    message: string,
    more: { readonly cause?: unknown; readonly fields?: Record<string, string> } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'AdminError';
    this.code = code;
    this.fields = more.fields;
  }
}

/** What answers each request of the admin screen. @throws AdminError, from each */
export type AdminDesk = {
  readonly [Name in AdminName]: (input: AdminInput<Name>) => AdminOutput<Name> | Promise<AdminOutput<Name>>;
};

/** The terminal as the admin screen sees it. */
export interface ServiceDesk {
  /** How each part is doing, and when it was last heard of. */
  standings(): readonly Standing[];
  /** The printer was asked, outside of a payment: what is wrong with it, or null. */
  printerAsked(problem: { readonly code: string; readonly message: string } | null): void;
  /** Shows a test picture on a display for so many milliseconds. False: there is none, or it is needed for customers. */
  showTest(display: string, forMs: number): boolean;
  /** Whether a restart would disturb nobody. */
  isAtRest(): boolean;
  /** Whether customers are served at the moment. */
  serves(): boolean;
}
