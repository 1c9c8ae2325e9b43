import type { Duplex } from 'node:stream';
import { createParser, type Parser } from './parser.ts';

/** How the connector is to break a connection: rudely, politely, or not at all while another one may take its place. */
export type Break = 'reset' | 'end' | 'forget';

/** What is plugged in: a network connection ends with the printer's power, a line (serial, USB) stays. */
export type Plug = 'connection' | 'line';

/** One conversation. */
export interface Session {
  readonly stream: Duplex;
  readonly plug: Plug;
  readonly cut: (how: Break) => void;
  parser: Parser;
  /** `GS a` mask; 0 is off. */
  automatic: number;
  /** Bytes of its commands that wait in the queue. */
  queued: number;
  /** What has come and was not looked at yet. */
  inbox: Buffer;
  /** Nothing more will come after the inbox. */
  finishing: boolean;
  ended: boolean;
  closed: boolean;
  /** The printer has forgotten it. */
  lost: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** A conversation at its beginning. */
export function createSession(stream: Duplex, cut: Session['cut'], plug: Plug): Session {
  return {
    stream,
    plug,
    cut,
    parser: createParser(),
    automatic: 0,
    queued: 0,
    inbox: Buffer.alloc(0),
    finishing: false,
    ended: false,
    closed: false,
    lost: false,
    timer: undefined,
  };
}

/** As the printer knows it after its power was off: nothing of what was said on it. */
export function forget(session: Session): void {
  clearTimeout(session.timer);
  session.timer = undefined;
  session.parser = createParser();
  session.automatic = 0;
  session.queued = 0;
  session.inbox = Buffer.alloc(0);
}
