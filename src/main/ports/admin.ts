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
