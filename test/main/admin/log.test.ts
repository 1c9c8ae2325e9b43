import { expect, it } from 'vitest';
import { createLog } from '../../../src/main/adapters/log/pino.ts';
import { keepLines } from '../../../src/main/adapters/log/ring.ts';
import { logDesk } from '../../../src/main/admin/log.ts';

const written: string[] = [];
const ring = keepLines({ write: (line) => written.push(line) });
const log = createLog({ level: 'debug', destination: ring });
const { log: ask } = logDesk(ring.lines);

it('gives what was written, newest first, by its importance and by what stands in it, and nothing that was hidden', async () => {
  log.debug('Asked.', { path: '/spot' });
  log.warn('The PRINTER is slow.', { macKey: 'canary', printer: 'tcp' });
  log.info('A bill came.');
  const all = await ask({ level: 'debug', text: '', skip: 0 });
  expect(all.lines.map(({ message }) => message)).toEqual(['A bill came.', 'The PRINTER is slow.', 'Asked.']);
  expect((await ask({ level: 'info', text: '', skip: 1 })).lines.map(({ level }) => level)).toEqual(['warn']);
  const found = await ask({ level: 'debug', text: 'printer', skip: 0 });
  expect(found).toMatchObject({ total: 1, lines: [{ more: '{"macKey":"[redacted]","printer":"tcp"}' }] });
  expect(written).toHaveLength(3);
});

it('keeps the newest lines, however many there are', async () => {
  for (let count = 0; count < 20_000; count += 1)
    ring.write(`{"level":"info","time":"2026-11-23T10:00:00.000Z","msg":"${count}"}\n`);
  expect(ring.lines().length).toBeLessThanOrEqual(3_000);
  expect((await ask({ level: 'info', text: '', skip: 0 })).lines[0]?.message).toBe('19999');
});
