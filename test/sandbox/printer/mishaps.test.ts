import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { startPrinter } from '../../../sandbox/printer/printer.ts';
import { servePrinter } from '../../../sandbox/printer/serve.ts';
import type { Mishap, MishapName, PrinterState, VirtualPrinter } from '../../../sandbox/printer/types.ts';
import {
  askProcessId,
  askStatus,
  bytes,
  CUT,
  INITIALISE,
  plugIn,
  processIdAnswer,
  raster,
  type Wire,
} from './bytes.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const LINES = Array.from({ length: 10 }, (_, index) => `line ${String(index)}\n`);
const RECEIPT = bytes(INITIALISE, ...LINES, CUT, askProcessId('0001'));
const WHOLE = LINES.join('').trim();

async function start(state: Partial<PrinterState> = {}): Promise<{ printer: VirtualPrinter; wire: Wire }> {
  const printer = await startPrinter({ host: '127.0.0.1', port: 0, state: { speed: 1_000, ...state } });
  ends.push(() => printer.stop());
  return { printer, wire: await plug(printer) };
}

async function plug(printer: VirtualPrinter): Promise<Wire> {
  const wire = await plugIn(printer);
  ends.push(() => void wire.socket.destroy());
  return wire;
}

const texts = (printer: { receipts(): readonly { text: string }[] }): readonly string[] =>
  printer.receipts().map(({ text }) => text);
const after = (what: MishapName, count: number, unit: Mishap['unit']): Partial<PrinterState> => ({
  mishap: { what, after: count, unit },
});
const hex = (wire: Wire): string => wire.answers().toString('hex');

describe('in the middle of a receipt', () => {
  it.each<[MishapName, Partial<PrinterState>]>([
    ['paper-out', { paper: 'ok' }],
    ['cover-open', { coverOpen: false }],
    ['cutter-error', { cutterError: false }],
    ['offline', { offline: false }],
  ])('%s halts it, is told, and once it is mended the rest comes', async (what, mended) => {
    const { printer, wire } = await start(after(what, 100, 'dots'));
    wire.socket.write(RECEIPT);
    await expect.poll(() => printer.state().mishap).toBeNull();
    wire.socket.write(askStatus(1));
    await expect.poll(() => hex(wire)).toBe('1a');
    expect(texts(printer)).toEqual([]);
    await printer.setState(mended);
    await expect.poll(() => wire.answers().subarray(1)).toEqual(processIdAnswer('0001'));
    expect(texts(printer)).toEqual([WHOLE]);
  });

  it('paper that ends just before the cutter is not cut before there is a new roll', async () => {
    const { printer, wire } = await start(after('paper-out', 10 * 30 + 40, 'dots'));
    wire.socket.write(RECEIPT);
    await expect.poll(() => printer.state().paper).toBe('out');
    expect(texts(printer)).toEqual([]);
    await printer.setState({ paper: 'ok' });
    await expect.poll(() => texts(printer)).toEqual([WHOLE]);
  });

  it('a loss of power leaves half of it on the paper, and nothing of it is ever proven', async () => {
    const { printer, wire } = await start({ ...after('power-cycle', 100, 'dots'), startMs: 200 });
    wire.socket.write(RECEIPT);
    await expect.poll(() => wire.closed()).toBe('reset');
    const again = async (): Promise<Buffer> => {
      const late = await plug(printer);
      late.socket.write(bytes(INITIALISE, CUT, askProcessId('0002')));
      await expect.poll(() => late.answers().length > 0 || late.closed() !== 'open').toBe(true);
      return late.answers();
    };
    // While it starts, it resets whoever comes.
    await expect.poll(() => again().catch(() => null), { timeout: 5_000 }).toEqual(processIdAnswer('0002'));
    expect(texts(printer)).toHaveLength(1);
    expect(WHOLE.startsWith(texts(printer)[0] ?? '-')).toBe(true);
  });

  it.each<[MishapName, 'ended' | 'reset']>([
    ['end', 'ended'],
    ['reset', 'reset'],
  ])('%s takes what had come, and answers nothing', async (what, how) => {
    const { printer, wire } = await start(after(what, RECEIPT.length - 3, 'bytes'));
    wire.socket.write(RECEIPT);
    wire.socket.on('end', () => wire.socket.end());
    await expect.poll(() => wire.closed()).toBe(how);
    await expect.poll(() => texts(printer)).toEqual([WHOLE]);
    expect(wire.answers()).toHaveLength(0);
  });

  it('half-open forgets the connection without a word, and serves the next one', async () => {
    const { printer, wire } = await start(after('half-open', 20, 'bytes'));
    wire.socket.write(RECEIPT);
    await expect.poll(() => printer.state().halfOpen).toBe(true);
    wire.socket.write(askStatus(1));
    const next = await plug(printer);
    next.socket.write(askStatus(1));
    await expect.poll(() => hex(next)).toBe('12');
    expect([wire.closed(), wire.answers().length]).toEqual(['open', 0]);
  });

  it('garbage is what it says from then on', async () => {
    const { wire } = await start(after('garbage', 1, 'bytes'));
    for (let count = 1; count <= 8; count += 1) {
      wire.socket.write(askStatus(1));
      await expect.poll(() => wire.answers().length).toBe(count);
    }
    expect(hex(wire)).not.toBe('12'.repeat(8));
  });

  it('a stall keeps what had come', async () => {
    const { printer, wire } = await start(after('stall', 20, 'bytes'));
    wire.socket.write(RECEIPT);
    await expect.poll(() => printer.state().stalled).toBe(true);
    await printer.setState({ stalled: false });
    await expect.poll(() => texts(printer)).toEqual([WHOLE]);
  });
});

describe('a printer', () => {
  it('that reads slowly takes its time', async () => {
    const { printer, wire } = await start({ bytesPerSecond: 400, speed: 'instant' });
    const startedAt = performance.now();
    wire.socket.write(RECEIPT);
    await expect.poll(() => texts(printer), { timeout: 5_000 }).toEqual([WHOLE]);
    expect(performance.now() - startedAt).toBeGreaterThan(((RECEIPT.length - 15) / 400) * 1000 - 50);
  });

  it('hears a question inside the data of a command, which spoils the data', async () => {
    const { printer, wire } = await start();
    wire.socket.write(raster(1, 8, new Uint8Array(8)).subarray(0, 10));
    await expect.poll(() => wire.socket.writableLength).toBe(0);
    await expect
      .poll(() => {
        wire.socket.write(askStatus(1));
        return hex(wire);
      })
      .toMatch(/^12/);
    expect(printer.problems()[0]).toContain('inside the data');
  });

  it('passes over zeros between commands', async () => {
    const { printer, wire } = await start({ speed: 'instant' });
    wire.socket.write(Buffer.concat([Buffer.alloc(100), RECEIPT]));
    await expect.poll(() => texts(printer)).toEqual([WHOLE]);
    expect(printer.problems()).toEqual([]);
  });
});

describe('a printer on a line', () => {
  async function serve(state: Partial<PrinterState> = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'line-'));
    const link = join(folder, 'printer');
    const printer = await servePrinter({ at: { link }, state: { speed: 'instant', ...state } });
    ends.push(async () => {
      await printer.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    return { printer, link };
  }

  async function open(link: string) {
    const port = new SerialPort({ path: link, baudRate: 115_200, autoOpen: false });
    const heard: Buffer[] = [];
    let isClosed = false;
    port.on('data', (chunk: Buffer) => heard.push(chunk));
    port.on('error', () => undefined); // 'close' follows
    port.on('close', () => (isClosed = true));
    await new Promise<void>((resolve, reject) => {
      port.open((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    ends.push(() => {
      if (port.isOpen) port.close(() => undefined);
    });
    return { port, heard: () => Buffer.concat(heard), isClosed: () => isClosed };
  }

  it('prints and answers, whoever opens the line', async () => {
    const { printer, link } = await serve();
    for (const count of [1, 2]) {
      const { port, heard } = await open(link);
      port.write(RECEIPT);
      await expect.poll(heard).toEqual(processIdAnswer('0001'));
      expect(texts(printer)).toHaveLength(count);
      await new Promise<void>((resolve) => {
        port.close(() => {
          resolve();
        });
      });
    }
  });

  it('keeps its line when it loses its power, and understands afterwards', async () => {
    const { printer, link } = await serve(after('power-cycle', 5, 'bytes'));
    const { port, heard, isClosed } = await open(link);
    port.write(RECEIPT);
    await expect.poll(() => printer.state().mishap).toBeNull();
    port.write(askStatus(1));
    await expect.poll(heard).toEqual(Buffer.of(0x12));
    expect(isClosed()).toBe(false);
  });

  it('is away for a moment when the line breaks, and for as long as it is unplugged', async () => {
    const { printer, link } = await serve();
    const first = await open(link);
    printer.suffer('reset');
    await expect.poll(first.isClosed).toBe(true);
    await expect
      .poll(
        () =>
          open(link).then(
            () => 'there',
            () => 'away',
          ),
        { timeout: 5_000 },
      )
      .toBe('there');
    await printer.setState({ refuse: true });
    await expect(open(link)).rejects.toThrow('No such file');
    await printer.plug();
    const again = await open(link);
    again.port.write(askStatus(1));
    await expect.poll(again.heard).toEqual(Buffer.of(0x12));
  });
});
