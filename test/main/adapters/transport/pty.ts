import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { vi } from 'vitest';

/** Two pseudo-terminals joined by a wire: what is written into one is read from the other. */
export interface Wire {
  readonly near: string;
  readonly far: string;
  /** Pulls the cable. */
  unplug(): Promise<void>;
}

export async function startWire(): Promise<Wire> {
  const folder = mkdtempSync(join(tmpdir(), 'wire-'));
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const end = (link: string): string => `PTY,link=${link},raw,echo=0`;
  const socat = spawn('socat', [end(near), end(far)], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => {
    socat.once('exit', () => {
      resolve();
    });
  });
  await vi.waitFor(
    () => {
      if (!existsSync(near) || !existsSync(far)) throw new Error('socat has not made its pseudo-terminals yet.');
    },
    { timeout: 10_000 },
  );
  return {
    near,
    far,
    async unplug() {
      socat.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The other end of the wire, as the device sees it. */
export async function openFar(wire: Wire): Promise<SerialPort> {
  const port = new SerialPort({ path: wire.far, baudRate: 115_200, autoOpen: false });
  port.on('error', () => undefined); // 'close' follows
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return port;
}

export async function closePort(port: SerialPort): Promise<void> {
  if (!port.isOpen) return;
  await new Promise<void>((resolve) => {
    port.close(() => {
      resolve();
    });
  });
}
