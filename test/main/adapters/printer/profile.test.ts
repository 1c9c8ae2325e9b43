import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadProfile, ProfileError } from '../../../../src/main/adapters/printer/profile.ts';

const shipped = readdirSync('resources/printers').map((file) => file.replace(/\.json$/, ''));

describe('printer profiles', () => {
  it.each(shipped)('%s is right, and fits its columns of 12 dots on its paper', (name) => {
    const { columns, dots } = loadProfile(name);
    expect(columns * 12).toBeLessThanOrEqual(dots);
  });
  it('include the one that the configuration names by default', () => {
    expect(shipped).toContain('epson');
  });
  it.each(['nonsense', '../epson', 'Epson', ''])('%j is refused with what to do', (name) => {
    expect(() => loadProfile(name)).toThrow(ProfileError);
    expect(() => loadProfile(name)).toThrow(/resources\/printers/);
  });
});
