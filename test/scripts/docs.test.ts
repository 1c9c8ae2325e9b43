import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../scripts/configuration-document.ts';
import { documents } from '../../scripts/docs.ts';
import { parseConfiguration } from '../../src/main/config.ts';

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
    for (const line of rows) expect(line.split(' | ').at(-1), line).toMatch(/\w+.* \|$/);
  });
});
