import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `resources/letters` above this file, which lies deeper as source than it does when bundled. */
export function lettersFolder(): string {
  let folder = import.meta.dirname;
  const within = (): string => join(folder, 'resources', 'letters');
  while (!existsSync(within()) && dirname(folder) !== folder) folder = dirname(folder);
  return within();
}
