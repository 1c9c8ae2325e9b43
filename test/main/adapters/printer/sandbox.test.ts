/** The printer adapter against the sandbox's printer, end to end, over each kind of line. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createReceiptPrinter } from '../../../../src/main/adapters/printer/create.ts';
import { loadProfile } from '../../../../src/main/adapters/printer/profile.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { ReceiptFacts } from '../../../../src/main/core/receipt/document.ts';
import type { PrinterPort } from '../../../../src/main/ports/printer.ts';
import { createEngine, type Engine } from '../../../../sandbox/printer/engine.ts';
import { startPrinter } from '../../../../sandbox/printer/printer.ts';
import type { PrinterState, VirtualPrinter } from '../../../../sandbox/printer/types.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { facts } from '../../core/receipt/facts.ts';
import { closePort, openFar, startWire } from '../transport/pty.ts';
import { longTimeouts, printerAt, shortTimeouts } from './scripted.ts';

const { signal } = new AbortController();
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
});

async function stage(state: Partial<PrinterState> = {}, timeouts = longTimeouts) {
  const paper = await startPrinter({ host: '127.0.0.1', port: 0, state: { speed: 'instant', ...state } });
  ends.push(() => paper.stop());
  const printer = printerAt(paper.port, { timeouts });
  ends.push(() => printer.stop());
  return { paper, printer };
}

const print = (printer: PrinterPort, changes: Partial<ReceiptFacts> = {}, copy = false) =>
  printer.print(composeReceipt({ ...facts, ...changes }, { copy }), signal);
const codeOf = async (printer: PrinterPort): Promise<string> => {
  const check = await printer.check(signal);
  return check.ready ? 'ready' : check.problem.code;
};

const lithuanian = `Kavinė „Žąsis“
Gedimino pr. 1, Vilnius
PVM LT100000000001

Kvitas                                        12
Sąskaita                               2026-0001
Laikas                       2026-09-21 17:13:20
Terminalas                               Table 1
------------------------------------------------
Kava                                        2,50
2,5 x Šimtalapis                        1 250,00
Nuolaida                                   -1,00
------------------------------------------------
Iš viso 1 251,50 €
Apmokėta                        Paysera pinigine
Operacija       Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR


Tai nėra fiskalinis dokumentas.
Ačiū!`;

/** Waits until the bytes of a receipt have left; at 20 mm/s it is then on paper for several seconds. */
async function sending({ log }: ReturnType<typeof printerAt>): Promise<void> {
  await vi.waitFor(
    () => {
      expect(log.lines).toContainEqual(expect.objectContaining({ message: 'A receipt is sent to the printer.' }));
    },
    { timeout: 10_000 },
  );
}

/** What is on the paper is what was meant, and every byte was understood. */
function expectLithuanian(paper: VirtualPrinter | Engine): void {
  expect(paper.receipts().map(({ text }) => text)).toEqual([lithuanian]);
  expect(paper.receipts().map(({ qr }) => qr)).toEqual([['PAYSERA%Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR']]);
  expect(paper.problems()).toEqual([]);
}

describe('the receipt on paper', () => {
  it('is the one that was composed', async () => {
    const { paper, printer } = await stage();
    expect(await print(printer)).toEqual({ outcome: 'printed', proof: 'process_id' });
    expectLithuanian(paper);
  });

  it('says COPY at the top and at the bottom of a copy', async () => {
    const { paper, printer } = await stage();
    await print(printer, { language: 'en' }, true);
    expect(paper.receipts()[0]?.text).toMatch(/^COPY\n[^]*\nCOPY$/);
  });

  it('is whole whatever was sold: no title reaches the printer as a command', async () => {
    const { paper, printer } = await stage();
    const titles = [
      '\u001b@\u001bi',
      '\u001dV\u0000',
      '\u0010\u0014\u0001\u0000\u0001',
      '\u0000\u007f\u009b',
      '寿司🍣',
      'Борщ',
      'ș',
    ];
    const lines = titles.map((title) => ({ title, total: 1 }));
    expect(await print(printer, { lines, merchant: titles, billNumber: titles.join('') })).toMatchObject({
      outcome: 'printed',
    });
    expect(paper.receipts()).toHaveLength(1);
    expect(paper.problems()).toEqual([]);
  });

  it('is proven by the answer after the cut on a printer that knows no process ids', async () => {
    const paper = await startPrinter({ host: '127.0.0.1', port: 0, state: { speed: 'instant', processIds: false } });
    ends.push(() => paper.stop());
    const printer = printerAt(paper.port, { profile: { ...loadProfile('epson'), processId: false } });
    ends.push(() => printer.stop());
    expect(await print(printer)).toEqual({ outcome: 'printed', proof: 'status' });
  });
});

describe('a printer that cannot print', () => {
  it.each<[Partial<PrinterState>, string]>([
    [{ paper: 'out' }, 'paper_out'],
    [{ coverOpen: true }, 'cover_open'],
    [{ cutterError: true }, 'cutter_jammed'],
    [{ offline: true }, 'offline'],
    [{ silent: true }, 'not_answering'],
    [{ stalled: true }, 'not_answering'],
    [{ refuse: true }, 'not_answering'],
  ])('%j says so, prints nothing, and prints once it is mended', async (state, code) => {
    const { paper, printer } = await stage(state, { ...longTimeouts, statusMs: 500 });
    expect(await codeOf(printer)).toBe(code);
    expect(await print(printer)).toMatchObject({ outcome: 'failed', problem: { code } });
    await paper.setState({ paper: 'ok', coverOpen: false, cutterError: false, offline: false });
    await paper.setState({ silent: false, stalled: false, refuse: false });
    expect(await print(printer)).toMatchObject({ outcome: 'printed' });
    expectLithuanian(paper);
  });
});

describe('a printer that fails in mid-job leaves the receipt in doubt', () => {
  it('when its connection is reset after some bytes', async () => {
    const { paper, printer } = await stage();
    expect(await codeOf(printer)).toBe('ready');
    await paper.setState({ resetAfterBytes: 109 });
    expect(await print(printer)).toMatchObject({ outcome: 'doubtful', problem: { code: 'disconnected' } });
    expect(paper.receipts()).toEqual([]);
    expect(await codeOf(printer)).toBe('ready');
  });

  it('when it is switched off and on again: what it held is never confirmed', async () => {
    const { paper, printer } = await stage({ speed: 20 });
    const printing = print(printer);
    await sending(printer);
    paper.powerCycle();
    expect(await printing).toMatchObject({ outcome: 'doubtful', problem: { code: 'disconnected' } });
    expect(paper.receipts()).toEqual([]);
  });

  it('when its paper ends, and the doubt names that', async () => {
    const { paper, printer } = await stage({ speed: 20 }, shortTimeouts);
    const printing = print(printer);
    await sending(printer);
    await paper.setState({ paper: 'out' });
    expect(await printing).toMatchObject({ outcome: 'doubtful', problem: { code: 'paper_out' } });
    expect(await codeOf(printer)).toBe('paper_out');
  });
});

describe('over other lines', () => {
  it.each(['serial', 'device'] as const)('%s: the same receipt, with the same proof', async (type) => {
    const wire = await startWire();
    ends.push(() => wire.unplug());
    const far = await openFar(wire);
    ends.push(() => closePort(far));
    const engine = createEngine({ state: { speed: 'instant' } });
    const unplug = engine.attach(far, () => undefined, 'line');
    ends.push(() => {
      unplug();
      return Promise.resolve();
    });
    const more = type === 'serial' ? ({ type, baudRate: 115_200, flowControl: 'none' } as const) : { type };
    const printer = createReceiptPrinter(
      {
        connection: { ...more, path: wire.near },
        profile: 'epson',
        connectTimeoutMs: 10_000,
        jobTimeoutMs: 20_000,
      },
      { clock: createSystemClock(), log: keepingLog() },
    );
    ends.push(() => printer.stop());
    expect(await printer.check(signal)).toEqual({ ready: true });
    expect(await print(printer)).toEqual({ outcome: 'printed', proof: 'process_id' });
    expectLithuanian(engine);
  });

  it('none: it says so', async () => {
    const printer = createReceiptPrinter(
      { connection: { type: 'none' }, profile: 'epson', connectTimeoutMs: 1_000, jobTimeoutMs: 1_000 },
      { clock: createSystemClock(), log: keepingLog() },
    );
    const problem = { code: 'not_configured', message: 'No receipt printer is configured.' };
    expect(await printer.check(signal)).toEqual({ ready: false, problem });
    expect(await print(printer)).toEqual({ outcome: 'failed', problem });
    await printer.stop();
  });
});
