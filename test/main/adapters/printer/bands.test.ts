import { describe, expect, it } from 'vitest';
import { createParser } from '../../../../sandbox/printer/parser.ts';
import { bandsOf, lengthOfFirst } from '../../../../src/main/adapters/printer/bands.ts';
import { encode } from '../../../../src/main/adapters/printer/encode.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import { facts } from '../../core/receipt/facts.ts';
import { epson, styleFor } from './profiles.ts';

const lines = Array.from({ length: 60 }, (_, index) => ({ title: `Šimtalapis ${index}`, total: index }));
const commands = layOut(composeReceipt({ ...facts, lines }, { copy: true }), styleFor(epson), {
  kind: 'process_id',
  id: 'ABCD',
});

describe('a job in bands', () => {
  it.each([64, 256, 1_024, 100_000])('of about %i bytes is the same job, in whole commands', (bandBytes) => {
    const bands = bandsOf(commands, bandBytes);
    expect(Buffer.concat(bands)).toEqual(encode(commands));
    const parser = createParser();
    for (const band of bands) {
      parser.push(band);
      expect(parser.pending()).toBe(0);
    }
    const longest = Math.max(...bands.map((band) => band.length));
    expect(longest).toBeLessThan(bandBytes + 200);
    expect(bands.length).toBeGreaterThanOrEqual(encode(commands).length / (bandBytes + 200));
  });

  it('has nothing when there is nothing', () => {
    expect(bandsOf([], 64)).toEqual([]);
  });

  it('begins with its initialisation', () => {
    expect(encode(commands).subarray(0, lengthOfFirst(commands)).toString('hex')).toBe('1b401b5200');
  });
});
