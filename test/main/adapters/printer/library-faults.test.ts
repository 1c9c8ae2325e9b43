/**
 * Why node-thermal-printer only fills a buffer here: each fault of its version 4.6.1 that is avoided, beside what is
 * printed instead. When one of these fails after an update, the library has mended something.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BreakLine, CharacterSet, PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import { describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { encode } from '../../../../src/main/adapters/printer/encode.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { createDeviceFileTransport } from '../../../../src/main/adapters/transport/device-file.ts';
import type { Block } from '../../../../src/main/core/receipt/document.ts';
import { documentOf, epson, hex, styleFor, text } from './profiles.ts';

function library(options: { interface?: string; breakLine?: BreakLine } = {}): ThermalPrinter {
  const builder = new ThermalPrinter({
    type: PrinterTypes.EPSON,
    interface: options.interface ?? '',
    characterSet: CharacterSet.WPC1257_BALTIC_RIM,
    ...options,
  });
  builder.setBuffer(Buffer.alloc(0));
  return builder;
}
const ours = (...blocks: readonly Block[]): Buffer =>
  encode(layOut(documentOf(...blocks), styleFor(epson), { kind: 'bytes' }));

describe('a fault of the library', () => {
  it('it counts the characters of a QR code, so the printer prints the rest of its bytes', () => {
    const theirs = library();
    theirs.printQR('ąčę', {});
    expect(hex(theirs.getBuffer())).toContain('1D 28 6B 06 00 31 50 30 C4 85 C4 8D C4 99');
    expect(hex(ours({ type: 'qr', payload: 'ąčę' }))).toContain('1D 28 6B 09 00 31 50 30 C4 85 C4 8D C4 99');
  });

  it('it resets the printer after a cut, and with it the code page that it goes on using', () => {
    const theirs = library();
    theirs.partialCut();
    theirs.println('ą');
    expect(hex(theirs.getBuffer())).toBe('1B 64 04 1B 64 04 1D 56 01 1B 40 E0 0A');
    expect(hex(ours(text('ą')))).toMatch(/E0 0A 1D 56 42 00$/);
  });

  it('it makes a text wider that should be higher', () => {
    const theirs = library();
    theirs.setTextSize(1, 0);
    expect(hex(theirs.getBuffer())).toBe('1D 21 10');
  });

  it('it loses blank lines', () => {
    const theirs = library({ breakLine: BreakLine.WORD });
    theirs.print('a\n\nb');
    expect(theirs.getText()).toBe('a\nb');
    expect(hex(ours(text('a'), { type: 'feed', lines: 1 }, text('')))).toContain('61 0A 0A');
  });

  it('it lets the control characters of a product name through, so a name can reset the printer or open the drawer', () => {
    const title = 'Tea\u001b@\u0010\u0014\u0001\u0000\u0001';
    const theirs = library();
    theirs.println(title);
    expect(hex(theirs.getBuffer())).toContain('1B 40 10 14 01 00 01');
    const bytes = ours(text(title), { type: 'columns', left: title, right: title, weight: 'plain' });
    expect(bytes.includes(Buffer.of(0x10))).toBe(false);
    expect(hex(bytes).split('1B 40')).toHaveLength(2);
  });

  it('it measures columns by the length of the text, so what takes more bytes moves the amount', () => {
    const theirs = library();
    theirs.leftRight('寿司', '1,00');
    expect(theirs.getBuffer().length).toBeGreaterThan(49);
    const bytes = ours({ type: 'columns', left: '寿司', right: '1,00', weight: 'plain' });
    // Two letters as dots, then as many blanks as columns are left.
    expect(bytes.toString('latin1').match(/ {42}1,00\n/g)).toHaveLength(1);
  });

  it('it writes rules other than of ASCII as raw UTF-8', () => {
    const theirs = library();
    theirs.drawLine('─');
    expect(hex(theirs.getBuffer())).toMatch(/^E2 94 80 /);
    expect(hex(ours({ type: 'rule' }))).toContain(hex(Buffer.from(`${'-'.repeat(48)}\n`)));
  });

  it('it opens the drawer by commands without their times, so the second is swallowed', () => {
    const theirs = library();
    theirs.openCashDrawer();
    expect(hex(theirs.getBuffer())).toBe('1B 70 00 1B 70 01');
  });

  it('it reports success to a printer that never reads', async () => {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const theirs = library({ interface: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` });
    theirs.println('Kava');
    expect(await theirs.execute().then(() => 'done')).toBe('done');
    server.close();
  });

  it('it makes a plain file where the device is missing, and reports success', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'printer-'));
    const path = join(folder, 'lp0');
    const theirs = library({ interface: path });
    theirs.println('Kava');
    await theirs.execute();
    expect(existsSync(path)).toBe(true);
    rmSync(path);
    const { signal } = new AbortController();
    const opening = createDeviceFileTransport({ path, clock: createSystemClock() }).open(signal);
    await expect(opening).rejects.toMatchObject({ code: 'unreachable', sent: 'nothing' });
    expect(existsSync(path)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
