import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callbackFaultSchema } from './callbacks-faults.ts';
import type { CallbackKey } from './callbacks-key.ts';
import type { Callbacks, SentCallback } from './callbacks.ts';
import { parsed } from './parsed.ts';

const untrue = z.strictObject({
  transactionKey: z.string(),
  type: z.string().min(1).max(40).default('reserved'),
  forged: z.boolean().default(false),
});

/** What callbacks consist of for the server. */
export interface CallbackParts {
  readonly callbacks: Callbacks;
  readonly callbackKey: CallbackKey;
}

/** The API's public key, and what testers may do to callbacks. */
export function callbackRoutes(server: FastifyInstance, { callbacks, callbackKey }: CallbackParts): void {
  server.get('/publickey', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(await callbackKey.publicPem()),
  );
  server.get('/control/callbacks', () => ({ callbacks: callbacks.sent.map(told) }));
  server.delete('/control/callbacks', () => {
    callbacks.sent.splice(0);
    return { callbacks: [] };
  });
  server.post('/control/callbacks', async (request) => {
    const { transactionKey, type, forged } = parsed(untrue, request.body);
    return told(await callbacks.sendUntrue(transactionKey, type, forged));
  });
  server.get('/control/callbacks/faults', () => ({ faults: callbacks.faults.list() }));
  server.post('/control/callbacks/faults', (request) => {
    callbacks.faults.add(parsed(callbackFaultSchema, request.body));
    return { faults: callbacks.faults.list() };
  });
  server.delete('/control/callbacks/faults', () => {
    callbacks.faults.clear();
    return { faults: [] };
  });
  server.post('/control/callbacks/new-key', async () => {
    callbackKey.renew();
    return { publicKey: await callbackKey.publicPem() };
  });
}

function told({ id, at, transactionKey, type, uri, event, fault, state, attempts }: SentCallback): SentCallback {
  return { id, at, transactionKey, type, uri, event, fault, state, attempts };
}
