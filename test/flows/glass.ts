import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PNG } from 'pngjs';
import { until } from '../fakes/until.ts';

/** A monitor of Xvfb's, and what is on it. */
export interface Glass {
  /** For DISPLAY. */
  readonly display: string;
  picture(): PNG;
  close(): Promise<void>;
}

/** Switches a monitor on. */
export async function openGlass(width: number, height: number): Promise<Glass> {
  const folder = mkdtempSync(join(tmpdir(), 'glass-'));
  const args = [
    '-displayfd',
    '3',
    '-fbdir',
    folder,
    '-screen',
    '0',
    `${width}x${height}x24`,
    '-nolisten',
    'tcp',
    '-noreset',
  ];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const gone = once(child, 'exit');
  const numbers = child.stdio[3];
  if (!numbers || !('setEncoding' in numbers)) throw new Error('Xvfb has no descriptor to tell its display.');
  const [line] = (await once(createInterface({ input: numbers }), 'line')) as [string];
  const file = join(folder, 'Xvfb_screen0');
  await until(() => existsSync(file), 'the picture of the monitor');
  return {
    display: `:${line}`,
    picture: () => decoded(readFileSync(file)),
    async close() {
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** XWD as X11/XWDFile.h describes it: 25 numbers, the colours, then the lines, here with blue, green, red and nothing. */
function decoded(file: Buffer): PNG {
  const number = (at: number) => file.readUInt32BE(at * 4);
  const [headerBytes, width, height, lineBytes, colours] = [0, 4, 5, 12, 19].map(number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const begin = headerBytes + colours * 12;
  const picture = new PNG({ width, height });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = begin + y * lineBytes + x * 4;
      const [blue = 0, green = 0, red = 0] = file.subarray(from, from + 3);
      picture.data.set([red, green, blue, 255], (y * width + x) * 4);
    }
  }
  return picture;
}
