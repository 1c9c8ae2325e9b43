import { loadLetters } from '../../../../src/main/adapters/letters/letters.ts';
import type { PaperStyle } from '../../../../src/main/adapters/printer/layout.ts';
import { loadProfile, type Profile } from '../../../../src/main/adapters/printer/profile.ts';
import type { Block, ReceiptDocument } from '../../../../src/main/core/receipt/document.ts';

export const epson: Profile = loadProfile('epson');

/** Receipts as that printer prints them, with nothing besides. */
export function styleFor(profile: Profile, more: Partial<PaperStyle> = {}): PaperStyle {
  return { profile, letters, transliterate: false, drawerPin: null, buzzer: false, ...more };
}

const letters = loadLetters();
/** Of an Epson only the old Baltic page: it has every Lithuanian letter and no euro. */
export const only775: Profile = { ...epson, codePages: [{ encoding: 'cp775', number: 33 }] };

/** A document of these blocks. */
export function documentOf(...blocks: readonly Block[]): ReceiptDocument {
  return { receiptNumber: 1, copy: false, cash: false, language: 'lt', blocks };
}

export const text = (content: string, more: Partial<Extract<Block, { type: 'text' }>> = {}): Block => ({
  type: 'text',
  text: content,
  align: 'left',
  weight: 'plain',
  size: 'normal',
  ...more,
});

/** Bytes as people write them: `1B 40`. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
