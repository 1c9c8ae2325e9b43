import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { damageCase, truthOf, type Outcome } from './cases.ts';
import { recorded } from './recorded.ts';

const help = `npm run -s journal:damage -- [options]

Damages journals of the real terminal at random places, as a power cut or a failing disk would: truncations and bits
turned in the file, its write-ahead log and its witness. Opens each as a terminal does, and sees whether anything that was
written is gone or changed without being told (docs/journal.md).

  --cases N   how many; 5000 when left out
  --seed N    the first case's seed, each with the next; 1 when left out
  --help      this text

Ends with 1 when a promise was broken.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    say(help);
    return;
  }
  const [cases, seed] = [Number(values.cases), Number(values.seed)];
  if (!Number.isInteger(cases) || !Number.isInteger(seed)) throw new Error('--cases and --seed take whole numbers.');
  const begun = performance.now();
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'journal-damage-'));
  try {
    const small = await recorded({ seed, salesAnHour: 30, hours: 0.5, into: folder });
    const quiet = truthOf(small.path, join(folder, 'small'));
    const busy = await recordedIn(join(folder, 'busy'), seed);
    const outcomes: Outcome[] = [];
    for (let index = 0; index < cases; index += 1) {
      const outcome = damageCase(index % 2 === 0 ? quiet : busy, seed + index, join(folder, 'case'));
      outcomes.push(outcome);
      if (outcome.failures.length > 0) say(`seed ${seed + index}: ${outcome.what}: ${outcome.failures.join(' ')}`);
    }
    tell(outcomes, [quiet.hashes.size, busy.hashes.size], (performance.now() - begun) / 1000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recordedIn(folder: string, seed: number) {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder);
  const { path } = await recorded({ seed, salesAnHour: 60, hours: 1.5, into: folder });
  return truthOf(path, join(folder, 'truth'));
}

function tell(outcomes: readonly Outcome[], sizes: readonly number[], seconds: number): void {
  const count = (result: Outcome['result']) => outcomes.filter((each) => each.result === result).length;
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
  const lost = outcomes.reduce((sum, { entriesLost }) => sum + entriesLost, 0);
  say(`${outcomes.length} cases on journals of ${sizes.join(' and ')} entries, ${seconds.toFixed(1)} s`);
  say(`nothing that counts was touched   ${count('unharmed')}`);
  say(`told, everything saved            ${count('saved')}`);
  say(`told, some entries lost           ${count('lost')} (${lost} entries)`);
  say(`a promise broken                  ${failed}`);
  if (failed > 0) process.exitCode = 1;
}

await main();
