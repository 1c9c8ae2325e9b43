import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashPin } from '../src/main/adapters/pin/pin.ts';

/** What the sandbox says when it is ready, as far as others need it. */
export interface SandboxReady {
  readonly baseUrl: string;
  readonly phoneUrl: string;
  readonly controlUrl: string;
  readonly locationId: number;
  readonly merchant: { readonly macId: string; readonly macKey: string };
  readonly printer: { readonly host: string; readonly port: number };
  readonly displays: readonly { readonly kind: string; readonly address: string }[];
}

/** What the headless terminal says when it is ready. */
export interface TerminalReady {
  readonly screenUrl: string;
  /** Pages of QR displays on monitors, by the displays' names. */
  readonly displayUrls: Readonly<Record<string, string>>;
  readonly tillUrl: string;
  readonly tillToken: string;
}

/** Sections of a configuration, each with the settings that differ. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>> | readonly unknown[]>>;

interface Wanted {
  /** The staff PIN. */
  readonly pin: string;
  /** What goes over the configuration, setting by setting. */
  readonly sections?: Sections;
}

/**
 * Writes the configuration of a terminal on this sandbox, with its key beside it; gives the configuration's file.
 * Ports are any free ones, the journal is made in `data` below the folder.
 */
export async function writeSandboxConfiguration(
  folder: string,
  sandbox: SandboxReady,
  { pin, sections = {} }: Wanted,
): Promise<string> {
  const configuration: Record<string, Sections[string]> = {
    terminal: { name: 'T1', dataFolder: 'data' },
    merchant: { lines: ['Kavinė „Prie tilto“', 'Pilies g. 1, Vilnius'] },
    api: { root: sandbox.baseUrl, macId: sandbox.merchant.macId },
    key: { file: 'mac-key' },
    spot: { locationId: sandbox.locationId, identifier: 'TABLE1', place: 'Kavinė „Prie tilto“', name: 'Table 1' },
    printer: { connection: { type: 'tcp', ...sandbox.printer } },
    till: { port: 0 },
    screens: { port: 0 },
    staff: { pinHash: await hashPin(pin) },
  };
  for (const [name, section] of Object.entries(sections)) {
    configuration[name] = Array.isArray(section) ? section : Object.assign({}, configuration[name], section);
  }
  const file = join(folder, 'config.json');
  writeFileSync(join(folder, 'mac-key'), sandbox.merchant.macKey, { mode: 0o600 });
  writeFileSync(file, JSON.stringify(configuration, null, 2), { mode: 0o600 });
  return file;
}
