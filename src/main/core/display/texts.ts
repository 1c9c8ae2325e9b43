import type { Language } from '../../../shared/snapshot.ts';

/** What displays say, in one language: short enough for two lines of twenty characters. */
export interface DisplayTexts {
  /** BCP 47, for amounts. */
  readonly locale: string;
  readonly scan: string;
  readonly welcome: string;
  readonly pay: string;
  readonly checking: string;
  readonly paid: string;
  readonly refused: string;
  readonly unavailable: string;
}

const english: DisplayTexts = {
  locale: 'en-GB',
  scan: 'Scan to pay',
  welcome: 'Welcome',
  pay: 'To pay',
  checking: 'One moment',
  paid: 'Paid. Thank you!',
  refused: 'Not paid',
  unavailable: 'Out of service',
};

const lithuanian: DisplayTexts = {
  locale: 'lt-LT',
  scan: 'Skenuokite ir mokėkite',
  welcome: 'Sveiki',
  pay: 'Mokėti',
  checking: 'Palaukite',
  paid: 'Apmokėta. Ačiū!',
  refused: 'Neapmokėta',
  unavailable: 'Neveikia',
};

export const displayTexts: Readonly<Record<Language, DisplayTexts>> = { en: english, lt: lithuanian };
