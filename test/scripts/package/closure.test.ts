import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { closureOf, importsOf } from '../../../scripts/package/closure.ts';
import { isWanted } from '../../../scripts/package/program.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function project(files: Record<string, unknown>): string {
  const root = mkdtempSync(join(tmpdir(), 'closure-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

test('the packages that built files import are found by name, in whatever way they are imported', () => {
  const root = project({
    'out/a.js': `import x from "fastify";import { y } from '@fastify/static';\nimport "./b.js";\nimport z from "node:fs";`,
    'out/b.js': `export * from "zod/v4";const q = await import("qrcode");\nimport { app } from "electron";\nimport fs from "fs";`,
  });
  expect(importsOf(join(root, 'out'))).toEqual(['@fastify/static', 'fastify', 'qrcode', 'zod']);
});

test('what they need in turn is found where Node finds it, each once, and nothing else', () => {
  const root = project({
    'node_modules/a/package.json': { name: 'a', version: '1.0.0', dependencies: { b: '1', c: '1' } },
    'node_modules/a/node_modules/c/package.json': { name: 'c', version: '2.0.0', dependencies: { b: '1' } },
    'node_modules/b/package.json': { name: 'b', version: '1.0.0', optionalDependencies: { missing: '1' } },
    'node_modules/c/package.json': { name: 'c', version: '1.0.0' },
    'node_modules/unused/package.json': { name: 'unused', version: '1.0.0' },
  });
  expect(closureOf(['a'], root).map(({ name, version }) => `${name} ${version}`)).toEqual([
    'a 1.0.0',
    'c 2.0.0',
    'b 1.0.0',
  ]);
  expect(() => closureOf(['nowhere'], root)).toThrow('nowhere');
});

test.each([
  ['index.js', true],
  ['lib/test/thing.js', true],
  ['LICENSE.md', true],
  ['prebuilds/linux-x64/bindings.glibc.node', true],
  ['prebuilds/linux-x64/bindings.musl.node', false],
  ['prebuilds/linux-arm64/bindings.glibc.node', false],
  ['prebuilds/win32-x64/bindings.node', false],
  ['test/index.js', false],
  ['docs/index.md', false],
  ['index.d.ts', false],
  ['index.js.map', false],
  ['.eslintrc', false],
  ['node_modules/inner/index.js', false],
])('of a package, %s goes to a terminal: %s', (path, wanted) => {
  expect(isWanted(path, 'amd64')).toBe(wanted);
});
