import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * What zbar reads in a picture, which was written by others than the reader in camera.ts; undefined when it finds no QR
 * code. @throws Error where zbarimg is missing or fails
 */
export async function readWithZbar(png: Buffer): Promise<string | undefined> {
  const zbar = spawn('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', '-'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [text, complaint] = ['', ''];
  zbar.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  zbar.stderr.setEncoding('utf8').on('data', (part: string) => (complaint += part));
  zbar.stdin.on('error', () => undefined); // its exit code follows
  zbar.stdin.end(png);
  const [code] = (await once(zbar, 'close')) as [number | null];
  // 4: nothing was found.
  if (code === 4) return undefined;
  if (code !== 0) throw new Error(`zbarimg ended with ${String(code)}: ${complaint}`);
  return text.replace(/\n$/, '');
}
