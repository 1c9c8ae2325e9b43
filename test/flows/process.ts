import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program of ours as a real process, from the moment it was started. */
export interface Started<Ready> {
  /** Its line of JSON. Rejects with what it wrote when it ends or stays silent. */
  readonly ready: Promise<Ready>;
  readonly pid: number;
  /** What it has written to standard error so far. */
  log(): string;
  /** Ends it in order; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** One that has said its line. */
export interface Running<Ready> extends Omit<Started<Ready>, 'ready'> {
  readonly ready: Ready;
}

const root = new URL('../../', import.meta.url).pathname;

/** How long a program may take to be ready, in milliseconds. A deadline, not a measure. */
const readyWithinMs = 30_000;

/** Starts `node FILE ...args`; does not wait for it. */
export function start<Ready>(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started<Ready> {
  return startProgram(process.execPath, [file, ...args], env);
}

/** Starts any program that says its line; does not wait for it. */
export function startProgram<Ready>(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Started<Ready> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const line = firstLine(child, () => `${program} ${args.join(' ')} is not ready:\n${errors}`);
  const ready = line.then((text) => JSON.parse(text) as Ready);
  // Whoever waits for it is told; nobody has to wait for a program that is killed while it starts.
  ready.catch(() => undefined);
  return {
    ready,
    pid: child.pid ?? 0,
    log: () => errors,
    exited,
    stop: () => end(child, 'SIGTERM', exited),
    kill: async () => {
      await end(child, 'SIGKILL', exited);
    },
  };
}

/**
 * Starts `node FILE ...args` and waits for its line of JSON.
 * @throws Error with what it wrote when it ends or stays silent
 */
export async function run<Ready>(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Running<Ready>> {
  const started = start<Ready>(file, args, env);
  return { ...started, ready: await started.ready };
}

async function firstLine(child: ChildProcess, complaint: () => string): Promise<string> {
  if (!child.stdout) throw new Error('There is no standard output.');
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs);
  try {
    for await (const line of lines) return line;
  } finally {
    clearTimeout(timer);
    child.stdout.resume();
  }
  throw new Error(complaint());
}

async function end(
  child: ChildProcess,
  signal: NodeJS.Signals,
  exited: Promise<number | null>,
): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return exited;
}

/**
 * Runs `node FILE ...args` to its end; for programs that refuse to start.
 */
export async function runToEnd(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, out, err };
}
