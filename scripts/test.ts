import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale, root } from './build-if-stale.ts';

/**
 * `npm test`: everything that must hold. Checks first, then the suites; a suite that ran no test has failed. The last
 * line is `N passed, N failed`: tests of all suites, and each failed check as one failure.
 */

interface Step {
  readonly name: string;
  /** Programs of node_modules/.bin with their arguments, one after the other. */
  readonly commands: readonly (readonly string[])[];
  /** Where a suite leaves its report; a check has none. */
  readonly report?: 'vitest' | 'playwright';
}

interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
}

const vitest = (project: string): Step => ({
  name: project,
  commands: [
    [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=.cache/${project}.json`,
    ],
  ],
  report: 'vitest',
});

const checks: readonly Step[] = [
  {
    name: 'lint',
    commands: [
      ['eslint', '.', '--cache', '--cache-location', '.cache/eslint', '--max-warnings', '0'],
      ['prettier', '--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier', '.'],
    ],
  },
  { name: 'types', commands: [['vue-tsc', '--build']] },
  { name: 'unused', commands: [['knip']] },
];
/** Two lanes at once, for two cores: what computes, and what mostly waits for processes and browsers. */
const computing: readonly Step[] = [
  ...checks,
  {
    name: 'sim',
    commands: [['node', 'test/sim/main.ts', '--runs', '500', '--workers', '1', '--report', '.cache/sim.json']],
    report: 'vitest',
  },
  vitest('unit'),
];
const waiting: readonly Step[] = [
  {
    name: 'crash',
    commands: [['node', 'test/crash/main.ts', '--runs', '30', '--report', '.cache/crash.json']],
    report: 'vitest',
  },
  vitest('flows'),
  { name: 'e2e', commands: [['playwright', 'test']], report: 'playwright' },
];

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Runs one program; gives whether it ended well, and all that it wrote. */
async function runs(command: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const [program = '', ...args] = command;
  const child = spawn(join(root, 'node_modules/.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // The suites start hundreds of processes; each compiles the same files.
      NODE_COMPILE_CACHE: join(root, '.cache/compile'),
      ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { ok: code === 0, output };
}

async function step({ name, commands, report }: Step): Promise<Result> {
  const begun = performance.now();
  const file = join(root, `.cache/${name}.json`);
  if (report) rmSync(file, { force: true });
  let ok = true;
  let output = '';
  for (const command of commands) {
    const ended = await runs(command);
    ok &&= ended.ok;
    output += ended.output;
  }
  const seconds = (performance.now() - begun) / 1000;
  // Shown whole when it has ended: two lanes run at once.
  say(`\n== ${name}\n${output.trim()}`);
  if (!report) return { name, seconds, ok, passed: 0, failed: ok ? 0 : 1 };
  const { passed, failed } = counts(file, report);
  if (passed + failed === 0) say(`${name} ran no test: that counts as failed.`);
  // A suite may fail without a failed test, when a file does not load or an error comes after the last test.
  const fine = ok && failed === 0 && passed > 0;
  return { name, seconds, ok: fine, passed, failed: fine ? 0 : Math.max(1, failed) };
}

function counts(file: string, report: 'vitest' | 'playwright'): { passed: number; failed: number } {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (report === 'vitest')
      return { passed: Number(value['numPassedTests']), failed: Number(value['numFailedTests']) };
    const { expected, unexpected, flaky } = value['stats'] as Record<string, number>;
    return { passed: expected ?? 0, failed: (unexpected ?? 0) + (flaky ?? 0) };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** One step after the other. */
async function lane(steps: readonly Step[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const each of steps) results.push(await step(each));
  return results;
}

async function main(): Promise<void> {
  if (!process.version.startsWith('v24.')) {
    throw new Error(
      `This is Node ${process.version}. Run "npm test", which brings Node 24, after ./scripts/bootstrap.`,
    );
  }
  const chosen = process.argv.slice(2);
  const chosenOne = ({ name }: Step) => chosen.length === 0 || chosen.includes(name);
  mkdirSync(join(root, '.cache'), { recursive: true });
  await buildIfStale();
  const results = (await Promise.all([lane(computing.filter(chosenOne)), lane(waiting.filter(chosenOne))])).flat();

  say('');
  for (const { name, seconds, ok, passed, failed } of results) {
    const tests = passed + failed > 0 ? `  ${passed} passed, ${failed} failed` : '';
    say(`${name.padEnd(8)} ${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s${tests}`);
  }
  const sum = (of: 'passed' | 'failed') => results.reduce((total, result) => total + result[of], 0);
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
  say(`${sum('passed')} passed, ${sum('failed')} failed`);
}

await main();
