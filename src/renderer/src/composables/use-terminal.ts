import { inject, type InjectionKey } from 'vue';
import type { TerminalBridge } from '../../../shared/contract.ts';
import type { Link } from '../bridge.ts';

export const linkKey: InjectionKey<Link> = Symbol('link');

/** The terminal's verbs. @throws Error outside the app: that is a mistake of ours. */
export function useTerminal(): TerminalBridge {
  const link = inject(linkKey);
  if (!link) throw new Error('The link to the terminal was not provided.');
  return link.terminal;
}
