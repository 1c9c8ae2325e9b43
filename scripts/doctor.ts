import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { examine, type Finding } from '../src/main/doctor/doctor.ts';

const help = `Looks at everything that a terminal needs, and says what is not well and what to do. Changes nothing, prints nothing.

  npm run -s doctor -- [--config FILE] [--json]

  --config FILE  the configuration; /etc/spot-terminal/config.json when left out
  --json         one line of JSON for each finding: part, name, status, code, message
  --help         this text

Of a running terminal the printer and the displays are left alone. Asks Paysera at most six times.
Ends with 0 when nothing fails, with 1 when something does, with 2 when it was asked wrongly.
`;

const marks: Readonly<Record<Finding['status'], string>> = {
  ok: 'ok  ',
  warning: 'look',
  failed: 'FAIL',
  skipped: '-   ',
};
const nameWidth = 14;
/** For everything together, milliseconds. */
const longestMs = 60_000;

function lineOf({ part, name, status, message }: Finding): string {
  const what = `${part.replaceAll('_', ' ')}${name === undefined ? '' : ` ${name}`}`;
  return `${marks[status]}  ${what.padEnd(nameWidth)}  ${message}`;
}

function readOptions() {
  const options = {
    config: { type: 'string', default: '/etc/spot-terminal/config.json' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`doctor: ${error instanceof Error ? error.message : String(error)} Try --help.\n`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const values = readOptions();
  if (!values) return 2;
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const findings = await examine({
    path: values.config,
    screensFolder: fileURLToPath(new URL('../out/renderer', import.meta.url)),
    signal: AbortSignal.timeout(longestMs),
    onFinding: (finding) => process.stdout.write(`${values.json ? JSON.stringify(finding) : lineOf(finding)}\n`),
  });
  return findings.some(({ status }) => status === 'failed') ? 1 : 0;
}

process.exit(await main());
