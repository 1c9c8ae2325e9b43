import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `resources/receipt-picture` above this file, which lies deeper as source than it does when bundled. */
export function resourceFolder(): string {
  let folder = import.meta.dirname;
  const within = (): string => join(folder, 'resources', 'receipt-picture');
  while (!existsSync(within()) && dirname(folder) !== folder) folder = dirname(folder);
  return within();
}
