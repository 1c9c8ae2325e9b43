import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** What a person types goes nowhere. */
const silence = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

/** One line from the terminal without showing it, or from the standard input; undefined when the person broke off. */
export async function askSecret(question: string): Promise<string | undefined> {
  const interactive = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: silence, terminal: interactive });
  if (interactive) process.stderr.write(`${question} (not shown): `);
  const answer = await Promise.race([
    once(lines, 'line').then(([text]) => String(text).trim()),
    once(lines, 'close').then(() => ''),
    once(lines, 'SIGINT').then(() => undefined),
  ]);
  lines.close();
  if (interactive) process.stderr.write('\n');
  return answer;
}
