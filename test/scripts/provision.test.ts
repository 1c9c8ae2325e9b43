import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyPin } from '../../src/main/adapters/pin/pin.ts';
import { openSetup, readSetupFile } from '../../src/main/adapters/setup/seal.ts';
import { exampleConfiguration } from '../../scripts/configuration-document.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provision-'));
  const { key: _place, ...template } = exampleConfiguration as Record<string, unknown>;
  writeFileSync(at('config.json'), JSON.stringify(template));
  writeFileSync(at('mac-key'), 'canary-mac-key\n', { mode: 0o600 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => join(folder, name);
const passphrase = 'a passphrase of some length';

async function provision(args: readonly string[], input = `${passphrase}\n`) {
  const child = spawn(process.execPath, ['scripts/provision.ts', ...args]);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
const common = () => ['--configuration', at('config.json'), '--mac-key', at('mac-key'), '--signer', at('signer.pem')];
const opened = (name: string) => openSetup(readSetupFile(readFileSync(at(name), 'utf8')), passphrase);

describe('npm run provision', () => {
  it('makes a set-up file for one terminal, and tells no secret', async () => {
    expect(await provision(['key', '--out', at('signer.pem')])).toMatchObject({ code: 0 });
    expect(statSync(at('signer.pem')).mode & 0o777).toBe(0o600);
    const { code, out, err } = await provision(['one', ...common(), '--out', at('t1.setup.json'), '--code']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/SPOT1\.[\w-]+\nSigned by [0-9A-F ]{39}\n$/);
    expect(`${out}${readFileSync(at('t1.setup.json'), 'utf8')}`).not.toContain('canary');
    expect((await opened('t1.setup.json')).macKey).toBe('canary-mac-key');
    const [, pin = ''] = /Technician's PIN: (\d{6})\n/.exec(out) ?? [];
    const { staff } = (await opened('t1.setup.json')).configuration as { staff: { technicianPinHash: string } };
    expect(await verifyPin(pin, staff.technicianPinHash)).toBe(true);
    // The signing key is not overwritten.
    expect(await provision(['key', '--out', at('signer.pem')])).toMatchObject({ code: 1 });
  });

  it('makes one for each line of a list, with what differs', async () => {
    await provision(['key', '--out', at('signer.pem')]);
    writeFileSync(
      at('list.csv'),
      '\ufeffterminal.name,spot.locationId,spot.identifier,spot.name,printer.connection.type,printer.connection.host\n' +
        'TABLE-1,3,TABLE1,"Table 1, by the window",tcp,192.168.1.51\nTABLE-2,3,TABLE2,Table 2,,\n',
    );
    const { code, err, out } = await provision(['list', ...common(), '--csv', at('list.csv'), '--out', at('made')]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').slice(1, 3)).toEqual([
      `TABLE-1: ${at('made/TABLE-1.setup.json')}`,
      `TABLE-2: ${at('made/TABLE-2.setup.json')}`,
    ]);
    const { configuration } = await opened('made/TABLE-1.setup.json');
    expect(configuration).toMatchObject({
      terminal: { name: 'TABLE-1' },
      spot: { locationId: 3, identifier: 'TABLE1', name: 'Table 1, by the window' },
      printer: { connection: { type: 'tcp', host: '192.168.1.51' } },
    });
    expect((await opened('made/TABLE-2.setup.json')).configuration).toMatchObject({ spot: { identifier: 'TABLE2' } });
  });

  it('makes a passphrase when it is asked to', async () => {
    await provision(['key', '--out', at('signer.pem')]);
    const { out } = await provision(['one', ...common(), '--out', at('t1.setup.json'), '--new-passphrase'], '');
    const made = /^Passphrase: ((?:[A-Z2-9]{4}-){4}[A-Z2-9]{4})$/m.exec(out)?.[1] ?? '';
    const file = readSetupFile(readFileSync(at('t1.setup.json'), 'utf8'));
    expect((await openSetup(file, made)).macKey).toBe('canary-mac-key');
  });

  it.each<[string, () => void, string]>([
    [
      'the configuration is wrong',
      () => {
        writeFileSync(at('config.json'), '{"terminal":{"name":"T1"}}');
      },
      'spot',
    ],
    [
      'the key is in the configuration',
      () => {
        writeFileSync(at('config.json'), '{"key":{}}');
      },
      'Take the section "key" out',
    ],
    [
      'others can read the MAC key',
      () => {
        chmodSync(at('mac-key'), 0o644);
      },
      'chmod 600',
    ],
    [
      'the signing key is none',
      () => {
        writeFileSync(at('signer.pem'), 'x', { mode: 0o600 });
      },
      'provision -- key',
    ],
  ])('says what to do when %s, and makes nothing', async (_what, spoil, words) => {
    await provision(['key', '--out', at('signer.pem')]);
    spoil();
    const { code, err, out } = await provision(['one', ...common(), '--out', at('t1.setup.json')]);
    expect(code).not.toBe(0);
    expect(err).toContain(words);
    expect(`${out}${err}`).not.toContain('canary');
    expect(() => statSync(at('t1.setup.json'))).toThrow();
  });

  it('refuses a short passphrase, and a list with a name twice', async () => {
    await provision(['key', '--out', at('signer.pem')]);
    expect(await provision(['one', ...common(), '--out', at('a')], 'short\n')).toMatchObject({ code: 2 });
    writeFileSync(at('list.csv'), 'terminal.name\nA\nA\n');
    const { code, err } = await provision(['list', ...common(), '--csv', at('list.csv'), '--out', at('made')]);
    expect(code).toBe(2);
    expect(err).toContain('Two terminals of the list are called A');
  });
});
