import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../../../../src/main/adapters/printer/profile.ts';
import type { PrinterPort } from '../../../../src/main/ports/printer.ts';
import { freePort, startServer, type TestServer } from '../transport/servers.ts';
import { documentOf, epson, hex, text } from './profiles.ts';
import { idOf, longTimeouts, play, printedAnswer, printerAt, shortTimeouts, type Script } from './scripted.ts';

const { signal } = new AbortController();
const receipt = documentOf(text('Ačiū'));
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
});

interface Stage {
  readonly printer: ReturnType<typeof printerAt>;
  readonly server: TestServer;
}

async function stage(
  script: Script | ((socket: Socket) => void),
  options: { profile?: Profile; timeouts?: typeof longTimeouts } = {},
): Promise<Stage> {
  const server = await startServer(typeof script === 'function' ? script : play(script));
  ends.push(() => server.stop());
  const printer = printerAt(server.port, options);
  ends.push(() => printer.stop());
  return { printer, server };
}

const problemOf = async (printer: PrinterPort): Promise<string> => {
  const check = await printer.check(signal);
  return check.ready ? 'ready' : check.problem.code;
};
const outcomeOf = async (printer: PrinterPort): Promise<string> => {
  const ended = await printer.print(receipt, signal);
  return ended.outcome === 'printed' ? `printed: ${ended.proof}` : `${ended.outcome}: ${ended.problem.code}`;
};
const paperOut = (kind: number): Uint8Array => Uint8Array.of([0, 0x1a, 0x32, 0x12, 0x7e][kind] ?? 0);

describe('before anything is sent', () => {
  it('a healthy printer is ready, on one connection however often it is asked', async () => {
    const { printer, server } = await stage({});
    expect([await problemOf(printer), await problemOf(printer)]).toEqual(['ready', 'ready']);
    expect(server.counts()).toEqual({ accepted: 1, most: 1 });
  });

  it.each<[string, Script | ((socket: Socket) => void), string]>([
    ['somebody who neither reads nor answers', (socket) => socket.pause(), 'not_answering'],
    ['somebody who says nothing', { status: () => undefined }, 'not_answering'],
    ['somebody who ends the connection', { status: (_, socket) => void socket.end() }, 'disconnected'],
    ['somebody who resets the connection', { status: (_, socket) => void socket.resetAndDestroy() }, 'disconnected'],
    ['garbage', { status: () => Buffer.from('\u00ff\u00fe', 'latin1') }, 'wrong_device'],
    ['an echo', (socket) => socket.pipe(socket), 'wrong_device'],
    ['a web server', { status: () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }, 'wrong_device'],
    ['a printer without paper', { status: paperOut }, 'paper_out'],
    ['an open cover', { status: (kind) => Uint8Array.of(kind === 2 ? 0x16 : 0x1a) }, 'cover_open'],
    ['a jammed cutter', { status: (kind) => Uint8Array.of([0, 0x1a, 0x52, 0x1a, 0x12][kind] ?? 0) }, 'cutter_jammed'],
  ])('%s is a problem, and no print is begun', async (_, script, code) => {
    const { printer } = await stage(script, { timeouts: { ...longTimeouts, statusMs: 300 } });
    expect(await problemOf(printer)).toBe(code);
    expect(await outcomeOf(printer)).toBe(`failed: ${code}`);
  });

  it('a port that nobody listens on is a problem', async () => {
    const printer = printerAt(await freePort());
    expect(await problemOf(printer)).toBe('not_answering');
    expect(await outcomeOf(printer)).toBe('failed: not_answering');
    await printer.stop();
  });

  it('a call that was given up sends nothing', async () => {
    const jobs: Buffer[] = [];
    const { printer } = await stage({ onJob: (job) => jobs.push(job) });
    const ended = await printer.print(receipt, AbortSignal.abort());
    expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'timeout' } });
    expect(jobs).toEqual([]);
  });

  it('a problem that is over is forgotten', async () => {
    let out = true;
    const { printer } = await stage({ status: (kind) => (out ? paperOut(kind) : Uint8Array.of(0x12)) });
    expect(await problemOf(printer)).toBe('paper_out');
    out = false;
    expect(await outcomeOf(printer)).toBe('printed: process_id');
  });

  it('a roll that is nearly used up is logged once', async () => {
    const { printer } = await stage({ status: (kind) => Uint8Array.of(kind === 4 ? 0x1e : 0x12) });
    expect([await problemOf(printer), await problemOf(printer)]).toEqual(['ready', 'ready']);
    expect(printer.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('a roll that becomes nearly used up is told of, with a guess of how many receipts it is good for', async () => {
    let low = false;
    const { printer } = await stage({ status: (kind) => Uint8Array.of(kind === 4 && low ? 0x1e : 0x12) });
    expect(await printer.check(signal)).toEqual({ ready: true });
    low = true;
    expect(await printer.check(signal)).toEqual({ ready: true, paperLow: { receiptsLeft: 12 } });
    await outcomeOf(printer);
    expect(await printer.check(signal)).toMatchObject({ paperLow: { receiptsLeft: expect.any(Number) as number } });
    low = false;
    expect(await printer.check(signal)).toEqual({ ready: true });
  });
});

describe('a printed receipt', () => {
  it('is proven by its process id, in whatever pieces and company it comes', async () => {
    const { printer } = await stage({
      onJob(job, socket) {
        socket.write(Buffer.of(0x10, 0x00, 0x00, 0x00));
        socket.write(printedAnswer(Buffer.from('none')));
        const answer = printedAnswer(idOf(job));
        socket.write(answer.subarray(0, 4), () => socket.write(answer.subarray(4)));
      },
    });
    expect(await outcomeOf(printer)).toBe('printed: process_id');
  });

  it('is sent whole, once, and asks for its proof after the cut', async () => {
    const jobs: Buffer[] = [];
    const { printer } = await stage({
      onJob(job, socket) {
        jobs.push(job);
        socket.write(printedAnswer(idOf(job)));
      },
    });
    await outcomeOf(printer);
    expect(jobs.map(hex)).toEqual([
      expect.stringMatching(
        /^1B 40 1B 52 00 1D 61 0E 1B 74 33 .* 41 E8 69 FB 0A 1D 56 42 00 1D 28 48 06 00 30 30( \w\w){4}$/,
      ),
    ]);
  });

  it('is proven by its answer after the cut where there are no process ids', async () => {
    const { printer } = await stage({ onJob: (_, socket) => socket.write(Buffer.of(0)) }, without('processId'));
    expect(await outcomeOf(printer)).toBe('printed: status');
  });

  it('is in doubt when that answer tells of no paper', async () => {
    const { printer } = await stage({ onJob: (_, socket) => socket.write(Buffer.of(0x0f)) }, without('processId'));
    expect(await outcomeOf(printer)).toBe('doubtful: paper_out');
  });

  it('has only its bytes as proof where the printer says nothing at all', async () => {
    const { printer } = await stage(
      (socket) => socket.resume(),
      without('processId', 'queuedStatus', 'realTimeStatus'),
    );
    expect([await problemOf(printer), await outcomeOf(printer)]).toEqual(['ready', 'printed: bytes']);
  });

  it('is never mixed with another one', async () => {
    const { printer, server } = await stage({});
    expect(await Promise.all([outcomeOf(printer), outcomeOf(printer), problemOf(printer)])).toEqual([
      'printed: process_id',
      'printed: process_id',
      'ready',
    ]);
    expect(server.counts()).toEqual({ accepted: 1, most: 1 });
  });
});

function without(...abilities: ('processId' | 'queuedStatus' | 'realTimeStatus')[]): { profile: Profile } {
  return { profile: { ...epson, ...Object.fromEntries(abilities.map((ability) => [ability, false])) } };
}

describe('a receipt that something left of is in doubt', () => {
  it.each<[string, Script['onJob'], string]>([
    ['the connection is ended', (_, socket) => socket.end(), 'disconnected'],
    ['the connection is reset', (_, socket) => socket.resetAndDestroy(), 'disconnected'],
    ['another job is named', (_, socket) => socket.write(printedAnswer(Buffer.from('none'))), 'timeout'],
    ['garbage is answered', (_, socket) => socket.write(Buffer.of(0xff, 0xfe)), 'timeout'],
    ['nothing is answered', () => undefined, 'timeout'],
  ])('when %s', async (_, onJob, code) => {
    const { printer } = await stage({ ...(onJob && { onJob }) }, { timeouts: shortTimeouts });
    expect(await outcomeOf(printer)).toBe(`doubtful: ${code}`);
  });

  it('when the paper ends in mid-job, and staff hear that', async () => {
    let out = false;
    const { printer } = await stage(
      {
        status: (kind) => (out ? paperOut(kind) : Uint8Array.of(0x12)),
        onJob: () => (out = true),
      },
      { timeouts: shortTimeouts },
    );
    expect(await outcomeOf(printer)).toBe('doubtful: paper_out');
    expect(await problemOf(printer)).toBe('paper_out');
  });

  it('when the printer dies silently', async () => {
    let dead = false;
    const { printer } = await stage(
      { status: () => (dead ? undefined : Uint8Array.of(0x12)), onJob: () => (dead = true) },
      { timeouts: shortTimeouts },
    );
    expect(await outcomeOf(printer)).toBe('doubtful: timeout');
  });

  it('when the printer stops reading', async () => {
    let answered = 0;
    const { printer } = await stage(
      {
        status(_, socket) {
          answered += 1;
          if (answered === 3) socket.pause();
          return Uint8Array.of(0x12);
        },
      },
      { timeouts: shortTimeouts },
    );
    expect(await outcomeOf(printer)).toBe('doubtful: timeout');
  });

  it('when the terminal gives it up meanwhile', async () => {
    const abort = new AbortController();
    const { printer } = await stage({
      onJob: () => {
        abort.abort();
      },
    });
    expect(await printer.print(receipt, abort.signal)).toMatchObject({
      outcome: 'doubtful',
      problem: { code: 'timeout' },
    });
  });

  it('and its late answer does not pass for the next one', async () => {
    const jobs: Buffer[] = [];
    const { printer } = await stage(
      {
        onJob(job, socket) {
          jobs.push(job);
          const [first] = jobs;
          if (jobs.length === 2 && first) socket.write(printedAnswer(idOf(first)));
        },
      },
      { timeouts: shortTimeouts },
    );
    expect([await outcomeOf(printer), await outcomeOf(printer)]).toEqual(['doubtful: timeout', 'doubtful: timeout']);
  });
});

describe('while a receipt is printed', () => {
  it('what the printer tells by itself ends the wait at once', async () => {
    const { printer } = await stage({ onJob: (_, socket) => socket.write(Buffer.of(0x38, 0, 0, 0)) });
    expect(await outcomeOf(printer)).toBe('doubtful: cover_open');
  });

  it('the printer is asked how it is doing, and what it answers ends the wait', async () => {
    let jammed = false;
    const { printer } = await stage({
      status: (kind) => Uint8Array.of((jammed ? [0, 0x1a, 0x52, 0x1a, 0x12][kind] : 0x12) ?? 0),
      onJob: () => (jammed = true),
    });
    expect(await outcomeOf(printer)).toBe('doubtful: cutter_jammed');
  });

  it('questions that are not answered do not keep it from being proven', async () => {
    let [printing, asked] = [false, 0];
    const { printer, server } = await stage(
      {
        status(_, socket) {
          if (!printing) return Uint8Array.of(0x12);
          asked += 1;
          socket.write(printedAnswer(id));
          return undefined;
        },
        onJob(job) {
          printing = true;
          id = idOf(job);
        },
      },
      { timeouts: { ...longTimeouts, statusMs: 300 } },
    );
    let id: Buffer = Buffer.alloc(4);
    expect(await outcomeOf(printer)).toBe('printed: process_id');
    expect(asked).toBe(1);
    // The answer that is still to come must not pass for one to the next question.
    printing = false;
    expect(await problemOf(printer)).toBe('ready');
    expect(server.counts()).toEqual({ accepted: 2, most: 1 });
  });

  it('it is told when all of it has left', async () => {
    const order: string[] = [];
    const { printer } = await stage({
      onJob(job, socket) {
        setTimeout(() => {
          order.push('proof');
          socket.write(printedAnswer(idOf(job)));
        }, 50);
      },
    });
    const ended = await printer.print(receipt, signal, () => order.push('sent'));
    expect([ended.outcome, ...order]).toEqual(['printed', 'sent', 'proof']);
  });

  const question = /\x10\x04./gs;

  it('a long one goes in pieces, with a question before each but the first', async () => {
    const long = documentOf(...Array.from({ length: 400 }, (_, index) => text(`Line ${index}`)));
    let told = '';
    const { printer } = await stage((socket) => {
      let answered = 0;
      socket.on('data', (bytes) => {
        // However the network cuts and joins the pieces: questions are DLE EOT n, which no line of this receipt holds.
        told += bytes.toString('latin1');
        for (const asked = told.split(question).length - 1; answered < asked; answered += 1) {
          socket.write(Buffer.of(0x12));
        }
        if (bytes.at(-11) === 0x1d && bytes.at(-10) === 0x28) socket.write(printedAnswer(idOf(bytes)));
      });
    });
    expect(await printer.print(long, signal)).toMatchObject({ outcome: 'printed' });
    const pieces = told.split(question).filter((piece) => piece !== '');
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    for (const piece of pieces) expect(piece.length).toBeLessThan(1_200);
  });
});

describe('after a receipt in doubt', () => {
  it('half a command is completed and half a receipt cut off, once, before the next one', async () => {
    const jobs: string[] = [];
    const { printer } = await stage(
      {
        onJob(job, socket) {
          jobs.push(hex(job));
          if (jobs.length === 1) socket.end();
          else socket.write(printedAnswer(idOf(job)));
        },
      },
      { timeouts: { ...longTimeouts, statusMs: 300 } },
    );
    expect([await outcomeOf(printer), await outcomeOf(printer), await outcomeOf(printer)]).toEqual([
      'doubtful: disconnected',
      'printed: process_id',
      'printed: process_id',
    ]);
    const [first = '', ...others] = jobs;
    expect(others.join(' ')).toMatch(/^(00 )+1B 40 1B 52 00 1D 56 42 00 1B 40 .* 1B 40 /);
    expect(first.startsWith('1B 40')).toBe(true);
    expect(others.at(-1)?.startsWith('1B 40')).toBe(true);
  });
});

describe('the connection', () => {
  it('is replaced when the printer ended it while nobody printed', async () => {
    const { printer, server } = await stage({});
    await problemOf(printer);
    for (const socket of server.open) socket.end();
    await vi.waitFor(
      () => {
        expect(server.open.size).toBe(0);
      },
      { timeout: 10_000 },
    );
    expect(await outcomeOf(printer)).toBe('printed: process_id');
    expect(server.counts()).toEqual({ accepted: 2, most: 1 });
  });

  it('is replaced once when it went silent, and never used beside a second one', async () => {
    const { printer, server } = await stage(
      { status: (_, socket, count) => (count === 1 && socket.bytesRead > 9 ? undefined : Uint8Array.of(0x12)) },
      { timeouts: { ...longTimeouts, statusMs: 300 } },
    );
    expect(await problemOf(printer)).toBe('ready');
    expect(await outcomeOf(printer)).toBe('printed: process_id');
    expect(server.counts()).toEqual({ accepted: 2, most: 1 });
  });

  it('ends politely with the printer, whose stop can be called again', async () => {
    const how: string[] = [];
    const { printer } = await stage({
      onConnect(socket) {
        socket.on('end', () => how.push('end'));
        socket.on('error', () => how.push('reset'));
      },
    });
    await problemOf(printer);
    const stopping = printer.stop();
    expect(printer.stop()).toBe(stopping);
    await stopping;
    expect(how).toEqual(['end']);
    expect(await outcomeOf(printer)).toBe('failed: timeout');
  });

  it('is given up with what waits on it when the printer is stopped', async () => {
    const { printer } = await stage({ onJob: () => void printer.stop() });
    expect(await outcomeOf(printer)).toBe('doubtful: timeout');
  });
});
