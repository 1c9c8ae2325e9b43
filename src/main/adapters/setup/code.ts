import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { readSetupFile, type SetupFile } from './seal.ts';
import { SetupError } from './error.ts';

const prefix = 'SPOT1.';
/** Of a set-up file's text; more is none. Bytes. */
const largestText = 300_000;

/** A set-up file as one line of letters, to be scanned or pasted. */
export function codeOf(file: SetupFile): string {
  return `${prefix}${deflateRawSync(Buffer.from(JSON.stringify(file), 'utf8'), { level: 9 }).toString('base64url')}`;
}

/** A set-up file from the text of one, or from such a code. @throws SetupError */
export function readSetup(text: string): SetupFile {
  const trimmed = text.trim();
  if (!trimmed.startsWith(prefix)) return readSetupFile(trimmed);
  const packed = Buffer.from(trimmed.slice(prefix.length).replaceAll(/\s/g, ''), 'base64url');
  let unpacked: string;
  try {
    unpacked = inflateRawSync(packed, { maxOutputLength: largestText }).toString('utf8');
  } catch (error) {
    throw new SetupError('setup_damaged', error);
  }
  return readSetupFile(unpacked);
}
