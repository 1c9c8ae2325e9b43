import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBundle, withoutSecrets, type BundleParts } from '../../../src/main/support/bundle.ts';
import { nameOf, placeBundle } from '../../../src/main/support/place.ts';

const parts: BundleParts = {
  about: { terminal: 'T-1' },
  state: { standings: [] },
  findings: [{ part: 'printer', status: 'failed' }],
  configuration: {},
  lives: { bill_1: 'Bill 17\n' },
  logLines: ['{"msg":"one"}\n', '{"msg":"two"}'],
};

const opened = (bundle: Uint8Array) =>
  Object.fromEntries(Object.entries(unzipSync(bundle)).map(([name, bytes]) => [name, strFromU8(bytes)]));

describe('a support bundle', () => {
  it('is a ZIP file with everything in it', () => {
    const files = opened(makeBundle(parts));
    expect(Object.keys(files).sort()).toEqual([
      'README.txt',
      'about.json',
      'bills/bill_1.txt',
      'configuration.json',
      'doctor.json',
      'log.ndjson',
      'state.json',
    ]);
    expect(files['log.ndjson']).toBe('{"msg":"one"}\n{"msg":"two"}\n');
    expect(JSON.parse(files['doctor.json'] ?? '')).toEqual(parts.findings);
  });

  it('leaves the oldest of the log out rather than becoming too large, and then the bills', () => {
    const logLines = Array.from({ length: 100 }, (_, count) => `${count} ${randomBytes(500).toString('hex')}`);
    const bundle = makeBundle({ ...parts, logLines }, 20_000);
    expect(bundle.length).toBeLessThanOrEqual(20_000);
    const kept = (opened(bundle)['log.ndjson'] ?? '').trim().split('\n');
    expect(kept.at(-1)).toBe(logLines.at(-1));
    expect(kept.length).toBeGreaterThan(5);
    const lives = { bill_1: randomBytes(20_000).toString('hex') };
    expect(Object.keys(opened(makeBundle({ ...parts, logLines, lives }, 20_000)))).not.toContain('bills/bill_1.txt');
  });

  it('holds the configuration without what could open anything', () => {
    const configuration = {
      api: { root: 'https://name:canary@api.example/rest', macId: 'canary1234' },
      staff: { pinHash: 'canary', managerPinHash: 'canary', technicianPinHash: null, lockAfterMs: 60_000 },
      displays: [{ name: 'A', token: 'canary' }],
      till: { port: 8480 },
    };
    const safe = withoutSecrets(configuration);
    expect(JSON.stringify(safe)).not.toContain('canary');
    expect(safe).toMatchObject({
      api: { root: 'https://[hidden]@api.example/rest', macId: '…1234' },
      staff: { pinHash: '[hidden]', technicianPinHash: null, lockAfterMs: 60_000 },
      till: { port: 8480 },
    });
  });
});

describe('the place of a support bundle', () => {
  let root = '';
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'support-'))));
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const bundle = Buffer.from('PK');

  it('is the first stick that takes it', () => {
    mkdirSync(join(root, 'stick'));
    const sticks = [join(root, 'pulled-out'), join(root, 'stick')];
    const placed = placeBundle({ bundle, name: 'a.zip', sticks, folder: join(root, 'support') });
    expect(placed).toEqual({ file: join(root, 'stick', 'a.zip'), onStick: true });
    expect(readdirSync(root)).toEqual(['stick']);
  });

  it('is the terminal’s own folder without a stick, for its user alone, and the three newest stay', () => {
    const folder = join(root, 'support');
    for (let day = 1; day <= 5; day += 1) {
      const name = nameOf('T 1/x', Date.UTC(2026, 10, day));
      const { file, onStick } = placeBundle({ bundle, name, sticks: [], folder });
      utimesSync(file, day, day);
      expect(onStick).toBe(false);
    }
    writeFileSync(join(folder, 'of-somebody-else.txt'), '');
    const name = nameOf('T-1', Date.UTC(2026, 10, 6, 7, 8, 9));
    const { file } = placeBundle({ bundle, name, sticks: [], folder });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual([
      'of-somebody-else.txt',
      'spot-terminal-support-T-1-20261106-070809.zip',
      'spot-terminal-support-T-1-x-20261104-000000.zip',
      'spot-terminal-support-T-1-x-20261105-000000.zip',
    ]);
  });
});
