import type { ReceiptDocument } from '../../core/receipt/document.ts';
import type { Transport } from '../transport/transport.ts';
import { bandsOf, lengthOfFirst } from './bands.ts';
import type { Command, Proof } from './commands.ts';
import { encode } from './encode.ts';
import { estimateMs, paperMillimetres } from './estimate.ts';
import type { Job } from './job.ts';
import { layOut, type PaperStyle } from './layout.ts';

export interface ComposeOptions {
  readonly style: PaperStyle;
  readonly transport: Transport;
  /** The least and the most that a job may take, in milliseconds. */
  readonly timeouts: { readonly shortestJobMs: number; readonly longestJobMs: number };
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** Between two pieces of so many bytes the printer is asked how it is doing. */
const bandBytes = 1_024;
const bareBandBytes = 256;

/** A document as a job for this printer, and how much paper it takes. */
export function composeJob(
  document: ReceiptDocument,
  options: ComposeOptions,
): { readonly job: Job; readonly millimetres: number } {
  const { style, transport, timeouts } = options;
  const { profile } = style;
  const proof = newProof(options);
  const commands = layOut(document, style, proof);
  const { bands, proofs } = transport.isBareLine === true ? asking(commands, proof, options) : plain(commands, proof);
  const bytes = bands.reduce((sum, band) => sum + band.length, 0);
  const line = transport.bytesPerSecond === undefined ? {} : { bytesPerSecond: transport.bytesPerSecond };
  const estimate = estimateMs(commands, { bytes, profile, ...line });
  const milliseconds = Math.min(timeouts.longestJobMs, Math.max(timeouts.shortestJobMs, 3 * estimate));
  const told = profile.processId ? telling(bands, lengthOfFirst(commands)) : bands;
  return { job: { bands: told, proofs, milliseconds }, millimetres: paperMillimetres(commands) };
}

interface Marked {
  readonly bands: readonly Buffer[];
  readonly proofs: readonly Proof[];
}

function plain(commands: readonly Command[], proof: Proof): Marked {
  return { bands: bandsOf(commands, bandBytes), proofs: [proof] };
}

/**
 * On a bare line each band asks for a proof of its own: a printer that loses its power for a moment forgets what it was
 * sent, and would prove the rest.
 */
function asking(commands: readonly Command[], proof: Proof, options: ComposeOptions): Marked {
  const bands = bandsOf(commands, bareBandBytes);
  const others = bands.slice(1).map(() => newProof(options));
  const marked = bands.map((band, index) =>
    Buffer.concat([band, encode(others[index] ? question(others[index]) : [])]),
  );
  return { bands: marked, proofs: [...others, proof] };
}

/** The best proof that this printer can give, new for each job. */
export function newProof({ style: { profile }, random }: Pick<ComposeOptions, 'style' | 'random'>): Proof {
  if (profile.processId) return { kind: 'process_id', id: processId(random) };
  return profile.queuedStatus ? { kind: 'status' } : { kind: 'bytes' };
}

/** What asks the printer for a proof. */
export function question(proof: Proof): readonly Command[] {
  if (proof.kind === 'process_id') return [{ type: 'tellWhenPrinted', id: proof.id }];
  return proof.kind === 'status' ? [{ type: 'tellPaper' }] : [];
}

/** The bands, and a word to the printer to tell of every change by itself, right after it was initialised (`GS a`). */
function telling([first = Buffer.alloc(0), ...others]: readonly Buffer[], at: number): readonly Uint8Array[] {
  const tellChanges = Buffer.of(0x1d, 0x61, 0x0e);
  return [Buffer.concat([first.subarray(0, at), tellChanges, first.subarray(at)]), ...others];
}

const idCharacters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Four characters that name one job; any of 20h to 7Eh would do. */
function processId(random: () => number): string {
  return Array.from({ length: 4 }, () => idCharacters[Math.floor(random() * idCharacters.length)] ?? '0').join('');
}
