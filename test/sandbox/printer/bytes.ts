import { connect, type Socket } from 'node:net';
import type { VirtualPrinter } from '../../../sandbox/printer/types.ts';

const [ESC, GS, DLE] = [0x1b, 0x1d, 0x10];

/** `Buffer` of numbers and Latin text, in the order given. */
export const bytes = (...parts: readonly (number | string | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number' ? Buffer.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : part,
    ),
  );

export const INITIALISE = bytes(ESC, '@');
export const CUT = bytes(GS, 'V', 66, 0);
export const askStatus = (kind: number): Buffer => bytes(DLE, 0x04, kind);
export const askPaper = bytes(GS, 'r', 1);
export const askProcessId = (id: string): Buffer => bytes(GS, '(H', 6, 0, '00', id);
export const processIdAnswer = (id: string): Buffer => bytes(0x37, 0x22, id, 0);
export const codePage = (number: number): Buffer => bytes(ESC, 't', number);

/** The five commands of one QR code (Epson `GS ( k`, functions 165, 167, 169, 180, 181). */
export function qrCode(payload: string, moduleSize: number): Buffer {
  const data = Buffer.from(payload, 'utf8');
  const length = data.length + 3;
  return bytes(
    ...[GS, '(k', 4, 0, '1A2', 0, GS, '(k', 3, 0, '1C', moduleSize, GS, '(k', 3, 0, '1E1'],
    ...[GS, '(k', length & 0xff, length >> 8, '1P0', data, GS, '(k', 3, 0, '1Q0'],
  );
}

/** A raster image, `GS v 0`: rows of whole bytes. */
export function raster(bytesPerRow: number, rows: number, data: Uint8Array): Buffer {
  return bytes(GS, 'v0', 0, bytesPerRow & 0xff, bytesPerRow >> 8, rows & 0xff, rows >> 8, data);
}

/** One open connection to a printer that collects what it answers. */
export interface Wire {
  readonly socket: Socket;
  answers(): Buffer;
  closed(): 'open' | 'ended' | 'reset';
}

export async function plugIn(printer: Pick<VirtualPrinter, 'host' | 'port'>): Promise<Wire> {
  const socket = connect(printer.port, printer.host);
  const chunks: Buffer[] = [];
  let state: 'open' | 'ended' | 'reset' = 'open';
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('close', (failed) => (state = failed ? 'reset' : 'ended'));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined); // 'close' tells
  return { socket, answers: () => Buffer.concat(chunks), closed: () => state };
}
