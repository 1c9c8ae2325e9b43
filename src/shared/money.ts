/** An amount in minor units (cents), always an integer. Branded so that plain numbers do not pass for money. */
export type MinorUnits = number & { readonly __unit: 'minor' };

/** Money is an integer of minor units and a currency; formatting happens only on screens and receipts (style.md 16). */
export interface Money {
  readonly amount: MinorUnits;
  readonly currency: string;
}

/**
 * Currencies the terminal takes. The API counts every currency in hundredths (api.md 14), so only currencies
 * that people also count in hundredths are here: a yen amount would be shown wrong by a factor of one hundred.
 */
// prettier-ignore
export const currencies = [
  'EUR', 'AED', 'ALL', 'AUD', 'BAM', 'BGN', 'BYN', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK', 'GBP', 'GEL', 'HKD', 'ILS',
  'INR', 'KZT', 'MDL', 'MKD', 'MXN', 'NOK', 'NZD', 'PHP', 'PLN', 'RON', 'RSD', 'SEK', 'SGD', 'THB', 'TRY', 'UAH', 'USD', 'ZAR',
] as const;

export type Currency = (typeof currencies)[number];

/** The largest amount a bill may have, in minor units: ten million. Sums of it stay exact integers. */
export const largestAmount = 1_000_000_000;

/** True when the text is a currency this terminal takes. */
export function isCurrency(text: string): text is Currency {
  return (currencies as readonly string[]).includes(text);
}

/**
 * Minor units from an integer.
 * @throws RangeError when the number is not a safe integer: that is a mistake of ours, never a user's input.
 */
export function minorUnits(value: number): MinorUnits {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not an amount in minor units: ${value}`);
  return value as MinorUnits;
}

/** Money from minor units and a currency code. */
export function money(amount: number, currency: string): Money {
  return { amount: minorUnits(amount), currency };
}

/** Same amount and same currency. */
export function sameMoney(left: Money, right: Money): boolean {
  return left.amount === right.amount && left.currency === right.currency;
}

/**
 * Minor units from a decimal text such as `"12.5"` or `"-3"`, read digit by digit and never through a float
 * (api.md 14: zeros at the end may be trimmed). Gives undefined when it is not a decimal or needs more than two places.
 */
export function minorUnitsFromDecimal(text: string): MinorUnits | undefined {
  const match = /^(-?)(\d{1,13})(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const places = fraction.replace(/0+$/, '');
  if (places.length > 2) return undefined;
  const value = Number(whole) * 100 + Number(places.padEnd(2, '0'));
  return Number.isSafeInteger(value) ? ((sign && value !== 0 ? -value : value) as MinorUnits) : undefined;
}

/** A plain decimal text of minor units: `1250` gives `"12.50"`. For the wire and for logs, not for people. */
export function decimalFromMinorUnits(amount: MinorUnits): string {
  const digits = Math.abs(amount).toString().padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
