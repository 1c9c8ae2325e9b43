import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Claims a folder for this process, as Electron does for its user data. Gives the function that frees it, or
 * undefined when another living process has it; that one is then told what this one was started with.
 */
export function claimFolder(folder: string, onOther: (argv: string[], cwd: string) => void): (() => void) | undefined {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'stand-in.lock');
  const calls = join(folder, 'stand-in.calls');
  if (!takeLock(lock)) {
    writeFileSync(join(calls, `${process.pid}.json`), JSON.stringify({ argv: process.argv, cwd: process.cwd() }));
    return undefined;
  }
  rmSync(calls, { recursive: true, force: true });
  mkdirSync(calls);
  const watcher = watch(calls, (event, name) => {
    const call = event === 'change' && name?.endsWith('.json') ? readCall(join(calls, name)) : undefined;
    if (call) onOther(call.argv, call.cwd);
  });
  watcher.unref();
  return () => {
    watcher.close();
    rmSync(lock, { force: true });
  };
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) return false;
    writeFileSync(lock, String(process.pid));
    return true;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Undefined for a file that is not written to its end yet: another event follows. Read once, then removed. */
function readCall(file: string): { argv: string[]; cwd: string } | undefined {
  try {
    const call = JSON.parse(readFileSync(file, 'utf8')) as { argv: string[]; cwd: string };
    rmSync(file);
    return call;
  } catch {
    return undefined;
  }
}
