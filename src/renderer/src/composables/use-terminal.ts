import { inject, type InjectionKey } from 'vue';
import type { TerminalBridge } from '../../../shared/contract.ts';
import type { Link } from '../bridge.ts';

export const bridgeKey: InjectionKey<Link> = Symbol('terminal');

/** The link to main. @throws Error outside the app: that is a mistake of ours. */
export function useLink(): Link {
  const link = inject(bridgeKey);
  if (!link) throw new Error('The link to the terminal was not provided.');
  return link;
}

/** The terminal's verbs. */
export function useTerminal(): TerminalBridge {
  return useLink().terminal;
}
