import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  scrypt,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SetupError } from './error.ts';

/**
 * What a set-up file brings (docs/setup.md). The MAC key is in here and nowhere else; whoever holds this value must not keep it.
 */
export interface SetupContent {
  /** As docs/configuration.md has it, without the place of the key. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly macKey: string;
}

const base64 = z.base64();

/** Bounds of what is believed of a file before its signature could be checked: nobody may have us compute for hours. */
export const setupFileSchema = z.strictObject({
  format: z.literal('spot-terminal-setup'),
  version: z.int().min(1),
  for: z.string().max(200),
  madeAt: z.iso.datetime(),
  scrypt: z.strictObject({
    cost: z.int().min(1024).max(1_048_576),
    blockSize: z.int().min(1).max(16),
    parallelization: z.int().min(1).max(4),
    salt: base64.max(64),
  }),
  nonce: base64.max(32),
  sealed: base64.max(200_000),
  signer: base64.max(100),
  signature: base64.max(200),
});
export type SetupFile = z.infer<typeof setupFileSchema>;

const contentSchema = z.strictObject({
  configuration: z.record(z.string(), z.unknown()),
  macKey: z.string().min(1).max(4096),
});

const knownVersion = 1;
/** About 64 MB and a fifth of a second on a small board: a guessed passphrase costs as much each time. */
const scryptCost = { cost: 65_536, blockSize: 8, parallelization: 1 } as const;
const [keyBytes, nonceBytes, tagBytes, saltBytes] = [32, 12, 16, 16];
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

interface Sealing {
  readonly passphrase: string;
  /** Of whoever makes set-up files: an Ed25519 key. */
  readonly signer: KeyObject;
  /** Which terminal it is for, in words that anybody may read. */
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Encrypts a set-up with the passphrase and signs it. */
export async function sealSetup(content: SetupContent, { passphrase, signer, label, at }: Sealing): Promise<SetupFile> {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const head = {
    format: 'spot-terminal-setup' as const,
    version: knownVersion,
    for: label,
    madeAt: new Date(at).toISOString(),
    scrypt: { ...scryptCost, salt: salt.toString('base64') },
    nonce: nonce.toString('base64'),
    signer: publicBytes(signer).toString('base64'),
  };
  const cipher = createCipheriv('aes-256-gcm', await keyFrom(passphrase, head.scrypt), nonce);
  cipher.setAAD(bytesOf(head));
  const plain = Buffer.from(JSON.stringify(contentSchema.parse(content)), 'utf8');
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
  const signature = sign(null, signedBytes(head, sealed), signer).toString('base64');
  return { ...head, sealed, signature };
}

/** A set-up file from its text, its signature checked. @throws SetupError */
export function readSetupFile(text: string): SetupFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SetupError('setup_not_ours', error);
  }
  const version = z.looseObject({ format: z.literal('spot-terminal-setup'), version: z.int() }).safeParse(value);
  if (!version.success) throw new SetupError('setup_not_ours', version.error);
  if (version.data.version > knownVersion) throw new SetupError('setup_newer');
  const { success, data, error } = setupFileSchema.safeParse(value);
  if (!success) throw new SetupError('setup_damaged', error);
  const { sealed, signature, ...head } = data;
  if (!isSigned(signedBytes(head, sealed), data)) throw new SetupError('setup_damaged');
  return data;
}

/** What a set-up file brings. @throws SetupError `setup_passphrase` when the passphrase is another one */
export async function openSetup(file: SetupFile, passphrase: string): Promise<SetupContent> {
  const { sealed, signature: _signature, ...head } = file;
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(
    'aes-256-gcm',
    await keyFrom(passphrase, file.scrypt),
    Buffer.from(file.nonce, 'base64'),
  );
  decipher.setAAD(bytesOf(head));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  let plain: string;
  try {
    plain = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SetupError('setup_passphrase', error);
  }
  const { success, data, error } = contentSchema.safeParse(JSON.parse(plain));
  if (!success) throw new SetupError('setup_damaged', error);
  return data;
}

/** The signer in a form that people can compare: eight groups of four. */
export function fingerprintOf(signer: string): string {
  const hex = Buffer.from(signer, 'base64').toString('hex').slice(0, 32).toUpperCase();
  return (hex.match(/.{4}/g) ?? []).join(' ');
}

function keyFrom(passphrase: string, { cost, blockSize, parallelization, salt }: SetupFile['scrypt']): Promise<Buffer> {
  const maxmem = 256 * cost * blockSize;
  const options = { cost, blockSize, parallelization, maxmem };
  return derive(passphrase.normalize('NFC').trim(), Buffer.from(salt, 'base64'), keyBytes, options);
}

type Head = Omit<SetupFile, 'sealed' | 'signature'>;

/** The same bytes for the same head, in whatever order a program wrote its fields. */
function bytesOf({
  format,
  version,
  for: label,
  madeAt,
  scrypt: { cost, blockSize, parallelization, salt },
  nonce,
  signer,
}: Head): Buffer {
  return Buffer.from(
    JSON.stringify([format, version, label, madeAt, cost, blockSize, parallelization, salt, nonce, signer]),
    'utf8',
  );
}

function signedBytes(head: Head, sealed: string): Buffer {
  return Buffer.concat([bytesOf(head), Buffer.from('\n'), Buffer.from(sealed, 'utf8')]);
}

/** What stands before the 32 bytes of an Ed25519 key in its usual form (RFC 8410). */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(publicPrefix.length);
}

function isSigned(bytes: Buffer, { signer, signature }: SetupFile): boolean {
  try {
    const der = Buffer.concat([publicPrefix, Buffer.from(signer, 'base64')]);
    const key = createPublicKey({ key: der, type: 'spki', format: 'der' });
    return verify(null, bytes, key, Buffer.from(signature, 'base64'));
  } catch {
    // What is no key has signed nothing.
    return false;
  }
}

/** The key of whoever makes set-up files, from its PEM. @throws SetupError `setup_signer` */
export function readSigner(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new SetupError('setup_signer', error);
  }
  throw new SetupError('setup_signer');
}
