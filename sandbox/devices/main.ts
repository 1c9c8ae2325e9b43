import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { NextionDouble, usualProject } from './nextion.ts';

const help = `npm run -s double -- nextion --link PATH [options]

A device that is not there: a Nextion panel on a serial port that it makes at PATH, for whoever has none. Give the same
path to the terminal (displays[].path). What is on the glass is written as one JSON object a line, and so are instructions
that the panel would not understand.

  --link PATH     where the serial port is made; it goes away with the program
  --longest N     txt_maxl of every component; ${usualProject.longestText} when left out. What is longer is cut without a word
  --silent        it is there, and answers nothing
  --help          this text

While it runs it listens to lines on its standard input: restart, touch, silent, answer. Ends with Ctrl-C.
Needs socat (Debian: apt install socat).
`;

const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** One user at a time, as a serial port has. */
let line: Socket | undefined;

function startDouble(longestText: number, silent: boolean): NextionDouble {
  const double = new NextionDouble((bytes) => line?.write(bytes), { ...usualProject, longestText });
  double.silent = silent;
  let last = '';
  let told = 0;
  double.onGlass = (glass) => {
    const now = JSON.stringify({ glass });
    if (now !== last) say({ glass });
    last = now;
    for (const problem of double.problems.slice(told)) say({ problem });
    told = double.problems.length;
  };
  return double;
}

/** What can be done to the device from the keyboard, or by a test. */
function listen(double: NextionDouble): void {
  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    for (const word of text.split(/\s+/)) {
      if (word === 'restart') double.restart();
      else if (word === 'touch') double.touch();
      else if (word === 'silent') double.silent = true;
      else if (word === 'answer') double.silent = false;
      else if (word !== '') say({ unknown: word });
    }
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      link: { type: 'string' },
      longest: { type: 'string', default: String(usualProject.longestText) },
      silent: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const [device] = positionals;
  const longest = Number(values.longest);
  if (device !== 'nextion') throw new Error('Name the device: nextion. See --help.');
  if (values.link === undefined) throw new Error('Name the serial port that is to be made: --link ./nextion.pty');
  if (!Number.isInteger(longest) || longest < 1) throw new Error('--longest takes a whole number from 1.');
  if (existsSync(values.link)) throw new Error(`There is something at ${values.link} already. Choose another path.`);
  const double = startDouble(longest, values.silent);
  const server = createServer((socket) => {
    line = socket;
    socket.on('data', (bytes) => {
      double.take(bytes);
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port could be had.');
  const port = spawn('socat', [`PTY,link=${values.link},raw,echo=0`, `TCP:127.0.0.1:${address.port}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await madeAt(values.link, port);
  say({ ready: device, link: values.link });
  listen(double);
  const end = () => {
    port.kill();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  await once(port, 'exit');
  server.close();
  process.stdin.destroy();
}

/** Waits until the serial port is there. @throws Error when it is not after five seconds, or socat has ended */
async function madeAt(path: string, port: ChildProcess): Promise<void> {
  const failed: { error?: Error } = {};
  port.once('error', (error) => (failed.error = error));
  const giveUpAt = performance.now() + 5000;
  while (!existsSync(path)) {
    if (failed.error)
      throw new Error(`socat cannot be started (${failed.error.message}). Install it: apt install socat.`);
    if (port.exitCode !== null || performance.now() > giveUpAt)
      throw new Error(`No serial port could be made at ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`double: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
