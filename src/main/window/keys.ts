/** The part of Electron's key event that the filter reads. */
export interface Key {
  /** As the DOM names it: `a`, `Enter`, `F5`. */
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

const editing = new Set(['a', 'c', 'v', 'x', 'z']);
const named = new Set([
  'Enter',
  'Tab',
  'Backspace',
  'Delete',
  'Escape',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Shift',
  'CapsLock',
  'AltGraph',
  'Dead',
  'Process',
]);

/**
 * True for keys that write, edit or move on a screen. Everything else is kept from the page and from Chromium: keys
 * that reload, zoom, print, close, go back, capture the screen or open tools (hardware.md 4.2).
 */
export function isAllowedKey({ key, control, alt, meta }: Key): boolean {
  if (meta || alt) return false;
  if (control) return editing.has(key.toLowerCase());
  return named.has(key) || Array.from(key).length === 1;
}
