import { join } from 'node:path';
import { build } from 'electron-vite';

const root = join(import.meta.dirname, '../..');

/** Where a build has put its files. */
export interface Built {
  readonly main: string;
  readonly preload: string;
}

/**
 * Builds main and preload, with the project's own configuration, into a folder of their own below `.cache`, where the
 * packages can be found: what runs in these tests is what runs on the counter, whether or not `out` is up to date.
 */
export async function buildMainAndPreload(name: string): Promise<Built> {
  const folder = join(root, '.cache', 'test-builds', name);
  await build({
    root,
    configFile: join(import.meta.dirname, 'build.config.mjs'),
    ignoreConfigWarning: true,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { main: join(folder, 'main/index.js'), preload: join(folder, 'preload/index.cjs') };
}
