import type { TerminalBridge } from '../../src/shared/contract.ts';

declare global {
  interface Window {
    readonly terminal: TerminalBridge;
  }
}
