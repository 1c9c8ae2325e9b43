import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const results = [
  'out/main/index.js',
  'out/main/headless.js',
  'out/main/kiosk.js',
  'out/preload/index.cjs',
  'out/preload/display.cjs',
  'out/renderer/index.html',
  'out/renderer/setup.html',
  'out/renderer/display.html',
];
const sources = ['src', 'electron.vite.config.ts', 'package-lock.json'];

/** When the newest file below a path was changed, in milliseconds since 1970. */
function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether the built files are missing, or older than what they are built from. */
export function isStale(): boolean {
  const built = results.map((path) => join(root, path));
  if (!built.every((path) => existsSync(path))) return true;
  const oldest = Math.min(...built.map((path) => statSync(path).mtimeMs));
  return sources.some((path) => newest(join(root, path)) > oldest);
}

/**
 * Builds main, preload and the screens when they are not as new as their sources; quick when they are.
 * @throws Error when the build fails
 */
export async function buildIfStale(): Promise<void> {
  if (!isStale()) return;
  const command = join(root, 'node_modules/.bin/electron-vite');
  const child = spawn(process.execPath, [command, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The build failed. What it wrote is above.');
}
