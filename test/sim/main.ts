import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { playEvening, type Outcome } from './evening.ts';
import { shrink } from './shrink.ts';

const help = `npm run sim -- [options]

Plays evenings at one table in simulated time: the terminal's own code with its journal on SQLite, against the sandbox's
state machines, with customers, staff, a till, other merchant software, a bad network, a bad printer, a jumping clock, and
kills at any step. Looks all the time whether anything happens that may not (docs/reliability.md). The same seed gives
the same evening, to the byte.

  --seed N      the first evening; 1 when left out
  --runs N      how many, each with the next seed; 1 when left out
  --trace       prints everything that happens in them
  --workers N   how many at once; 2 when left out
  --first       ends with the first evening that fails
  --brief       does not look for the shortest way to make it fail again
  --report FILE writes how many passed and failed, as JSON

Ends with 1 when an evening failed: with its seed, and with the shortest way that was found to make it fail again.
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
    first: { type: 'boolean', default: false },
    brief: { type: 'boolean', default: false },
    report: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

/** What happened in all evenings together. */
class Sums {
  readonly failed: Outcome[] = [];
  readonly kinds = new Map<string, number>();
  evenings = 0;
  steps = 0;
  commits = 0;
  kills = 0;
  papers = 0;
  paid = 0;
  simulatedMs = 0;

  add(outcome: Outcome): void {
    this.evenings += 1;
    this.steps += outcome.steps;
    this.commits += outcome.commits;
    this.kills += outcome.kills;
    this.papers += outcome.papers;
    this.paid += outcome.paid;
    this.simulatedMs += outcome.elapsed;
    for (const name of outcome.happened) {
      const kind = name.slice(0, name.lastIndexOf('#'));
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    }
    if (outcome.violation) this.failed.push(outcome);
  }

  table(seconds: number): string {
    const rows: [string, string | number][] = [
      ['evenings', this.evenings],
      ['failed', this.failed.length],
      ['simulated', `${(this.simulatedMs / 3_600_000).toFixed(1)} h`],
      ['steps', this.steps],
      ['journal entries', this.commits],
      ['payments taken', this.paid],
      ['papers', this.papers],
      ['kills', this.kills],
      ['took', `${seconds.toFixed(1)} s`],
    ];
    const kinds = [...this.kinds].sort(([left], [right]) => left.localeCompare(right));
    return [...rows, ['', ''] as const, ...kinds]
      .map(([name, value]) => `${name.padEnd(44)} ${String(value).padStart(9)}`)
      .join('\n');
  }
}

async function playAll(sums: Sums): Promise<void> {
  const first = Number(values.seed);
  const last = first + Number(values.runs) - 1;
  const workers = Math.max(1, Math.min(Number(values.workers), last - first + 1));
  const running = Array.from({ length: workers }, (_, index) => {
    const workerData = { first: first + index, last, step: workers };
    return new Worker(new URL('worker.ts', import.meta.url), { workerData });
  });
  const end = () => Promise.all(running.map((worker) => worker.terminate()));
  await Promise.all(
    running.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.on('message', (outcome: Outcome) => {
            sums.add(outcome);
            if (outcome.violation) say(`seed ${outcome.seed}: invariant ${complaint(outcome)}`);
            if (outcome.violation && values.first) void end();
          });
          worker.on('error', reject);
          worker.on('exit', () => {
            resolve();
          });
        }),
    ),
  );
}

function complaint({ violation }: Outcome): string {
  return violation ? `${violation.invariant}: ${violation.message}` : '';
}

async function tellAgain(failed: Outcome): Promise<void> {
  say(`\nThe shortest way found to make seed ${failed.seed} fail:`);
  const short = await shrink(failed);
  say(short.trace.filter((line) => !line.includes('  happens   ')).join('\n'));
  say(`It takes: ${short.happened.join(', ') || 'nothing'}`);
}

async function main(): Promise<void> {
  if (values.help) {
    say(help);
    return;
  }
  const begun = performance.now();
  const sums = new Sums();
  if (values.trace) {
    for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.runs); seed += 1) {
      const outcome = await playEvening({ seed, keepTrace: true });
      sums.add(outcome);
      say(outcome.trace.join('\n'));
    }
  } else await playAll(sums);
  const [failed] = sums.failed;
  if (failed && !values.trace && !values.brief) await tellAgain(failed);
  if (failed) say(`Again: npm run sim -- --seed ${failed.seed} --trace`);
  say(`\n${sums.table((performance.now() - begun) / 1000)}`);
  if (values.report !== undefined) {
    mkdirSync(dirname(values.report), { recursive: true });
    const passed = sums.evenings - sums.failed.length;
    writeFileSync(values.report, JSON.stringify({ numPassedTests: passed, numFailedTests: sums.failed.length }));
  }
  if (failed) process.exitCode = 1;
}

await main();
