import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createScope } from '../../../src/main/lifecycle/scope.ts';
import { createShutdown, watchProcess } from '../../../src/main/lifecycle/shutdown.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { keepingLog } from '../../fakes/log.ts';

function shutdownOnBench() {
  const clock = new VirtualClock();
  const log = keepingLog();
  const scope = createScope({ clock, log });
  const shutdown = createShutdown({ scope, clock, log });
  const events = new EventEmitter();
  const exit = Promise.withResolvers<number>();
  const codes: number[] = [];
  const unwatch = watchProcess({
    events,
    shutdown,
    log,
    exit: (code) => {
      codes.push(code);
      exit.resolve(code);
    },
  });
  return { clock, log, scope, shutdown, events, codes, exited: exit.promise, unwatch };
}

test('the reason is told first and the end last', async () => {
  const { log, scope, shutdown } = shutdownOnBench();
  scope.add('till', () => undefined);
  expect(await shutdown.stop('quit')).toBe(0);
  expect(log.lines).toEqual([
    { level: 'info', message: 'The terminal is stopping.', fields: { reason: 'quit' } },
    { level: 'info', message: 'The terminal has stopped.', fields: { failed: 0, tookMs: 0 } },
  ]);
});

test('a failure on the way gives exit code 1', async () => {
  const { log, scope, shutdown } = shutdownOnBench();
  scope.add('till', () => Promise.reject(new Error('stuck')));
  expect(await shutdown.stop('quit')).toBe(1);
  expect(log.lines.at(-1)?.level).toBe('warn');
});

test('all who ask for the end share it', async () => {
  const { log, shutdown } = shutdownOnBench();
  const first = shutdown.stop('quit');
  expect(shutdown.stop('SIGTERM')).toBe(first);
  await first;
  expect(log.lines.filter(({ message }) => message === 'The terminal is stopping.')).toHaveLength(1);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s ends everything, then exits with 0', async (signal) => {
  const { events, exited, scope, codes } = shutdownOnBench();
  const ended: string[] = [];
  scope.add('journal', () => {
    expect(codes).toEqual([]);
    ended.push('journal');
  });
  events.emit(signal);
  expect(await exited).toBe(0);
  expect(ended).toEqual(['journal']);
});

test('a second signal does not wait', async () => {
  const { events, exited, scope } = shutdownOnBench();
  scope.add('printer', () => new Promise<void>(() => undefined));
  events.emit('SIGTERM');
  events.emit('SIGINT');
  expect(await exited).toBe(130);
});

test.each(['uncaughtException', 'unhandledRejection'])('%s is told and exits with 1 at once', async (event) => {
  const { events, exited, log } = shutdownOnBench();
  events.emit(event, new Error('a mistake of ours'));
  expect(await exited).toBe(1);
  expect(log.lines).toHaveLength(1);
  expect(String(log.lines[0]?.fields.stack)).toContain('a mistake of ours');
});

test('after unwatching nothing listens any more', () => {
  const { events, unwatch } = shutdownOnBench();
  expect(events.eventNames()).not.toEqual([]);
  unwatch();
  expect(events.eventNames()).toEqual([]);
});
