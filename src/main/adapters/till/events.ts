import type { ServerResponse } from 'node:http';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { Notice, TillDesk } from '../../ports/terminal.ts';

/** Pause between comments that keep the connection alive, in milliseconds. */
const heartbeatEveryMs = 15_000;
/** Bytes that may wait for a client that does not read: then it is cut off, and resumes by its last id. */
const mostWaitingBytes = 1024 * 1024;
/** Notices read from the journal at once. */
const pageSize = 200;

interface Stream {
  readonly desk: TillDesk;
  readonly clock: Clock;
  readonly response: ServerResponse;
  /** The last notice the client has seen. */
  readonly after: number;
}

/** One client's server-sent events: what it missed from the journal, then everything new, in order, once. */
export function streamEvents({ desk, clock, response, after }: Stream): Stop {
  let last = after;
  let ended = false;
  let heartbeat: Stop | undefined;

  const end = () => {
    if (ended) return;
    ended = true;
    heartbeat?.();
    stopListening();
    response.end();
  };
  const write = (text: string) => {
    if (ended) return;
    response.write(text);
    if (response.writableLength > mostWaitingBytes) {
      end();
      response.destroy();
    }
  };
  const catchUp = () => {
    for (
      let page = desk.noticesAfter(last, pageSize);
      page.length > 0 && !ended;
      page = desk.noticesAfter(last, pageSize)
    ) {
      for (const notice of page) tell(notice);
    }
  };
  const tell = (notice: Notice) => {
    if (notice.id <= last) return;
    last = notice.id;
    const data = JSON.stringify({ id: notice.id, at: notice.at, type: notice.type, ...notice.data });
    write(`id: ${notice.id}\nevent: ${notice.type}\ndata: ${data}\n\n`);
  };
  const beat = () => {
    heartbeat = clock.after(heartbeatEveryMs, () => {
      write(': still here\n\n');
      beat();
    });
  };

  const stopListening = desk.onNotice(catchUp);
  response.on('close', end);
  write('retry: 2000\n\n');
  catchUp();
  beat();
  return end;
}
