import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeOf, readSetup } from '../../../../src/main/adapters/setup/code.ts';
import {
  fingerprintOf,
  openSetup,
  readSetupFile,
  sealSetup,
  type SetupFile,
} from '../../../../src/main/adapters/setup/seal.ts';

const content = {
  configuration: { terminal: { name: 'T1' }, spot: { identifier: 'TABLE1', place: 'Kavinė „Žąsis“' } },
  macKey: 'canary-mac-key',
};
const passphrase = 'K7QM-2XHD-9PLA';
const { privateKey: signer } = generateKeyPairSync('ed25519');

let file: SetupFile;
beforeAll(async () => {
  file = await sealSetup(content, { passphrase, signer, label: 'T1', at: Date.UTC(2026, 10, 23) });
});
const codeOfError = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

describe('a set-up file', () => {
  it('brings back what was put in, for the passphrase', async () => {
    expect(await openSetup(readSetupFile(JSON.stringify(file)), passphrase)).toEqual(content);
    expect(await openSetup(file, ` ${passphrase}\n`)).toEqual(content);
  });

  it('tells nobody what is in it but for whom it is', () => {
    const text = JSON.stringify(file);
    expect(text).toContain('T1');
    for (const secret of ['canary', 'TABLE1', 'Kavin', passphrase]) expect(text).not.toContain(secret);
  });

  it('is not opened by another passphrase', async () => {
    await expect(openSetup(file, 'another passphrase')).rejects.toMatchObject({ code: 'setup_passphrase' });
  });

  it.each<[string, (file: SetupFile) => object, string]>([
    ['its label', (whole) => ({ ...whole, for: 'T2' }), 'setup_damaged'],
    ['its time', (whole) => ({ ...whole, madeAt: '2026-11-24T00:00:00.000Z' }), 'setup_damaged'],
    ['its content', (whole) => ({ ...whole, sealed: `AAAA${whole.sealed.slice(4)}` }), 'setup_damaged'],
    ['its signature', (whole) => ({ ...whole, signature: Buffer.alloc(64).toString('base64') }), 'setup_damaged'],
    ['its signer', (whole) => ({ ...whole, signer: Buffer.alloc(32, 1).toString('base64') }), 'setup_damaged'],
    ['the cost of guessing', (whole) => ({ ...whole, scrypt: { ...whole.scrypt, cost: 1024 } }), 'setup_damaged'],
    [
      'a cost that nobody can pay',
      (whole) => ({ ...whole, scrypt: { ...whole.scrypt, cost: 2 ** 40 } }),
      'setup_damaged',
    ],
    ['something more', (whole) => ({ ...whole, more: 1 }), 'setup_damaged'],
    ['a newer version', (whole) => ({ ...whole, version: 2 }), 'setup_newer'],
    ['another format', () => ({ format: 'something' }), 'setup_not_ours'],
  ])('with %s changed is refused before a passphrase is asked for', (_what, change, code) => {
    expect(codeOfError(() => readSetupFile(JSON.stringify(change(file))))).toBe(code);
  });

  it('is refused whatever nonsense it holds', () => {
    const codes = ['setup_not_ours', 'setup_damaged', 'setup_newer'];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.base64String().map((text) => `SPOT1.${text}`),
        ),
        (text) => {
          expect(codes).toContain(codeOfError(() => readSetup(text)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('fits into one line that can be scanned, and is the same again', async () => {
    const code = codeOf(file);
    // A QR code of version 40 with the least error correction holds 2,953 bytes.
    expect(code.length).toBeLessThan(1500);
    expect(code).toMatch(/^SPOT1\.[\w-]+$/);
    expect(readSetup(` ${code.slice(0, 40)}\n${code.slice(40)} `)).toEqual(file);
    expect(await openSetup(readSetup(code), passphrase)).toEqual(content);
  });

  it('names its signer in groups that can be read out', () => {
    expect(fingerprintOf(file.signer)).toMatch(/^(?:[0-9A-F]{4} ){7}[0-9A-F]{4}$/);
  });
});
