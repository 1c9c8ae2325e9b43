import { describe, expect, it } from 'vitest';
import { within } from '../../../../src/main/adapters/transport/deadline.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';

const never = new Promise<never>(() => undefined);

describe('a wait with a deadline', () => {
  it('gives what came in time, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    await expect(within(Promise.resolve(7), clock, { milliseconds: 10, signal })).resolves.toBe(7);
    await expect(within(Promise.reject(new Error('no')), clock, { milliseconds: 10, signal })).rejects.toThrow('no');
    expect(clock.pending).toBe(0);
  });

  it('ends at its deadline', async () => {
    const clock = new VirtualClock();
    const waiting = within(never, clock, { milliseconds: 10, signal: new AbortController().signal });
    const ended = expect(waiting).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(10);
    await ended;
    expect(clock.pending).toBe(0);
  });

  it('ends when it is given up, before or meanwhile', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const waiting = within(never, clock, { milliseconds: 10, signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await expect(within(never, clock, { milliseconds: 10, signal: abort.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(clock.pending).toBe(0);
  });
});
