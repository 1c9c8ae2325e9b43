import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createSecretFile, isPrivateCredential, KeyFileError, readSecretFile } from './file.ts';

export { KeyFileError };

/** Gives a secret when it is needed, so that it is nowhere a property that could be logged or serialised. */
export type Secret = () => string;

interface MacKeyPlaces {
  /** `$CREDENTIALS_DIRECTORY`, when systemd started us with credentials. */
  readonly credentialsDirectory?: string | undefined;
  /** The configured file, of mode 0600. */
  readonly file?: string | undefined;
}

/**
 * The MAC key: from the systemd credential `mac-key` when there is a credentials directory that holds it, else from
 * the file (design.md 7).
 * @throws KeyFileError with a code and a sentence when there is none, or when it is not private.
 */
export function readMacKey({ credentialsDirectory, file }: MacKeyPlaces): Secret {
  const key = readCredential(credentialsDirectory, file !== undefined) ?? readConfigured(file);
  return () => key;
}

function readCredential(directory: string | undefined, optional: boolean): string | undefined {
  if (!directory) return undefined;
  try {
    return readSecretFile({ path: join(directory, 'mac-key'), what: 'MAC key', accepts: isPrivateCredential });
  } catch (error) {
    // A unit may have other credentials and keep this key in a file.
    if (optional && error instanceof KeyFileError && error.code === 'key_missing') return undefined;
    throw error;
  }
}

function readConfigured(file: string | undefined): string {
  if (!file) {
    const sentence =
      'No MAC key: give the systemd credential "mac-key", or put the key into a file of mode 0600 and configure its path.';
    throw new KeyFileError('key_not_configured', sentence);
  }
  return readSecretFile({ path: file, what: 'MAC key' });
}

/**
 * The token in that file, or a new one (32 random bytes, base64url) put there with mode 0600 when there is no file.
 * @throws KeyFileError when the file cannot be used or written.
 */
export function readOrCreateToken(path: string): string {
  const token = randomBytes(32).toString('base64url');
  if (createSecretFile(path, 'token', token)) return token;
  const known = readSecretFile({ path, what: 'token' });
  if (known.length < 20) {
    const sentence = `The token in ${path} is too short to be safe: delete the file and start again to get a new one.`;
    throw new KeyFileError('key_malformed', sentence);
  }
  return known;
}
