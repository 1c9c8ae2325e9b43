import { createInterface } from 'node:readline';

const [exitUsage, exitUnavailable] = [64, 69];

/** The options are wrong; the message says what is right. */
export class UsageError extends Error {}

/** A whole number of an option. @throws UsageError */
export function numberFrom(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${what} takes a whole number.`);
  return Number(text);
}

/** One line of JSON on the output. */
export function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Obeys the lines of the input, one after another, until it ends or a signal comes; then stops and ends the process. */
export function obeyInput(obey: (line: string) => Promise<void>, stop: () => Promise<void>): void {
  const input = createInterface({ input: process.stdin });
  let turn = Promise.resolve();
  input.on('line', (line) => {
    if (line.trim() === '') return;
    turn = turn
      .then(() => obey(line))
      .catch((error: unknown) => {
        say({ error: error instanceof Error ? error.message : String(error) });
      });
  });
  const end = (): void => {
    input.close();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  input.once('close', () => {
    void turn.then(stop).then(() => process.exit(0), fail);
  });
}

/** Says what went wrong, and ends the process. */
export function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const usage = error instanceof UsageError;
  process.stderr.write(`double: ${message}${usage ? ' Try --help.' : ''}\n`);
  process.exit(usage ? exitUsage : exitUnavailable);
}
