import { mayAct, type Role } from '../../../shared/roles.ts';

/** The parts of the admin screen and who sees them, in the order of their tabs. */
const sections = [
  { name: 'state', role: 'staff' },
  { name: 'devices', role: 'staff' },
  { name: 'checks', role: 'manager' },
  { name: 'journal', role: 'manager' },
  { name: 'settings', role: 'technician' },
  { name: 'pins', role: 'technician' },
  { name: 'log', role: 'technician' },
  { name: 'screen', role: 'staff' },
] as const satisfies readonly { readonly name: string; readonly role: Role }[];

export type AdminSection = (typeof sections)[number]['name'];

/** Those that somebody of this role sees. */
export function sectionsFor(role: Role): readonly AdminSection[] {
  return sections.filter((section) => mayAct(role, section.role)).map(({ name }) => name);
}
