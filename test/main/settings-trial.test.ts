import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  returnedSettings,
  saveOnTrial,
  startOnTrial,
  trialMs,
  watchTrial,
  wellParts,
} from '../../src/main/settings-trial.ts';
import type { Standing } from '../../src/shared/admin/state.ts';
import { keepingLog } from '../fakes/log.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  path = join(folder, 'config.json');
  writeFileSync(path, 'old');
  chmodSync(path, 0o640);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const present = () => readFileSync(path, 'utf8');
const save = (text: string, well: string[] = ['api']) => {
  saveOnTrial(path, text, { savedAt: 1, well });
};
const dies = () => Promise.reject(new Error('No such printer profile.'));

describe('new settings', () => {
  it('are in their place with the mode of those before, which are kept', () => {
    save('new');
    expect(present()).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readFileSync(`${path}.previous`, 'utf8')).toBe('old');
  });

  it('with which the terminal does not start are taken back at once, and it is said why', async () => {
    save('new');
    await expect(startOnTrial(path, dies)).rejects.toMatchObject({ code: 'settings_returned' });
    expect(present()).toBe('old');
    expect(returnedSettings(path)?.why).toContain('No such printer profile.');
    // From then on a failure is the failure of the settings that were there all along.
    await expect(startOnTrial(path, dies)).rejects.toThrow('No such printer profile.');
  });

  it('with which the process dies again and again are taken back before they are read a fourth time', async () => {
    save('new');
    const read: string[] = [];
    const start = () => {
      read.push(present());
    };
    for (let times = 0; times < 4; times += 1) await startOnTrial(path, start);
    expect(read).toEqual(['new', 'new', 'new', 'old']);
    expect(returnedSettings(path)?.why).toContain('did not come up');
  });

  it('that are changed again while on trial lead back to the last good ones', async () => {
    save('new');
    save('newer');
    expect(present()).toBe('newer');
    await expect(startOnTrial(path, dies)).rejects.toMatchObject({ code: 'settings_returned' });
    expect(present()).toBe('old');
  });
});

describe('a terminal on trial', () => {
  const clock = new VirtualClock();
  let standings: Standing[];
  let restarts: number;
  const service = { standings: () => standings, serves: () => true };
  const watch = () => watchTrial({ path, service, clock, log: keepingLog(), restart: () => (restarts += 1) });
  beforeEach(() => {
    standings = [{ part: 'api', status: 'unknown', since: 0, heardAt: null }];
    restarts = 0;
  });

  it('keeps its settings once all is well that was well before', async () => {
    save('new', ['api', 'display:1', 'serves']);
    watch();
    await clock.advance(5_000);
    standings = [
      { part: 'api', status: 'ok', since: 0, heardAt: 0 },
      { part: 'display', name: '1', status: 'ok', since: 0, heardAt: 0 },
      { part: 'printer', status: 'failing', since: 0, heardAt: 0 },
    ];
    expect(wellParts(service)).toEqual(['api', 'display:1', 'serves']);
    await clock.advance(2 * trialMs);
    expect(present()).toBe('new');
    expect(existsSync(`${path}.trial`)).toBe(false);
    expect(restarts).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('goes back to those before and restarts when it is not well in time', async () => {
    save('new', ['api']);
    watch();
    await clock.advance(trialMs - 1_000);
    expect(present()).toBe('new');
    await clock.advance(3_000);
    expect(present()).toBe('old');
    expect(restarts).toBe(1);
    expect(returnedSettings(path)?.why).toBe('Not well with the new settings: api.');
  });

  it('is not watched without new settings', () => {
    watch();
    expect(clock.pending).toBe(0);
  });
});
