/** Who callbacks are sent to: a real server that keeps what it gets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verify } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Got {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly event: string;
  readonly sign: string;
  /** The event, parsed. */
  readonly told: { readonly type: string; readonly object: string; readonly data: Readonly<Record<string, unknown>> };
}

export interface Receiver {
  readonly uri: string;
  readonly got: readonly Got[];
  /** How the next ones are answered; the last stays. A status, or `silent`: not at all. */
  answers: (number | 'silent')[];
}

/** Starts a receiver that ends with the test. */
export async function startReceiver(): Promise<Receiver> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const fields = new URLSearchParams(await text(request));
      const event = fields.get('event') ?? '';
      got.push({
        path: request.url ?? '',
        contentType: request.headers['content-type'],
        event,
        sign: fields.get('sign') ?? '',
        told: JSON.parse(event) as Got['told'],
      });
      const answer = receiver.answers.length > 1 ? receiver.answers.shift() : receiver.answers[0];
      if (answer === 'silent') return;
      response.writeHead(answer ?? 200, { location: 'http://127.0.0.1:9/elsewhere' }).end('OK');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = { uri: `http://127.0.0.1:${port}/callbacks`, got, answers: [200] };
  return receiver;
}

/** Whether a callback is of who has that key, checked with a few lines of its own. */
export function isOf(publicKey: string, { event, sign }: Got): boolean {
  return verify('sha256', Buffer.from(event), publicKey, Buffer.from(sign, 'base64'));
}
