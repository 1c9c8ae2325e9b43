import { expect, test } from 'vitest';
import { isAllowedKey } from '../../../src/main/window/keys.ts';

const plain = { control: false, alt: false, meta: false };

test.each(['a', 'Z', '7', '0', '.', ',', ' ', '€', 'ą', 'Ž', 'Enter', 'Tab', 'Backspace', 'Escape', 'ArrowLeft'])(
  'the key %j reaches the page',
  (key) => {
    expect(isAllowedKey({ ...plain, key })).toBe(true);
  },
);

test.each(['a', 'C', 'v', 'x', 'z'])('Control with %j edits', (key) => {
  expect(isAllowedKey({ ...plain, key, control: true })).toBe(true);
});

test.each([
  'F1',
  'F5',
  'F11',
  'F12',
  'PrintScreen',
  'BrowserBack',
  'BrowserHome',
  'ContextMenu',
  'LaunchMail',
  'Power',
  '',
])('the key %j does not reach the page', (key) => {
  expect(isAllowedKey({ ...plain, key })).toBe(false);
});

test.each(['r', 'R', 'p', 's', 'w', 'n', 't', 'i', 'I', 'j', 'u', 'o', 'q', '+', '-', '0', '=', 'Tab', 'F4', 'Escape'])(
  'Control with %j does not reach the page',
  (key) => {
    expect(isAllowedKey({ ...plain, key, control: true })).toBe(false);
  },
);

test.each(['F4', 'ArrowLeft', 'ArrowRight', 'Tab', 'Home', 'd', ' '])('Alt and Meta with %j do not reach it', (key) => {
  expect(isAllowedKey({ ...plain, key, alt: true })).toBe(false);
  expect(isAllowedKey({ ...plain, key, meta: true })).toBe(false);
});
