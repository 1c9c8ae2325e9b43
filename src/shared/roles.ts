/** Who has unlocked a screen, from the least to the most: each may do what those before may. */
export const roles = ['staff', 'manager', 'technician'] as const;
export type Role = (typeof roles)[number];

/** Whether somebody who is `has` may do what takes `needs`. */
export function mayAct(has: Role | undefined, needs: Role): boolean {
  return has !== undefined && roles.indexOf(has) >= roles.indexOf(needs);
}

/** Fewest digits of a PIN: staff type theirs often, the others rarely and with more to lose. */
export const fewestDigits: Readonly<Record<Role, number>> = { staff: 4, manager: 6, technician: 6 };
export const mostDigits = 12;
