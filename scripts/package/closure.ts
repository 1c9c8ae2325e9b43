import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** An npm package that the program needs when it runs. */
export interface Needed {
  readonly name: string;
  readonly version: string;
  /** Its folder. */
  readonly folder: string;
}

/** What Electron itself brings. */
const given = new Set(['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

/** The packages that built files import by name. */
export function importsOf(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const found = files.flatMap((name) => [
    ...readFileSync(join(folder, name), 'utf8').matchAll(
      /(?:^|[;\s}])(?:from|import)\s*\(?\s*["']([^"'./][^"']*)["']/gm,
    ),
  ]);
  const names = found.map(([, specifier = '']) => specifier).filter((name) => !given.has(name));
  return [...new Set(names.map(packageOf))].sort();
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * These packages and all that they need in turn, as Node finds them from `root`; each once, sorted by folder.
 * @throws Error when one is not installed
 */
export function closureOf(names: readonly string[], root: string): readonly Needed[] {
  const found = new Map<string, Needed>();

  function visit(name: string, from: string, optional: boolean): void {
    const folder = resolved(name, from, root);
    if (!folder) {
      if (optional) return;
      throw new Error(`The package ${name}, which ${from} needs, is not installed. Run ./scripts/bootstrap.`);
    }
    if (found.has(folder)) return;
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    found.set(folder, { name: manifest.name, version: manifest.version, folder });
    for (const each of Object.keys(manifest.dependencies)) visit(each, folder, each in manifest.optionalDependencies);
    for (const each of Object.keys(manifest.optionalDependencies)) visit(each, folder, true);
  }

  for (const name of names) visit(name, root, false);
  return [...found.values()].sort((left, right) => (left.folder < right.folder ? -1 : 1));
}

/** As Node resolves: in `node_modules` of this folder, then of those above it, up to the root. */
function resolved(name: string, from: string, root: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}
