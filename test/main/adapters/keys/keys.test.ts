import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyFileError, readMacKey, readOrCreateToken } from '../../../../src/main/adapters/keys/keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spot-keys-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const key = 'IrdTc8uQodU7PRpLzzLTW6wqZAO6tAMU';

/** Writes a file with exactly that mode, whatever the umask. */
function put(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function problem(work: () => unknown): KeyFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof KeyFileError) return error;
    throw error;
  }
  throw new Error('There should have been a KeyFileError.');
}

describe('the MAC key from a file', () => {
  it.each([
    ['as it is', key],
    ['without one newline at its end', `${key}\n`],
    ['without a Windows newline at its end', `${key}\r\n`],
  ])('is read %s', (_, text) => {
    expect(readMacKey({ file: put('key', text) })()).toBe(key);
  });

  it('may be read-only', () => {
    expect(readMacKey({ file: put('key', key, 0o400) })()).toBe(key);
  });

  it('may be reached through a link: what counts is the file', () => {
    put('real', key);
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(readMacKey({ file: join(folder, 'link') })()).toBe(key);
  });

  it('is a property of nothing', () => {
    const secret = readMacKey({ file: put('key', key) });
    expect(inspect({ secret }, { showHidden: true, depth: 9 })).not.toContain(key);
    expect(JSON.stringify({ secret })).toBe('{}');
  });

  it.each([0o640, 0o604, 0o644, 0o660, 0o666, 0o610, 0o440])('is refused with mode %o', (mode) => {
    const error = problem(() => readMacKey({ file: put('key', key, mode) }));
    expect(error.code).toBe('key_exposed');
    expect(error.message).toContain(`chmod 600 ${join(folder, 'key')}`);
    expect(error.message).not.toContain(key);
  });

  it.each([
    ['', 'key_empty'],
    ['\n', 'key_empty'],
    ['\n\n', 'key_malformed'],
    [`${key}\n\n`, 'key_malformed'],
    [`${key}\nanother`, 'key_malformed'],
    [`my ${key}`, 'key_malformed'],
    [`${key}\0`, 'key_malformed'],
    ['x'.repeat(5000), 'key_malformed'],
  ])('%j is refused', (text, code) => {
    const error = problem(() => readMacKey({ file: put('key', text) }));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain(key);
  });

  it('is refused when it is missing, a folder or a pipe, without waiting', () => {
    expect(problem(() => readMacKey({ file: join(folder, 'none') })).code).toBe('key_missing');
    expect(problem(() => readMacKey({ file: folder })).code).toBe('key_not_a_file');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(problem(() => readMacKey({ file: join(folder, 'pipe') })).code).toBe('key_not_a_file');
    expect(problem(() => readMacKey({ file: join(put('key', key), 'below') })).code).toBe('key_unreadable');
  });

  it('must be configured somehow', () => {
    const error = problem(() => readMacKey({}));
    expect(error.code).toBe('key_not_configured');
    expect(error.message).toContain('mac-key');
  });
});

describe('the MAC key from a systemd credential', () => {
  function credentials(text: string, mode: number): string {
    mkdirSync(join(folder, 'credentials'));
    put(join('credentials', 'mac-key'), text, mode);
    return join(folder, 'credentials');
  }

  it.each([0o400, 0o600, 0o440])('goes before the file, with mode %o', (mode) => {
    const credentialsDirectory = credentials(`${key}\n`, mode);
    expect(readMacKey({ credentialsDirectory, file: put('key', 'another') })()).toBe(key);
  });

  it.each([0o444, 0o640, 0o460, 0o644])('is refused with mode %o, and the file is not used instead', (mode) => {
    const credentialsDirectory = credentials(key, mode);
    const error = problem(() => readMacKey({ credentialsDirectory, file: put('key', 'another') }));
    expect(error.code).toBe('key_exposed');
  });

  it('may be missing when there is a file', () => {
    expect(readMacKey({ credentialsDirectory: folder, file: put('key', key) })()).toBe(key);
  });

  it('may not be missing when there is none', () => {
    const error = problem(() => readMacKey({ credentialsDirectory: folder }));
    expect(error.code).toBe('key_missing');
    expect(error.message).toContain(join(folder, 'mac-key'));
  });

  it('an empty variable is no credentials directory', () => {
    expect(readMacKey({ credentialsDirectory: '', file: put('key', key) })()).toBe(key);
  });
});

describe('a token', () => {
  it('is made once, for its owner only, and read from then on', () => {
    const path = join(folder, 'till-token');
    const token = readOrCreateToken(path);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(`${token}\n`);
    expect(readOrCreateToken(path)).toBe(token);
  });

  it('is another one each time it is made', () => {
    const tokens = ['a', 'b', 'c'].map((name) => readOrCreateToken(join(folder, name)));
    expect(new Set(tokens).size).toBe(3);
  });

  it.each([
    { how: 'open to others', text: 'x'.repeat(43), mode: 0o644, code: 'key_exposed' },
    { how: 'empty', text: '', mode: 0o600, code: 'key_empty' },
    { how: 'short', text: 'letmein', mode: 0o600, code: 'key_malformed' },
  ])('that is $how is refused and left as it is', ({ text, mode, code }) => {
    const path = put('token', text, mode);
    expect(problem(() => readOrCreateToken(path)).code).toBe(code);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('that cannot be written says where', () => {
    const path = join(folder, 'none', 'token');
    const error = problem(() => readOrCreateToken(path));
    expect(error.code).toBe('key_unreadable');
    expect(error.message).toContain(path);
  });
});
