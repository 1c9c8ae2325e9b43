/**
 * The process that holds a printer's device file (`/dev/usb/lp0`), for `device-file.ts`. A read or write on such a file
 * can block for as long as the paper is out, and nothing but the end of its process ends it (hardware.md 2.5): so it is
 * a process of its own, which is killed when a deadline comes.
 *
 *   argument: the path
 *   stdin ── bytes ──▶ device      the end of stdin: write what is left, say `done`, end
 *   stdout ◀── one JSON object a line: {"opened":true} {"failed":"ENOENT","message":…} {"wrote":n} {"read":"base64"} {"done":true}
 *
 * It imports nothing of ours, so that it can be bundled as an entry of its own.
 */
import { constants, fstatSync, openSync, read, write, writeSync } from 'node:fs';

const readSize = 512;
/** A device that answers "nothing" instead of waiting is asked again after this. */
const emptyReadPauseMs = 50;
/** After the end of stdin, how long the last bytes may take when nobody is left to kill this process. */
const lastBytesMs = 5_000;

/** At an ordinary exit Node waits for its threads, and one of them may be blocked in the device. */
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const say = (message: Record<string, unknown>): void => {
  try {
    writeSync(1, `${JSON.stringify(message)}\n`);
  } catch {
    // Nobody listens any more: there is nobody left to print for.
    die();
  }
};

const fail = (error: unknown): void => {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  say({ failed: code, message });
  die();
};

/** Never with O_CREAT: where the printer is missing, a plain file would take its place. */
function openDevice(path: string): number {
  const device = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  if (fstatSync(device).isCharacterDevice()) return device;
  throw Object.assign(new Error(`${path} is not a device.`), { code: 'ENOTCHAR' });
}

function readOn(device: number): void {
  read(device, Buffer.alloc(readSize), 0, readSize, null, (error, length, buffer) => {
    // A printer without a way back: it can be written to all the same.
    if (error?.code === 'EINVAL') return;
    if (error) {
      fail(error);
      return;
    }
    if (length > 0) say({ read: buffer.toString('base64', 0, length) });
    setTimeout(readOn, length > 0 ? 0 : emptyReadPauseMs, device);
  });
}

function writeAll(device: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    write(device, bytes, 0, bytes.length, null, (error, length) => {
      if (error) fail(error);
      else if (length < bytes.length) resolve(writeAll(device, bytes.subarray(length)));
      else resolve();
    });
  });
}

function serve(device: number): void {
  let written = Promise.resolve();
  process.stdin.on('data', (bytes: Buffer) => {
    written = written.then(async () => {
      await writeAll(device, bytes);
      say({ wrote: bytes.length });
    });
  });
  process.stdin.on('end', () => {
    setTimeout(die, lastBytesMs);
    void written.then(() => {
      say({ done: true });
      die();
    });
  });
  readOn(device);
  say({ opened: true });
}

try {
  serve(openDevice(process.argv[2] ?? ''));
} catch (error) {
  fail(error);
}
