import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createPackageFromFiles } from '@electron/asar';
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire, FuseState } from '@electron/fuses';
import { home } from './program.ts';
import { Tree } from './tree.ts';

/** Where Electron lies on a terminal, and its program. */
export const electronFolder = `${home}/electron`;
const program = `${electronFolder}/electron`;

/**
 * What Electron can be made to do against us is off (hardware.md 4.3). Each fuse is named, so that one which a newer
 * Electron brings is noticed.
 */
export const fuses: readonly (readonly [FuseV1Options, boolean])[] = [
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, false],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  // Nothing checks it on Linux: the files belong to root.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, false],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, false],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
  [FuseV1Options.WasmTrapHandlers, true],
];

/** Copies an Electron folder, without the application that it brings, and sets its fuses. @throws Error when one did not take */
export async function addElectron(tree: Tree, dist: string): Promise<void> {
  if (!existsSync(join(dist, 'electron')) || !statSync(join(dist, 'electron')).isFile()) {
    throw new Error(
      `There is no Electron in ${dist}: ELECTRON_OVERRIDE_DIST_PATH names the folder that holds "electron".`,
    );
  }
  tree.copyFolder(dist, electronFolder, (path) => path !== 'resources/default_app.asar');
  await setFuses(tree.at(program));
}

/** Sets the fuses of a program, and reads them back. @throws Error when one is unknown or did not take */
export async function setFuses(file: string): Promise<void> {
  const wanted = Object.fromEntries(fuses) as Record<FuseV1Options, boolean>;
  await flipFuses(file, { version: FuseVersion.V1, strictlyRequireAllFuses: true, ...wanted });
  const wire = await getCurrentFuseWire(file);
  for (const [fuse, on] of fuses) {
    if (wire[fuse] === (on ? FuseState.ENABLE : FuseState.DISABLE)) continue;
    throw new Error(`The fuse ${FuseV1Options[fuse]} of ${file} could not be set.`);
  }
}

/** What the system must be able to load or run as a file of its own. */
const unpacked = '{**/*.node,**/device-file-child.js}';

/** Puts the program in `from` into the archive from which alone Electron starts. */
export async function addArchive(tree: Tree, from: Tree): Promise<void> {
  const archive = tree.at(`${electronFolder}/resources/app.asar`);
  rmSync(archive, { force: true });
  const files = from.files().map((path) => from.at(path));
  await createPackageFromFiles(from.root, archive, files, {}, { unpack: unpacked });
}

/** The version that an Electron folder says it is; undefined when it does not. */
export function electronVersion(dist: string): string | undefined {
  const file = join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
