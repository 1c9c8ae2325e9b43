import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineCode, examineScreenSize, sizeFinding } from '../../../src/main/doctor/sight.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drm-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** As the kernel tells of an output. */
function output(name: string, status: string, modes = ''): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'status'), `${status}\n`);
  writeFileSync(join(folder, name, 'modes'), modes);
}

describe('the code on the screen', () => {
  it.each(['PAYSERA*3:TABLE1', 'PAYSERA*123456789:žalia terasa, stalas prie upės Nr. 12'])('reads %s', (code) => {
    expect(examineCode(code)).toMatchObject({ status: 'ok', part: 'code' });
  });
});

describe('the screen', () => {
  it('is as large as the monitor that is plugged in', () => {
    output('card1-HDMI-A-1', 'connected', '1024x600\n800x600\n');
    output('card1-HDMI-A-2', 'disconnected');
    expect(examineScreenSize(folder)).toMatchObject({ status: 'ok', message: '1024 × 600 pixels.' });
  });

  it('is missing when none is plugged in', () => {
    output('card1-HDMI-A-1', 'disconnected');
    expect(examineScreenSize(folder)).toMatchObject({ status: 'warning', code: 'screen_missing' });
  });

  it('is not known on a machine that tells nothing', () => {
    expect(examineScreenSize(folder)).toMatchObject({ status: 'skipped' });
    expect(examineScreenSize(join(folder, 'nowhere'))).toMatchObject({ status: 'skipped' });
  });

  it.each([
    [480, 800, 'ok'],
    [800, 480, 'ok'],
    [320, 480, 'warning'],
    [479, 2_000, 'warning'],
  ])('of %i × %i is %s', (width, height, status) => {
    expect(sizeFinding({ width, height }).status).toBe(status);
  });
});
