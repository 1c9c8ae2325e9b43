/**
 * The names of the intents and of Electron's channels, apart from their schemas: the preload is one small sandboxed
 * file and takes no schema library with it. `contract.ts` holds itself to this list, so neither can lack a name.
 */
export const verbs = [
  'chooseLanguage',
  'unlockStaff',
  'lockStaff',
  'staffActivity',
  'createBill',
  'editBill',
  'withdrawBill',
  'payBillOtherwise',
  'offerBillAgain',
  'closeSpot',
  'reprintReceipt',
  'showReceipt',
  'saveReceipt',
  'dismissAttention',
] as const;
export type Verb = (typeof verbs)[number];

/** The names of what the admin screen asks (admin.ts). */
export const adminVerbs = [
  'terminalState',
  'devices',
  'askPrinter',
  'printTest',
  'showTest',
  'findDevices',
  'checks',
  'settings',
  'checkSettings',
  'saveSettings',
  'changePin',
  'restartTerminal',
  'log',
  'bills',
  'billLife',
  'saveSupport',
] as const;
export type AdminVerb = (typeof adminVerbs)[number];

/** Electron's channel names. One pair serves all: the wrapper in main parses with `upSchema`. */
export const channels = { up: 'terminal:up', down: 'terminal:down' } as const;
