import { join } from 'node:path';
import { build } from 'electron-vite';

const root = join(import.meta.dirname, '../..');

/**
 * Builds the preload alone, with the project's own configuration, into a folder of its own, and gives its path: what
 * runs in these tests is what runs on the counter, whether or not the whole terminal has been built.
 */
export async function buildPreload(folder: string): Promise<string> {
  await build({
    root,
    configFile: join(import.meta.dirname, 'preload.config.mjs'),
    ignoreConfigWarning: true,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return join(folder, 'preload/index.cjs');
}
