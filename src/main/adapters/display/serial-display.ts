import type { Clock, Stop } from '../../ports/clock.ts';
import type { DisplayCapabilities, DisplayPort, DisplaySession } from '../../ports/display.ts';
import type { Connection, Transport } from '../transport/transport.ts';
import { asDisplayError } from './problems.ts';

/** What every session is made of. */
export interface SessionParts {
  readonly connection: Connection;
  readonly clock: Clock;
  /** For an answer, besides its time on the line; milliseconds. */
  readonly answerMs: number;
  readonly bytesPerSecond: number | undefined;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** What every display on a line has. */
export interface LineOptions {
  readonly name: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly answerMs: number;
  /** From 0 to 100 per cent. */
  readonly brightness: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Calls back when a device may have appeared. */
  readonly watch: (callback: () => void) => Stop;
}

/** A display on a line, told by how its sessions talk. */
export function createLineDisplay(
  { name, transport, clock, answerMs, brightness, random, watch }: LineOptions,
  capabilities: DisplayCapabilities,
  talk: (parts: SessionParts) => DisplaySession,
): DisplayPort {
  return {
    name,
    capabilities,
    brightness,
    onDidAppear: watch,
    async connect(signal) {
      try {
        const connection = await transport.open(signal);
        return talk({ connection, clock, answerMs, random, bytesPerSecond: transport.bytesPerSecond });
      } catch (error) {
        throw asDisplayError(error);
      }
    },
  };
}
