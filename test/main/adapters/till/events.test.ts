import { connect } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { JournalError } from '../../../../src/main/ports/journal.ts';
import { until } from '../../../fakes/until.ts';
import { draft, problem, startBench, token, type Bench } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('events', () => {
  it('tell what is new, once and in order, with bill and type', async () => {
    const listener = await bench.listen('/v1/events');
    await bench.create(draft);
    await bench.ask('DELETE', '/v1/bills/bill_1');
    await until(() => listener.ids.length === 2, 'the events');
    expect(listener.ids).toEqual([1, 2]);
    expect(listener.text).toContain('event: bill.withdrawn');
    expect(listener.text).toContain('"number":"1"');
  });

  it('are resumed after the last one seen, by header or by address, and go on with what is new', async () => {
    for (let count = 0; count < 500; count += 1) bench.desk.tell('spot.open');
    const byHeader = await bench.listen('/v1/events', { 'last-event-id': '300' });
    const byAddress = await bench.listen('/v1/events?after=0');
    await until(() => byHeader.ids.length === 200 && byAddress.ids.length === 500, 'the events');
    bench.desk.tell('spot.closed');
    await until(() => byHeader.ids.at(-1) === 501 && byAddress.ids.at(-1) === 501, 'the events');
    expect(byHeader.ids).toEqual(range(301, 501));
    expect(byAddress.ids).toEqual(range(1, 501));
  });

  it('from the first day are told whole, however many they are', async () => {
    for (let count = 0; count < 5000; count += 1) bench.desk.tell('spot.open', { spot: { status: 'x'.repeat(1000) } });
    const listener = await bench.listen('/v1/events?after=0');
    await until(() => listener.text.includes('\nid: 5000\n'), 'the last event');
    bench.desk.tell('spot.closed');
    await until(() => listener.text.includes('\nid: 5001\n'), 'what is new');
    expect(listener.ids).toEqual(range(1, 5001));
  });

  it('begin with what is new when nothing was seen', async () => {
    bench.desk.tell('spot.open');
    const listener = await bench.listen('/v1/events');
    bench.desk.tell('spot.closed');
    await until(() => listener.ids.length === 1, 'the events');
    expect(listener.ids).toEqual([2]);
  });

  it('keep the connection alive with comments', async () => {
    const listener = await bench.listen('/v1/events');
    await bench.clock.advance(45_000);
    await until(() => listener.text.match(/: still here/g)?.length === 3, 'the comments');
  });

  it('end with the server', async () => {
    const listener = await bench.listen('/v1/events');
    await bench.stop();
    await until(() => listener.ended, 'the end');
  });

  it('are forgotten with the client that has gone', async () => {
    const listener = await bench.listen('/v1/events');
    listener.close();
    await until(() => bench.desk.listeners === 0, 'the stream to be forgotten');
  });

  it('wait for a client that does not read, cost no memory meanwhile, and cut it off after half a minute', async () => {
    const { port } = new URL(bench.url);
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => {
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await until(() => bench.desk.listeners === 1, 'the stream');
    const bulk = { spot: { status: 'x'.repeat(50_000) } };
    for (let count = 0; count < 400; count += 1) bench.desk.tell('spot.open', bulk);
    let read = 0;
    // What the system itself keeps for a client is filled first.
    await until(() => {
      const before = read;
      read = bench.desk.newestRead;
      return read > 0 && read === before;
    }, 'nothing more to be read for it');
    expect(read).toBeLessThan(400);
    await bench.clock.advance(29_000);
    expect(bench.desk.listeners).toBe(1);
    expect(bench.desk.newestRead).toBe(read);
    await bench.clock.advance(1000);
    expect(bench.desk.listeners).toBe(0);
  });

  it.each(['x', '', '-1', '1.5', '0x10', '1e3', '9'.repeat(16)])('after %j are refused', async (after) => {
    const response = await bench.ask('GET', `/v1/events?after=${after}`);
    expect(response.status).toBe(400);
    expect((await problem(response)).code).toBe('event_id_wrong');
  });

  it('have no answer without a body, which would never end', async () => {
    expect((await bench.ask('HEAD', '/v1/events')).status).toBe(404);
  });

  it('end when the journal cannot be read, and the terminal does not fail with them', async () => {
    const listener = await bench.listen('/v1/events');
    bench.desk.broken = new JournalError('journal_damaged', 'The journal is damaged. Restore it from a copy.');
    bench.desk.tell('spot.open');
    await until(() => listener.ended, 'the end');
    expect(bench.log.lines).toMatchObject([
      { level: 'warn', message: expect.stringMatching(/ask again\.$/) as string },
    ]);
    const again = await bench.ask('GET', '/v1/events');
    expect(again.status).toBe(503);
    expect((await problem(again)).code).toBe('journal_failed');
  });
});
