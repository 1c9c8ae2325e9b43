import { expect, test } from 'vitest';
import { createScope } from '../../../src/main/lifecycle/scope.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { keepingLog } from '../../fakes/log.ts';

function scopeOnBench() {
  const clock = new VirtualClock();
  const log = keepingLog();
  const ended: string[] = [];
  return { clock, log, ended, scope: createScope({ clock, log }) };
}

test('what was added last ends first, one after the other, and no timer is left', async () => {
  const { clock, ended, log, scope } = scopeOnBench();
  scope.add('journal', () => void ended.push('journal'));
  scope.add('printer', async () => {
    await Promise.resolve();
    ended.push('printer');
  });
  scope.add('till', () => void ended.push('till'));
  expect(await scope.stop()).toEqual([]);
  expect(ended).toEqual(['till', 'printer', 'journal']);
  expect(log.lines).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('stopping again gives the same promise and ends nothing twice', async () => {
  const { ended, scope } = scopeOnBench();
  scope.add('till', () => void ended.push('till'));
  expect(scope.stopping).toBe(false);
  const first = scope.stop();
  expect(scope.stopping).toBe(true);
  expect(scope.stop()).toBe(first);
  await first;
  expect(scope.stop()).toBe(first);
  expect(ended).toEqual(['till']);
});

test('what is added while stopping is ended at once, and waited for', async () => {
  const { ended, scope } = scopeOnBench();
  scope.add('first', () => void ended.push('first'));
  scope.add('second', () => {
    ended.push('second');
    scope.add('late', async () => {
      ended.push('late begins');
      await Promise.resolve();
      ended.push('late ends');
    });
  });
  await scope.stop();
  expect(ended.slice(0, 2)).toEqual(['second', 'late begins']);
  expect(ended).toContain('first');
  expect(ended).toContain('late ends');
});

test('what is added after everything has ended is ended at once', async () => {
  const { ended, scope } = scopeOnBench();
  await scope.stop();
  scope.add('late', () => void ended.push('late'));
  expect(ended).toEqual(['late']);
});

test('one that throws, one that rejects and one that throws no error stop nobody else, and are told', async () => {
  const { clock, ended, log, scope } = scopeOnBench();
  scope.add('journal', () => void ended.push('journal'));
  scope.add('printer', () => {
    throw new Error('no paper');
  });
  scope.add('display', () => Promise.reject(new Error('unplugged')));
  scope.add('odd', () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a library may do
    throw 'a text';
  });
  const failures = await scope.stop();
  expect(failures.map(({ name, code }) => `${name} ${code}`)).toEqual([
    'odd failed',
    'display failed',
    'printer failed',
  ]);
  expect(failures.map(({ message }) => message)).toEqual([
    'odd failed to end: a text',
    'display failed to end: unplugged',
    'printer failed to end: no paper',
  ]);
  expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error', 'error']);
  expect(ended).toEqual(['journal']);
  expect(clock.pending).toBe(0);
});

test('one that hangs is left behind at its own deadline', async () => {
  const { clock, ended, scope } = scopeOnBench();
  scope.add('journal', () => void ended.push('journal'));
  scope.add('printer', () => new Promise<void>(() => undefined), 700);
  const stopping = scope.stop();
  await clock.advance(699);
  expect(ended).toEqual([]);
  await clock.advance(1);
  expect(await stopping).toEqual([
    { name: 'printer', code: 'late', message: 'printer did not end within 700 ms; going on without it.' },
  ]);
  expect(ended).toEqual(['journal']);
  expect(clock.pending).toBe(0);
});

test('one that rejects after its deadline is not an unhandled rejection', async () => {
  const { clock, scope } = scopeOnBench();
  const gate = Promise.withResolvers<undefined>();
  scope.add('printer', () => gate.promise.then(() => undefined), 100);
  const stopping = scope.stop();
  await clock.advance(100);
  expect(await stopping).toHaveLength(1);
  gate.reject(new Error('too late'));
  await expect(gate.promise).rejects.toThrow('too late');
});
