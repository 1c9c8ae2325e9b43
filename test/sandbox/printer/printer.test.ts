import { afterEach, describe, expect, it } from 'vitest';
import { startPrinter } from '../../../sandbox/printer/printer.ts';
import type { PrinterState, ReceiptRecord, VirtualPrinter } from '../../../sandbox/printer/types.ts';
import {
  askPaper,
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

const [ESC, GS] = [0x1b, 0x1d];
const RECEIPT = bytes(INITIALISE, 'Tea 2.50\n', CUT);

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(state: Partial<PrinterState> = { speed: 'instant' }): Promise<VirtualPrinter> {
  const printer = await startPrinter({ host: '127.0.0.1', port: 0, state });
  ends.push(() => printer.stop());
  return printer;
}

async function plug(printer: VirtualPrinter): Promise<Wire> {
  const wire = await plugIn(printer);
  ends.push(() => void wire.socket.destroy());
  return wire;
}

const texts = (printer: VirtualPrinter): readonly string[] => printer.receipts().map(({ text }) => text);

describe('a printer on a TCP port', () => {
  it('keeps each receipt and calls back with it', async () => {
    const printer = await start();
    const seen: ReceiptRecord[] = [];
    printer.onReceipt((receipt) => seen.push(receipt));
    const { socket } = await plug(printer);
    socket.write(Buffer.concat([RECEIPT, bytes('two\n'), CUT]));
    await expect.poll(() => texts(printer)).toEqual(['Tea 2.50', 'two']);
    expect(seen.map(({ index }) => index)).toEqual([0, 1]);
    expect(seen[0]?.bytes).toBe(RECEIPT.length);
    expect(seen[0]?.png.subarray(1, 4).toString()).toBe('PNG');
    expect(printer.problems()).toEqual([]);
  });

  it('proves a receipt with its process id, after the paper has passed the cutter', async () => {
    const printer = await start({ speed: 400 });
    const wire = await plug(printer);
    const order: string[] = [];
    printer.onReceipt(() => order.push('paper'));
    wire.socket.on('data', () => order.push('answer'));
    wire.socket.write(Buffer.concat([RECEIPT, askProcessId('0001')]));
    await expect.poll(() => wire.answers()).toEqual(processIdAnswer('0001'));
    expect(order).toEqual(['paper', 'answer']);
  });

  it('answers real-time questions while the paper moves, the others in their turn', async () => {
    const printer = await start({ speed: 50 });
    const wire = await plug(printer);
    wire.socket.write(Buffer.concat([RECEIPT, askPaper, askStatus(1), askStatus(4)]));
    await expect.poll(() => wire.answers().toString('hex')).toBe('1212');
    expect(printer.receipts()).toHaveLength(0);
    await printer.setState({ speed: 'instant' });
    await expect.poll(() => wire.answers().toString('hex')).toBe('121200');
    expect(printer.receipts()).toHaveLength(1);
  });

  it('sends its status by itself on a change, from GS a to ESC @', async () => {
    const printer = await start();
    const wire = await plug(printer);
    wire.socket.write(bytes(GS, 'a', 0xff));
    await expect.poll(() => wire.answers().toString('hex')).toBe('10000000');
    await printer.setState({ paper: 'near-end' });
    await printer.setState({ silent: false });
    await expect.poll(() => wire.answers().toString('hex')).toBe('1000000010000300');
    wire.socket.write(Buffer.concat([INITIALISE, askPaper]));
    await expect.poll(() => wire.answers().toString('hex')).toBe('100000001000030003');
    await printer.setState({ paper: 'ok' });
    wire.socket.write(askStatus(4));
    await expect.poll(() => wire.answers().toString('hex')).toBe('10000000100003000312');
  });

  it('says who it is', async () => {
    const printer = await start();
    const wire = await plug(printer);
    wire.socket.write(bytes(GS, 'I', 67));
    await expect.poll(() => wire.answers().toString('latin1')).toBe('_VIRTUAL-80\0');
  });

  it('closes its half after everything is printed and answered', async () => {
    const printer = await start({ speed: 400 });
    const wire = await plug(printer);
    wire.socket.end(Buffer.concat([RECEIPT, askProcessId('abcd')]));
    await expect.poll(() => wire.closed()).toBe('ended');
    expect(wire.answers()).toEqual(processIdAnswer('abcd'));
  });

  it('serves one connection, the next one when that is over', async () => {
    const printer = await start();
    const [first, second] = [await plug(printer), await plug(printer)];
    second.socket.write(askStatus(1));
    first.socket.write(askStatus(1));
    await expect.poll(() => first.answers()).toHaveLength(1);
    expect(second.answers()).toHaveLength(0);
    first.socket.end();
    await expect.poll(() => second.answers()).toHaveLength(1);
  });

  it('refuses to start on a port that is taken', async () => {
    const printer = await start();
    await expect(startPrinter({ host: printer.host, port: printer.port })).rejects.toThrow('EADDRINUSE');
  });

  it('forgets receipts and problems when asked, and counts anew', async () => {
    const printer = await start();
    const { socket } = await plug(printer);
    socket.write(bytes(RECEIPT, ESC, 'z'));
    await expect.poll(() => printer.problems()).toHaveLength(1);
    printer.clear();
    expect([printer.receipts(), printer.problems()]).toEqual([[], []]);
    socket.write(RECEIPT);
    await expect.poll(() => printer.receipts().map(({ index }) => index)).toEqual([0]);
  });
});

describe('a printer in trouble', () => {
  it.each<Partial<PrinterState>>([{ paper: 'out' }, { coverOpen: true }, { cutterError: true }, { offline: true }])(
    'with %j halts, answers in real time only, and goes on when it is mended',
    async (trouble) => {
      const printer = await start({ ...trouble, speed: 'instant' });
      const wire = await plug(printer);
      wire.socket.write(Buffer.concat([RECEIPT, askProcessId('0001'), askStatus(1)]));
      await expect.poll(() => wire.answers().toString('hex')).toBe('1a');
      expect(printer.receipts()).toHaveLength(0);
      await printer.setState({ paper: 'ok', coverOpen: false, cutterError: false, offline: false });
      await expect.poll(() => texts(printer)).toEqual(['Tea 2.50']);
      await expect.poll(() => wire.answers().subarray(1)).toEqual(processIdAnswer('0001'));
    },
  );

  it('out of paper takes no more than its buffer', async () => {
    const printer = await start({ paper: 'out', speed: 'instant' });
    const wire = await plug(printer);
    wire.socket.write(raster(64, 100, new Uint8Array(6_400)));
    wire.socket.write(askStatus(1));
    await expect.poll(() => wire.socket.bytesWritten).toBeGreaterThan(6_400);
    await printer.setState({ paper: 'near-end' });
    await expect.poll(() => wire.answers().toString('hex')).toBe('12');
  });

  it('prints without a process id where it knows none', async () => {
    const printer = await start({ processIds: false, speed: 'instant' });
    const wire = await plug(printer);
    wire.socket.write(Buffer.concat([RECEIPT, askProcessId('0001'), askPaper]));
    await expect.poll(() => wire.answers().toString('hex')).toBe('00');
    expect(texts(printer)).toEqual(['Tea 2.50']);
    expect(printer.problems()).toEqual([]);
  });

  it('that is silent prints and answers nothing', async () => {
    const printer = await start({ silent: true, speed: 'instant' });
    const wire = await plug(printer);
    wire.socket.end(Buffer.concat([askStatus(1), RECEIPT, askPaper]));
    await expect.poll(() => wire.closed()).toBe('ended');
    expect(texts(printer)).toEqual(['Tea 2.50']);
    expect(wire.answers()).toHaveLength(0);
  });

  it('that is stalled reads nothing until it is not', async () => {
    const printer = await start({ stalled: true, speed: 'instant' });
    const wire = await plug(printer);
    wire.socket.write(Buffer.concat([askStatus(1), RECEIPT]));
    await expect.poll(() => wire.socket.writableLength).toBe(0);
    expect([wire.answers().length, printer.receipts().length]).toEqual([0, 0]);
    await printer.setState({ stalled: false });
    await expect.poll(() => texts(printer)).toEqual(['Tea 2.50']);
  });

  it('that is switched off refuses and resets, and comes back on the same port', async () => {
    const printer = await start();
    const wire = await plug(printer);
    wire.socket.write(askStatus(1));
    await expect.poll(() => wire.answers()).toHaveLength(1);
    await printer.setState({ refuse: true });
    await expect.poll(() => wire.closed()).toBe('reset');
    await expect(plugIn(printer)).rejects.toThrow('ECONNREFUSED');
    await printer.setState({ refuse: false });
    const again = await plug(printer);
    again.socket.write(askStatus(1));
    await expect.poll(() => again.answers().toString('hex')).toBe('12');
  });

  it('resets after a number of bytes, once, and prints what it had of them', async () => {
    const printer = await start({ resetAfterBytes: RECEIPT.length + 3, speed: 'instant' });
    const wire = await plug(printer);
    wire.socket.write(Buffer.concat([RECEIPT, askProcessId('0001')]));
    await expect.poll(() => wire.closed()).toBe('reset');
    await expect.poll(() => texts(printer)).toEqual(['Tea 2.50']);
    expect(printer.state().resetAfterBytes).toBeNull();
    expect(printer.problems()).toEqual([]);
    const again = await plug(printer);
    again.socket.write(askStatus(1));
    await expect.poll(() => again.answers().toString('hex')).toBe('12');
  });

  it('that loses power loses what it had not printed, and never proves it', async () => {
    const printer = await start({ paper: 'out', speed: 'instant' });
    const wire = await plug(printer);
    wire.socket.write(Buffer.concat([RECEIPT, askProcessId('0001'), askStatus(1)]));
    await expect.poll(() => wire.answers()).toHaveLength(1);
    printer.powerCycle();
    await expect.poll(() => wire.closed()).toBe('reset');
    await printer.setState({ paper: 'ok' });
    const again = await plug(printer);
    again.socket.write(Buffer.concat([bytes('later\n'), CUT]));
    await expect.poll(() => texts(printer)).toEqual(['later']);
    expect(again.answers()).toHaveLength(0);
  });
});

describe('bytes that are wrong', () => {
  it.each([
    ['an unknown command', bytes(ESC, 'z'), 'Unknown command'],
    ['half a command', bytes(GS, '(k', 9, 0, '1P0x'), 'inside a command'],
    ['half a raster', raster(8, 8, new Uint8Array(63)), 'inside a command'],
    ['a status that does not exist', askStatus(9), 'asks for nothing known'],
    ['a paper question that does not exist', bytes(GS, 'r', 9), 'asks for nothing known'],
    ['a process id without its length', bytes(GS, '(H', 3, 0, '00x'), 'asks for nothing known'],
  ])('are kept as a problem: %s', async (_what, sent, sentence) => {
    const printer = await start();
    const wire = await plug(printer);
    wire.socket.end(sent);
    await expect.poll(() => wire.closed()).toBe('ended');
    expect(printer.problems()).toHaveLength(1);
    expect(printer.problems()[0]).toContain(sentence);
  });

  it('do not reach the next connection', async () => {
    const printer = await start();
    const first = await plug(printer);
    first.socket.end(bytes(GS, '(k', 200, 0));
    await expect.poll(() => first.closed()).toBe('ended');
    const second = await plug(printer);
    second.socket.end(RECEIPT);
    await expect.poll(() => texts(printer)).toEqual(['Tea 2.50']);
  });
});
