import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { hashPin } from '../src/main/adapters/pin/pin.ts';
import { exitRestart } from '../src/main/start.ts';
import { buildIfStale, root } from './build-if-stale.ts';
import { writeSandboxConfiguration, type SandboxReady, type TerminalReady } from './sandbox-configuration.ts';

const help = `The demo: a sandbox of Paysera's API with a customer's phone and a receipt printer, and a terminal on it.

  npm start                   opens the terminal's screen, in Electron where it can be had, else in Chromium
  npm start -- --no-window    prints one line of JSON and serves until it is interrupted
  npm start -- --display nextion --display screen
                              with QR displays too, played by the sandbox or in windows of their own

  --display K  screen, nextion, dgus, escpos-2d, line-box or bitmap-lcd; again for one more
  --no-window  no window and no texts: {"ready":"demo", …the fields of the sandbox's and the terminal's lines}
  --help       this text
`;

const pin = '1234';
const managerPin = '123456';
const technicianPin = '654321';
/** What is the demo's own: its name, on screens and receipts, and that its log tells only of what is wrong. */
const sections = {
  terminal: { name: 'DEMO' },
  merchant: { lines: ['Kavinė „Prie tilto“', 'Pilies g. 1, Vilnius', 'Demo'] },
  log: { level: 'warn' },
};
/** Fetching Electron's binary must not hold anybody up, in milliseconds. */
const fetchWithinMs = 30_000;
const readyWithinMs = 30_000;

const say = (text: string) => process.stderr.write(`${text}\n`);

/** What runs and what is to be removed; ended in reverse whatever happens. */
class Demo {
  readonly folder = mkdtempSync(join(tmpdir(), 'spot-terminal-demo-'));
  readonly #children: ChildProcess[] = [];
  #ending = false;

  /** Starts a program of ours, and again when it asks for that; gives its first line of JSON. */
  async run<Ready>(name: string, args: readonly string[]): Promise<Ready> {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    this.watch(name, child, { again: () => void this.run(name, args) });
    const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs);
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [''])])) as [string];
    clearTimeout(timer);
    if (!line) throw new Error(`The ${name} did not start. What it wrote is above.`);
    return JSON.parse(line) as Ready;
  }

  /** Ends the demo when a child ends by itself, unless it asks to be started again. */
  watch(
    name: string,
    child: ChildProcess,
    { code = 1, again }: { readonly code?: number; readonly again?: () => void } = {},
  ): void {
    this.#children.push(child);
    child.once('exit', (exited) => {
      if (this.#ending) return;
      if (exited === exitRestart && again) {
        this.#children.splice(this.#children.indexOf(child), 1);
        again();
        return;
      }
      if (code !== 0) say(`The ${name} has ended, and with it the demo.`);
      void this.end(code);
    });
  }

  async end(code: number): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 6000);
      await gone;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
    process.exit(code);
  }
}

/** Electron's program, where it is there or can be fetched in time; undefined otherwise, with the reason told. */
async function electron(): Promise<string | undefined> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const found = [override, join(root, 'node_modules/electron/dist')].map(
    (folder) => folder && join(folder, 'electron'),
  );
  const there = () => found.find((file): file is string => Boolean(file) && existsSync(file ?? ''));
  if (there()) return there();
  say('Looking for Electron. It is fetched once, and not waited for longer than 30 s.');
  const install = join(root, 'node_modules/electron/install.js');
  if (!existsSync(install)) return undefined;
  const child = spawn(process.execPath, [install], { cwd: root, stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), fetchWithinMs);
  await once(child, 'exit');
  clearTimeout(timer);
  return there();
}

function chromium(): string | undefined {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
}

const hasDisplay = () => Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

/** Of the manager and the technician, who have more to see. */
async function pinsOfOthers() {
  const [managerPinHash, technicianPinHash] = await Promise.all([hashPin(managerPin), hashPin(technicianPin)]);
  return { staff: { managerPinHash, technicianPinHash } };
}

/** A port of this machine that nobody uses at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The terminal's configuration of the displays that the sandbox plays. */
function displaysOf({ displays }: SandboxReady): readonly object[] {
  return displays.map(({ kind, address }, index) => ({
    type: kind === 'dgus' ? 'dwin-dgus' : kind,
    name: `${kind} ${String(index + 1)}`,
    address,
  }));
}

/** What a person needs to try everything. */
function instructions(sandbox: SandboxReady, terminal: TerminalReady): string {
  const bill = '{"number":"1","lines":[{"title":"Coffee","total":250}],"total":250,"currency":"EUR"}';
  return `
Customer screen  ${terminal.screenUrl}
Customer's phone ${sandbox.phoneUrl}?code=${encodeURIComponent('PAYSERA*3:TABLE1')}
Printer, faults  ${sandbox.controlUrl}
Staff PIN        ${pin}
Manager's PIN    ${managerPin}
Technician's PIN ${technicianPin}
Till interface   ${terminal.tillUrl}
${Object.values(terminal.displayUrls)
  .map((url) => `QR display       ${url}\n`)
  .join('')}
Put a bill in from the till:
  curl -X POST ${terminal.tillUrl}/v1/bills -H 'Authorization: Bearer ${terminal.tillToken}' \\
    -H "Idempotency-Key: $(date +%s)" -H 'Content-Type: application/json' -d '${bill}'

Then check in and pay on the phone. Ctrl+C ends the demo.
`;
}

function openChromium(demo: Demo, url: string): void {
  const program = chromium();
  if (!program || !hasDisplay()) {
    say(program ? 'There is no display here.' : 'There is no Chromium here; ./scripts/bootstrap installs it.');
    say(`Open this address in a browser on this machine: ${url}`);
    return;
  }
  const isRoot = process.getuid?.() === 0;
  say(`Opening the customer screen in Chromium (${program}): Electron is not to be had here.`);
  if (isRoot) say("It runs without Chromium's sandbox, because you are root. For a demo only.");
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = [
    `--app=${url}`,
    `--user-data-dir=${join(demo.folder, 'chromium')}`,
    ...quiet,
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
  demo.watch('window', spawn(program, args, { stdio: 'ignore' }), { code: 0 });
}

async function main(): Promise<void> {
  const options = {
    'no-window': { type: 'boolean' },
    display: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  await buildIfStale();
  const demo = new Demo();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void demo.end(0));
  try {
    await serve(demo, values['no-window'] ?? false, values.display ?? []);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    await demo.end(1);
  }
}

async function serve(demo: Demo, quiet: boolean, kinds: readonly string[]): Promise<void> {
  const played = kinds.filter((kind) => kind !== 'screen').flatMap((kind) => ['--display', kind]);
  const sandbox = await demo.run<SandboxReady>('sandbox', ['sandbox/main.ts', '--port', '0', ...played]);
  const displays = [
    ...displaysOf(sandbox),
    ...kinds.filter((kind) => kind === 'screen').map((type, index) => ({ type, name: `Screen ${String(index + 1)}` })),
  ];
  const config = await writeSandboxConfiguration(demo.folder, sandbox, {
    pin,
    // The page finds the terminal again when it was started anew.
    sections: {
      ...sections,
      displays,
      ...(await pinsOfOthers()),
      screens: { port: await freePort() },
      till: { port: await freePort() },
    },
  });
  const program = quiet || !hasDisplay() ? undefined : await electron();
  if (program) {
    say(`Opening the terminal in Electron (${program}).`);
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, `--config=${config}`, '--windowed'];
    const open = () => {
      const env = { ...process.env, SPOT_TERMINAL_SUPERVISED: '1' };
      const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
      demo.watch('terminal', child, { code: 0, again: open });
    };
    open();
    say(
      `Customer's phone ${sandbox.phoneUrl}\nPrinter, faults  ${sandbox.controlUrl}\nStaff PIN        ${pin}\nManager's PIN    ${managerPin}\nTechnician's PIN ${technicianPin}`,
    );
    return;
  }
  const terminal = await demo.run<TerminalReady>('terminal', ['src/main/headless.ts', '--config', config]);
  if (quiet) {
    process.stdout.write(`${JSON.stringify({ ...sandbox, ...terminal, ready: 'demo' })}\n`);
    return;
  }
  process.stdout.write(instructions(sandbox, terminal));
  openChromium(demo, terminal.screenUrl);
}

await main();
