import type { CustomerView, Language } from '../../../shared/snapshot.ts';

/** What a QR display says by itself, in one language. Twenty characters at most: many displays have no more. */
interface DisplayTexts {
  /** BCP 47, for amounts. */
  readonly locale: string;
  readonly titles: Readonly<Record<CustomerView, string>>;
}

const english: DisplayTexts = {
  locale: 'en-GB',
  titles: {
    idle: 'Scan to pay',
    welcome: 'Welcome!',
    bill: 'To pay',
    checking: 'One moment',
    paid: 'Paid',
    refused: 'Not paid',
    unavailable: 'Not available now',
  },
};

const lithuanian: DisplayTexts = {
  locale: 'lt-LT',
  titles: {
    idle: 'Nuskaitykite kodą',
    welcome: 'Sveiki!',
    bill: 'Mokėti',
    checking: 'Minutėlę',
    paid: 'Apmokėta',
    refused: 'Neapmokėta',
    unavailable: 'Šiuo metu neveikia',
  },
};

/** The texts of a display in that language. */
export const displayTexts: Readonly<Record<Language, DisplayTexts>> = { en: english, lt: lithuanian };
