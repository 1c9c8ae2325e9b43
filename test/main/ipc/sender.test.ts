import { expect, test } from 'vitest';
import { faultOfSender } from '../../../src/main/ipc/sender.ts';

const home = 'terminal://app/';
const page = { url: 'terminal://app/index.html', isTop: true };

test('the top frame of our own window on our own page is listened to', () => {
  expect(faultOfSender({ isOwnWindow: true, frame: page }, home)).toBeUndefined();
  expect(faultOfSender({ isOwnWindow: true, frame: { ...page, url: home } }, home)).toBeUndefined();
});

test.each([
  ['another window', { isOwnWindow: false, frame: page }, 'foreign_window'],
  ['a frame that has gone', { isOwnWindow: true, frame: null }, 'frame_gone'],
  ['an inner frame', { isOwnWindow: true, frame: { ...page, isTop: false } }, 'inner_frame'],
  ['a blank page', { isOwnWindow: true, frame: { url: 'about:blank', isTop: true } }, 'foreign_page'],
  ['no address', { isOwnWindow: true, frame: { url: '', isTop: true } }, 'foreign_page'],
  ['the web', { isOwnWindow: true, frame: { url: 'https://terminal.app/', isTop: true } }, 'foreign_page'],
  ['another host', { isOwnWindow: true, frame: { url: 'terminal://app.evil/', isTop: true } }, 'foreign_page'],
  ['a user name', { isOwnWindow: true, frame: { url: 'terminal://app@evil/', isTop: true } }, 'foreign_page'],
  ['a file', { isOwnWindow: true, frame: { url: 'file:///terminal://app/', isTop: true } }, 'foreign_page'],
] as const)('%s is not listened to', (_what, sender, fault) => {
  expect(faultOfSender(sender, home)).toBe(fault);
});
