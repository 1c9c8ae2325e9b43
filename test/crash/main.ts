import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../../scripts/build-if-stale.ts';
import type { SandboxReady } from '../../scripts/sandbox-configuration.ts';
import { run } from '../flows/process.ts';
import { playRun, type Outcome } from './run.ts';

const help = `npm run test:crash -- [options]

Kills the real headless terminal with SIGKILL at random instants, under random faults of the API and the printer, while
customers, staff and the till go on; starts it again, and looks from outside whether every promise was kept: at the
sandbox's own records, the journal as the last kill left it, the paper, and what the till was told (docs/reliability.md).

  --runs N       how many runs; 30 when left out
  --seed N       the first run's seed, each with the next; 1 when left out
  --workers N    how many at once, each with a sandbox of its own; 2 when left out
  --diary        prints what was done in each run
  --report FILE  writes how many passed and failed, as JSON
  --help         this text

The seed decides what is tried and when; what happens in between is left to the processes. A run that fails prints its
seed and what was done, and leaves journal and logs in a folder. Ends with 1 when one failed.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  readonly diary: boolean;
  readonly report: string | undefined;
}

/** What the command line asks for; undefined when it asks for help. @throws Error when a number is none */
function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      diary: { type: 'boolean', default: false },
      report: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const whole = (name: 'runs' | 'seed' | 'workers') => {
    if (!/^[1-9]\d{0,8}$/.test(values[name])) throw new Error(`--${name} takes a whole number from 1.`);
    return Number(values[name]);
  };
  const { diary, report } = values;
  return { runs: whole('runs'), seed: whole('seed'), workers: whole('workers'), diary, report };
}

/** Plays the runs, each worker the next one that nobody has begun, on a sandbox that it keeps. */
async function playAll({ runs, seed, workers, diary }: Options): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = seed;
  const worker = async (): Promise<void> => {
    const sandbox = await run<SandboxReady>('sandbox/main.ts', ['--port', '0', '--printer-port', '0', '--seed', '7']);
    try {
      while (next < seed + runs) {
        const mine = next;
        next += 1;
        const outcome = await playRun(sandbox, mine);
        outcomes.push(outcome);
        if (diary || outcome.failures.length > 0) say(tell(outcome));
      }
    } finally {
      await sandbox.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, runs) }, worker));
  return outcomes;
}

function tell({ seed, failures, diary, kept }: Outcome): string {
  const head = failures.length === 0 ? `seed ${seed}: every promise was kept` : `seed ${seed} FAILED`;
  const left = kept === undefined ? [] : [`Journal and logs are kept in ${kept}`];
  const again = `Again: npm run test:crash -- --runs 1 --seed ${seed} --diary`;
  return [head, ...failures.map((each) => `  ${each}`), diary, ...left, again, ''].join('\n');
}

function tableOf(outcomes: readonly Outcome[], seconds: number): string {
  const sums = new Map<string, number>();
  for (const { counts } of outcomes) {
    for (const [name, many] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + many);
  }
  const kills = [...sums].filter(([name]) => name.startsWith('kill ')).reduce((sum, [, many]) => sum + many, 0);
  const longest = Math.max(...outcomes.map(({ milliseconds }) => milliseconds));
  const rows: readonly (readonly [string, string | number])[] = [
    ['runs', outcomes.length],
    ['failed', outcomes.filter(({ failures }) => failures.length > 0).length],
    ['kills before the faults ended', kills],
    ...[...sums].sort(([left], [right]) => left.localeCompare(right)),
    ['seconds', seconds.toFixed(1)],
    ['seconds per run', (seconds / outcomes.length).toFixed(2)],
    ['seconds of the longest run', (longest / 1000).toFixed(1)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(36)} ${String(value).padStart(9)}`).join('\n');
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    say(help);
    return;
  }
  await buildIfStale();
  const begun = performance.now();
  const outcomes = await playAll(options);
  say(tableOf(outcomes, (performance.now() - begun) / 1000));
  const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
  if (options.report !== undefined) {
    mkdirSync(dirname(options.report), { recursive: true });
    const counts = { numPassedTests: outcomes.length - failed, numFailedTests: failed };
    writeFileSync(options.report, JSON.stringify(counts));
  }
  if (failed > 0) process.exitCode = 1;
}

await main();
