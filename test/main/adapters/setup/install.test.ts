import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installSetup } from '../../../../src/main/adapters/setup/install.ts';
import { loadConfiguration, parseConfiguration } from '../../../../src/main/config.ts';
import { exampleConfiguration } from '../../../../scripts/configuration-document.ts';

const { key: _place, ...configuration } = exampleConfiguration as Record<string, unknown>;
const content = { configuration, macKey: 'canary-mac-key' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = () => join(folder, 'etc', 'config.json');
const install = (more: Partial<typeof content> = {}, signer = 'one') => {
  installSetup({ ...content, ...more }, { path: path(), signer }, parseConfiguration);
};
const codeOf = (act: () => unknown) => {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : String(error);
  }
};

describe('installing a set-up', () => {
  it('puts the configuration and the key in their places, the key for nobody else', () => {
    install();
    expect(loadConfiguration(path()).key.file).toBe(join(folder, 'etc', 'mac-key'));
    expect(readFileSync(join(folder, 'etc', 'mac-key'), 'utf8')).toBe('canary-mac-key');
    expect(statSync(join(folder, 'etc', 'mac-key')).mode & 0o777).toBe(0o600);
    expect(statSync(path()).mode & 0o007).toBe(0);
    expect(readFileSync(path(), 'utf8')).not.toContain('canary');
  });

  it('is done once', () => {
    install();
    expect(
      codeOf(() => {
        install();
      }),
    ).toBe('setup_already_done');
  });

  it('refuses a configuration that the terminal would refuse, and leaves nothing', () => {
    expect(
      codeOf(() => {
        install({ configuration: { ...configuration, spot: {} } });
      }),
    ).toBe('setup_configuration');
    expect(existsSync(join(folder, 'etc'))).toBe(false);
  });

  it('refuses another signer than the first', () => {
    install();
    rmSync(path());
    expect(
      codeOf(() => {
        install({}, 'two');
      }),
    ).toBe('setup_other_signer');
    install();
  });

  it('goes on where a power cut left it, and never with a key that others can read', () => {
    install();
    rmSync(path());
    writeFileSync(join(folder, 'etc', 'mac-key.part'), 'half', { mode: 0o644 });
    chmodSync(join(folder, 'etc', 'mac-key.part'), 0o644);
    install();
    expect(statSync(join(folder, 'etc', 'mac-key')).mode & 0o777).toBe(0o600);
  });
});
