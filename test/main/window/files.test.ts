import { expect, test } from 'vitest';
import { fileOf, mediaTypeOf } from '../../../src/main/window/files.ts';

const folder = '/opt/terminal/screens';

test.each([
  ['terminal://app/', `${folder}/index.html`],
  ['terminal://app/index.html', `${folder}/index.html`],
  ['terminal://app/assets/index-abc.js', `${folder}/assets/index-abc.js`],
  ['terminal://app/assets/index-abc.js?x=1#y', `${folder}/assets/index-abc.js`],
  ['terminal://app/assets/a%20b.svg', `${folder}/assets/a b.svg`],
  ['terminal://app/assets/../index.html', `${folder}/index.html`],
])('%s is %s', (address, file) => {
  expect(fileOf(folder, address)).toBe(file);
});

test.each([
  'terminal://app/..%2f..%2fetc/passwd',
  'terminal://app/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'terminal://app/..%2fscreens-other/index.html',
  'terminal://app/..%5c..%5cetc',
  'terminal://app/index.html%00.js',
  'terminal://app/%',
  'terminal://app/%0d%0a',
  'terminal:',
  '',
])('%j is no file of ours', (address) => {
  expect(fileOf(folder, address)).toBeUndefined();
});

test('no address of plain dots leaves the folder', () => {
  expect(fileOf(folder, 'terminal://app/../../../../etc/passwd')).toBe(`${folder}/etc/passwd`);
});

test('media types go by the ending, and unknown ones are plain bytes', () => {
  expect(mediaTypeOf('/a/INDEX.HTML')).toBe('text/html; charset=utf-8');
  expect(mediaTypeOf('/a/font.woff2')).toBe('font/woff2');
  expect(mediaTypeOf('/a/index.js.map')).toBe('application/octet-stream');
  expect(mediaTypeOf('/a/README')).toBe('application/octet-stream');
});
