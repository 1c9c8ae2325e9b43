import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../scripts/configuration-document.ts';
import { documents } from '../../scripts/docs.ts';
import { parseConfiguration } from '../../src/main/config.ts';

const run = promisify(execFile);

describe('generated documents', () => {
  it('are as the schemas are; otherwise run npm run docs', async () => {
    for (const [path, text] of Object.entries(await documents())) {
      expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), path).toBe(text);
    }
  });
  it('show a configuration that is taken', () => {
    expect(parseConfiguration(JSON.stringify(exampleConfiguration), 'example').spot.identifier).toBe('TABLE1');
  });
  it('explain every setting with a reason', async () => {
    const { 'docs/configuration.md': text = '' } = await documents();
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(40);
    for (const line of rows) {
      const cells = line.slice(2, -2).split(/ (?<!\\)\| /);
      expect(cells, line).toHaveLength(7);
      // Name, what it is, type, default and why; unit and range only where there are some.
      for (const place of [0, 1, 2, 5, 6]) expect(cells[place], line).toMatch(/\w/);
    }
  });
  it('show the example that is taken', async () => {
    const { 'docs/configuration.md': text = '' } = await documents();
    const example = /```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    expect(parseConfiguration(example, 'docs/configuration.md').terminal.name).toBe('T1');
  });
  it('explain what belongs to each connection of a printer', async () => {
    const { 'docs/configuration.md': text = '' } = await documents();
    for (const type of ['none', 'tcp', 'device', 'serial'])
      expect(text).toContain(`printer.connection of type ${type}`);
    for (const name of ['baudRate', 'flowControl', 'host']) expect(text).toContain(`| \`${name}\` |`);
  });
  it('are checked by npm run docs -- --check, which says how it is used and refuses what it does not know', async () => {
    expect((await run(process.execPath, ['scripts/docs.ts', '--check'])).stderr).toBe('');
    expect((await run(process.execPath, ['scripts/docs.ts', '--help'])).stdout).toContain('npm run docs');
    await expect(run(process.execPath, ['scripts/docs.ts', '--chekc'])).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--help') as string,
    });
  });
});
