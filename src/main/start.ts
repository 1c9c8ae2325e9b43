import { parseArgs } from 'node:util';

/** What a host was asked to do on its command line. */
export interface Arguments {
  readonly config: string;
  /** Whether a terminal without a configuration may be set up on its screen. */
  readonly setup: boolean;
  /** Folders that are looked into for set-up files, besides sticks. */
  readonly setupFolders: readonly string[];
  readonly help: boolean;
}

/** The command line is not as it should be; the message says what it takes. */
export class UsageError extends Error {
  readonly code = 'usage';
}

/**
 * Reads `--config FILE` and `--help`. Nothing secret ever stands on a command line: everybody on the machine reads it.
 * @throws UsageError
 */
export function readArguments(argv: readonly string[]): Arguments {
  try {
    const options = {
      config: { type: 'string' },
      'no-setup': { type: 'boolean', default: false },
      'setup-folder': { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values } = parseArgs({ args: [...argv], options });
    return {
      config: values.config ?? '/etc/spot-terminal/config.json',
      setup: !values['no-setup'],
      setupFolders: values['setup-folder'] ?? [],
      help: values.help ?? false,
    };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} Try --help.`);
  }
}

/** The process ended in order and wants to be started again: asked for on the admin screen. No code of sysexits.h. */
export const exitRestart = 85;

/** Exit codes, after sysexits.h, so that systemd and scripts can tell what to do. */
const exitCodes: Readonly<Record<string, number>> = {
  usage: 64,
  journal_in_use: 75,
  port_taken: 75,
  journal_damaged: 74,
  journal_newer: 74,
  journal_unwritable: 74,
  settings_returned: exitRestart,
};

/** The code for a configuration, key or token that must be mended by a person. */
const exitConfiguration = 78;

/** What stopped a start: one sentence for a person, one code for a program, and the exit code. */
export interface StartFailure {
  readonly line: string;
  readonly exitCode: number;
}

/** An error of a start as the line to print and the code to exit with. Mistakes of ours keep their stack. */
export function startFailure(error: unknown): StartFailure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const exitCode = exitCodes[error.code] ?? exitConfiguration;
    return { line: `spot-terminal: ${error.message} [${error.code}]`, exitCode };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { line: `spot-terminal: The terminal could not start. ${text}`, exitCode: 70 };
}
