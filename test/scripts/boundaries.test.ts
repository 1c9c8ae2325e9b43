import { resolve } from 'node:path';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import tseslint from 'typescript-eslint';
import { boundaries } from '../../eslint-rules/boundaries.js';

/** What the rule says of one import in one file. */
function complaints(file: string, code: string): string[] {
  const linter = new Linter({ cwd: resolve('.') });
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { house: { rules: { boundaries } } },
    rules: { 'house/boundaries': 'error' as const },
  };
  return linter.verify(code, [config as Linter.Config], { filename: resolve(file) }).map((message) => message.message);
}

describe('imports go one way', () => {
  it.each([
    ['src/shared/money.ts', "import '../main/core/turn.ts';"],
    ['src/main/core/turn.ts', "import '../ports/clock.ts';"],
    ['src/main/core/turn.ts', "import { readFileSync } from 'node:fs';"],
    ['src/main/ports/clock.ts', "import '../terminal/loop.ts';"],
    ['src/main/terminal/loop.ts', "import '../adapters/journal/journal.ts';"],
    ['src/main/adapters/till/server.ts', "import '../journal/journal.ts';"],
    ['src/main/adapters/journal/journal.ts', "import { decide } from '../../core/bill/decide.ts';"],
    ['src/main/compose.ts', "import '../../sandbox/server.ts';"],
    ['src/main/compose.ts', "import { x } from '../../test/fakes/log.ts';"],
    ['src/main/terminal/loop.ts', "import { app } from 'electron';"],
    ['src/renderer/src/main.ts', "import '../../main/core/turn.ts';"],
    ['src/renderer/src/main.ts', "import 'node:fs';"],
    ['src/preload/index.ts', "import '../main/core/turn.ts';"],
    ['sandbox/server.ts', "import '../src/main/adapters/wallet/sign.ts';"],
    ['src/main/terminal/loop.ts', "export * from '../adapters/journal/journal.ts';"],
  ])('%s may not hold %s', (file, code) => {
    expect(complaints(file, code)).toHaveLength(1);
  });

  it.each([
    ['src/main/core/turn.ts', "import '../../shared/money.ts';"],
    ['src/main/terminal/loop.ts', "import { decide } from '../core/bill/decide.ts';"],
    ['src/main/adapters/printer/create.ts', "import '../transport/tcp.ts';"],
    ['src/main/compose.ts', "import './adapters/journal/journal.ts';"],
    ['src/main/index.ts', "import { app } from 'electron';"],
    ['src/main/adapters/journal/journal.ts', "import 'node:sqlite';"],
    ['sandbox/server.ts', "import '../src/main/adapters/wallet/wire.ts';"],
    ['src/renderer/src/main.ts', "import '../../shared/contract.ts';"],
  ])('%s may hold %s', (file, code) => {
    expect(complaints(file, code)).toEqual([]);
  });
});
