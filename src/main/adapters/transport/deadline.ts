import type { Clock } from '../../ports/clock.ts';
import { TransportError, type Limit } from './transport.ts';

/**
 * Waits for a promise, but not for ever. The promise itself goes on; what it comes to later is ignored.
 * @throws TransportError `timeout` or `aborted` with `sent: 'something'`, or what the promise was rejected with
 */
export function within<Value>(promise: Promise<Value>, clock: Clock, { milliseconds, signal }: Limit): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(milliseconds, () => {
      settle();
      reject(new TransportError('timeout', `Nothing came of it within ${milliseconds} ms.`, { sent: 'something' }));
    });
    const onAbort = (): void => {
      settle();
      reject(new TransportError('aborted', 'It was given up.', { sent: 'something' }));
    };
    const settle = (): void => {
      stop();
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    promise.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
