import type { ServerResponse } from 'node:http';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Notice, TillDesk } from '../../ports/terminal.ts';

/** Pause between comments that keep the connection alive, in milliseconds. */
const heartbeatEveryMs = 15_000;
/** How long a client may leave what was sent unread, in milliseconds: then it is cut off, and resumes by its last id. */
const patienceMs = 30_000;
/** Notices read from the journal at once: what waits for a slow client is never more than that. */
const pageSize = 100;

interface StreamOptions {
  readonly desk: TillDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly response: ServerResponse;
  /** The last notice the client has seen. */
  readonly after: number;
}

/**
 * One client's server-sent events: what it missed from the journal, then everything new, in order, once. The journal is
 * read as fast as the client reads.
 */
export function streamEvents(options: StreamOptions): Stop {
  const stream = new EventStream(options);
  stream.start();
  return () => {
    stream.end();
  };
}

class EventStream {
  readonly #options: StreamOptions;
  #last: number;
  #ended = false;
  #stopListening: Stop | undefined;
  #heartbeat: Stop | undefined;
  /** Set while the client has not read what was sent. */
  #patience: Stop | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#last = options.after;
  }

  start(): void {
    const { desk, response } = this.#options;
    this.#stopListening = desk.onNotice(() => {
      this.#goOn();
    });
    response.on('close', () => {
      this.end();
    });
    response.on('drain', () => {
      this.#patience?.();
      this.#patience = undefined;
      this.#goOn();
    });
    response.write('retry: 2000\n\n');
    this.#goOn();
    this.#beat();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopListening?.();
    this.#heartbeat?.();
    this.#patience?.();
    this.#options.response.end();
  }

  /** Tells what there is, until there is nothing more or the client must read first. */
  #goOn(): void {
    const { desk, log } = this.#options;
    try {
      while (!this.#ended && !this.#patience) {
        const page = desk.noticesAfter(this.#last, pageSize);
        if (page.length === 0) return;
        for (const notice of page) this.#tell(notice);
        if (this.#options.response.writableNeedDrain) this.#waitForReader();
      }
    } catch (error) {
      // The listener is called by what happened: it must not fail because a client wants to hear of it.
      log.warn('The events for a till were ended because the journal cannot be read. It will ask again.', {
        error: String(error),
      });
      this.end();
    }
  }

  #tell(notice: Notice): void {
    this.#last = notice.id;
    const data = JSON.stringify({ id: notice.id, at: notice.at, type: notice.type, ...notice.data });
    this.#options.response.write(`id: ${notice.id}\nevent: ${notice.type}\ndata: ${data}\n\n`);
  }

  #waitForReader(): void {
    const { clock, response } = this.#options;
    this.#patience = clock.after(patienceMs, () => {
      this.end();
      response.destroy();
    });
  }

  #beat(): void {
    if (this.#ended) return;
    this.#heartbeat = this.#options.clock.after(heartbeatEveryMs, () => {
      if (!this.#patience) this.#options.response.write(': still here\n\n');
      this.#beat();
    });
  }
}
