import { existsSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { newPin } from '../adapters/pin/new.ts';
import { hashPin } from '../adapters/pin/pin.ts';
import { readSetup } from '../adapters/setup/code.ts';
import { SetupError } from '../adapters/setup/error.ts';
import { installSetup, setupFiles } from '../adapters/setup/install.ts';
import { fingerprintOf, openSetup, type SetupContent, type SetupFile } from '../adapters/setup/seal.ts';
import { parseConfiguration } from '../config.ts';
import type { Finding } from '../doctor/doctor.ts';
import type { SetupState, Typed } from '../../shared/setup.ts';
import { findSetupFiles, type FoundFile } from './media.ts';

interface DeskOptions {
  /** Of the configuration to be made. */
  readonly path: string;
  /** Folders with set-up files, besides sticks. */
  readonly folders: readonly string[];
  /** Where the service manager keeps what this service has, if it says so. */
  readonly stateFolder: string | undefined;
  /** Looks at everything, telling each finding as soon as it is there. */
  readonly examine: (onFinding: (finding: Finding) => void) => Promise<unknown>;
  /** Starts the terminal; gives where its screens are. */
  readonly start: () => Promise<string>;
}

/** Who has typed a set-up in has signed nothing. */
const typedByHand = 'typed by hand';

/**
 * Sets one terminal up, step by step: choose a file, give its passphrase, look at what was found, start. What is not right can be
 * gone back from until the terminal has started.
 */
export class SetupDesk {
  readonly #options: DeskOptions;
  #file: SetupFile | null = null;
  #installed = false;
  /** What the set-up at hand has made, to be taken back. */
  #made: readonly string[] = [];
  #findings: Finding[] = [];
  #checking = false;
  #screenUrl: string | null = null;
  #technicianPin: string | null = null;
  /** One at a time: each try at a passphrase costs memory and time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  state(): SetupState {
    const file = this.#file;
    return {
      step: this.#step(),
      file: file && { for: file.for, madeAt: file.madeAt, signer: fingerprintOf(file.signer) },
      findings: this.#findings,
      checking: this.#checking,
      technicianPin: this.#technicianPin,
      screenUrl: this.#screenUrl,
    };
  }

  files(): readonly FoundFile[] {
    return findSetupFiles(this.#options.folders);
  }

  /** Takes a set-up file or a code; its passphrase is asked for next. @throws SetupError */
  read(text: string): void {
    this.#mustNotBeInstalled();
    this.#file = readSetup(text);
  }

  /** Takes a file that was found. @throws SetupError */
  readFound(id: string): void {
    const found = this.files().find((file) => file.id === id);
    if (!found) throw new SetupError('setup_gone');
    this.read(found.text);
  }

  /** Lets go of the file. */
  forget(): void {
    this.#file = null;
  }

  /** Opens the chosen file and puts what it brings in its place. @throws SetupError */
  async open(passphrase: string): Promise<void> {
    await this.#inTurn(async () => {
      this.#mustNotBeInstalled();
      const file = this.#file;
      if (!file) throw new SetupError('setup_gone');
      await this.#install(await openSetup(file, passphrase), file.signer);
    });
  }

  /** Puts in its place what was typed in. @throws SetupError */
  async take(typed: Typed): Promise<void> {
    await this.#inTurn(async () => {
      this.#mustNotBeInstalled();
      await this.#install(await contentOf(typed), typedByHand);
    });
  }

  /** Looks at everything once more, in the background. */
  check(): void {
    if (this.#checking || !this.#installed) return;
    this.#checking = true;
    this.#findings = [];
    const done = () => {
      this.#checking = false;
    };
    this.#options.examine((finding) => this.#findings.push(finding)).then(done, done);
  }

  /** Takes everything back that was put in place: the beginning again. @throws SetupError once the terminal has started */
  again(): void {
    if (this.#screenUrl !== null) throw new SetupError('setup_already_done');
    for (const path of this.#made) rmSync(path, { force: true });
    this.#made = [];
    this.#technicianPin = null;
    this.#installed = false;
    this.#file = null;
    this.#findings = [];
  }

  /** Starts the terminal with what is in place. @throws what keeps it from starting */
  async start(): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#installed) throw new SetupError('setup_gone');
      this.#screenUrl ??= await this.#options.start();
      this.#technicianPin = null;
    });
  }

  #step(): SetupState['step'] {
    if (this.#screenUrl !== null) return 'started';
    if (this.#installed) return 'checks';
    return this.#file ? 'passphrase' : 'choose';
  }

  #mustNotBeInstalled(): void {
    if (this.#installed) throw new SetupError('setup_already_done');
  }

  async #install(given: SetupContent, signer: string): Promise<void> {
    const { path } = this.#options;
    const places = [path, ...setupFiles.map((name) => join(dirname(path), name))];
    const absent = places.filter((place) => !existsSync(place));
    const { content, pin } = await withTechnician(placed(given, this.#options.stateFolder));
    installSetup(content, { path, signer }, parseConfiguration);
    this.#technicianPin = pin;
    this.#made = absent;
    this.#installed = true;
    this.check();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** The journal belongs into the service's own folder, not beside the configuration, unless the set-up says where. */
function placed(content: SetupContent, stateFolder: string | undefined): SetupContent {
  const { terminal } = content.configuration as { readonly terminal?: Readonly<Record<string, unknown>> };
  const wanted = terminal?.['dataFolder'];
  if (stateFolder === undefined || (typeof wanted === 'string' && isAbsolute(wanted))) return content;
  const configuration = { ...content.configuration, terminal: { ...terminal, dataFolder: stateFolder } };
  return { ...content, configuration };
}

/** The same with a technician's PIN, and that PIN, when it was made here. */
async function withTechnician(
  content: SetupContent,
): Promise<{ readonly content: SetupContent; readonly pin: string | null }> {
  const { staff } = content.configuration as { readonly staff?: Readonly<Record<string, unknown>> };
  if (staff?.['technicianPinHash'] !== undefined) return { content, pin: null };
  const pin = newPin();
  const configuration = { ...content.configuration, staff: { ...staff, technicianPinHash: await hashPin(pin) } };
  return { content: { ...content, configuration }, pin };
}

async function contentOf(typed: Typed): Promise<SetupContent> {
  const { name, merchant, place, spotName, locationId, identifier, macId, macKey, printer, pin } = typed;
  return {
    macKey,
    configuration: {
      terminal: { name, dataFolder: 'data' },
      merchant: { lines: [merchant] },
      api: { macId },
      spot: { locationId, identifier, place, name: spotName },
      ...(printer === '' ? {} : { printer: { connection: { type: 'tcp', host: printer } } }),
      staff: { pinHash: await hashPin(pin) },
    },
  };
}
