/** The printer adapter on lines that stay when the printer loses its power, against the sandbox's printer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MENDED } from '../../../../sandbox/printer/mishap.ts';
import { servePrinter } from '../../../../sandbox/printer/serve.ts';
import type { Mishap, MishapName, PrinterState } from '../../../../sandbox/printer/types.ts';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createPrinter } from '../../../../src/main/adapters/printer/printer.ts';
import { createDeviceFileTransport } from '../../../../src/main/adapters/transport/device-file.ts';
import { createSerialTransport } from '../../../../src/main/adapters/transport/serial.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { facts } from '../../core/receipt/facts.ts';
import { epson, styleFor } from './profiles.ts';

const { signal } = new AbortController();
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
});

async function stage(type: 'serial' | 'device', state: Partial<PrinterState> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  const path = join(folder, 'printer');
  const paper = await servePrinter({ at: { link: path }, state: { speed: 1_000, ...state } });
  const clock = createSystemClock();
  const common = { path, clock, timeouts: { connectMs: 10_000, closeMs: 300 } };
  const transport =
    type === 'serial'
      ? createSerialTransport({ ...common, baudRate: 115_200, flowControl: 'none' })
      : createDeviceFileTransport(common);
  const profile = { ...epson, processId: state.processIds !== false };
  const timeouts = { statusMs: 400, shortestJobMs: 2_000, longestJobMs: 2_000 };
  const printer = createPrinter({
    style: styleFor(profile),
    transport,
    clock,
    log: keepingLog(),
    timeouts,
    random: Math.random,
  });
  ends.push(async () => {
    await printer.stop();
    await paper.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const print = async (number: number, copy = false): Promise<string> => {
    const ended = await printer.print(composeReceipt({ ...facts, number, language: 'en' }, { copy }), signal);
    return ended.outcome === 'printed' ? `printed: ${ended.proof}` : `${ended.outcome}: ${ended.problem.code}`;
  };
  /** The receipts on each paper; blank strips are left out. */
  const papers = () =>
    paper
      .receipts()
      .map(({ text }) => [...text.matchAll(/^Receipt +(\d+)$/gm)].map(([, number]) => Number(number)))
      .filter((numbers) => numbers.length > 0);
  return { paper, print, papers };
}

const after = (what: MishapName, count: number, unit: Mishap['unit']): Partial<PrinterState> => ({
  mishap: { what, after: count, unit },
});

describe.each(['serial', 'device'] as const)('over a %s line', (type) => {
  it('a printer that loses its power in the middle, and gets the end of the receipt all the same, is not believed', async () => {
    const { paper, print, papers } = await stage(type, { bytesPerSecond: 1_500, startMs: 400 });
    expect(await print(1)).toBe('printed: process_id');
    await paper.setState(after('power-cycle', 300, 'bytes'));
    expect(await print(2)).toMatch(/^doubtful/);
    await expect.poll(() => print(3), { timeout: 10_000 }).toBe('printed: process_id');
    expect(papers().filter((numbers) => numbers.includes(3))).toEqual([[3]]);
  }, 30_000);

  it('a printer whose paper ends in the middle says so at once, and the next receipt has a paper of its own', async () => {
    const { paper, print, papers } = await stage(type, after('paper-out', 200, 'dots'));
    expect(await print(1)).toBe('doubtful: paper_out');
    expect(await print(1, true)).toBe('failed: paper_out');
    await paper.setState(MENDED);
    expect(await print(2)).toBe('printed: process_id');
    expect(papers()).toEqual([[1], [2]]);
  }, 30_000);
});

it('answers that a receipt in doubt still owes do not pass for the next one', async () => {
  const { paper, print, papers } = await stage('serial', { processIds: false, ...after('cover-open', 50, 'dots') });
  expect(await print(1)).toBe('doubtful: cover_open');
  await paper.setState({ ...MENDED, speed: 250 });
  expect(await print(2)).toBe('printed: status');
  // What is proven lies there already.
  expect(papers()).toEqual([[1], [2]]);
}, 30_000);
