import type { Clock } from '../../ports/clock.ts';
import type { DisplayPort } from '../../ports/display.ts';
import { createSerialTransport } from '../transport/serial.ts';
import { createNextionDisplay } from './nextion/nextion.ts';

/** What the configuration says about a QR display. */
export interface DisplayConfiguration {
  readonly type: 'nextion';
  readonly path: string;
  readonly baudRate: number;
  readonly codePage: string;
  readonly codePageNumber: number;
  readonly messagePage: string;
  readonly messagePageNumber: number;
  readonly codeComponent: string;
  readonly lineComponents: readonly string[];
  readonly longestCode: number;
  readonly longestLine: number;
}

/** The configured display; nothing is opened before it is asked for something. */
export function createDisplay(
  { path, baudRate, ...project }: DisplayConfiguration,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): DisplayPort {
  const transport = createSerialTransport({ path, baudRate, flowControl: 'none', clock });
  const { codePage, codePageNumber, messagePage, messagePageNumber, ...rest } = project;
  return createNextionDisplay({
    transport,
    clock,
    random,
    project: {
      ...rest,
      codePage: { name: codePage, number: codePageNumber },
      messagePage: { name: messagePage, number: messagePageNumber },
    },
  });
}
