import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import staticFiles from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cacheControl, securityHeaders } from '../screens/headers.ts';
import { typedSchema, type SetupAnswer } from '../../shared/setup.ts';
import { guardServer } from '../web/guard.ts';
import type { SetupDesk } from './desk.ts';

interface ServerOptions {
  readonly desk: SetupDesk;
  /** The built screens. */
  readonly folder: string;
}

/** A running server with the set-up's page. */
export interface SetupServer {
  /** The address to open, with the token. */
  readonly url: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
/** A set-up file has two thousand bytes. */
const bodyLimit = 400_000;

const bodies = {
  read: z.union([z.strictObject({ text: z.string().max(bodyLimit) }), z.strictObject({ file: z.string().max(4096) })]),
  open: z.strictObject({ passphrase: z.string().max(1000) }),
};

/** Serves the page that sets a terminal up, on this machine only and for whoever has the token. */
export async function startSetupServer({ desk, folder }: ServerOptions): Promise<SetupServer> {
  const server = fastify({ bodyLimit, requestTimeout: 60_000, forceCloseConnections: true });
  const token = randomBytes(32).toString('base64url');
  server.addHook('onRequest', (_request, reply, next) => {
    reply.headers({ ...securityHeaders, 'cache-control': 'no-store' });
    next();
  });
  await server.register(cookie);
  guardServer(server, { host, token });
  await server.register(staticFiles, {
    root: folder,
    index: 'setup.html',
    cacheControl: false,
    dotfiles: 'deny',
    setHeaders: (reply, path) => {
      reply.header('cache-control', cacheControl(path.slice(folder.length)));
    },
  });
  routes(server, desk);
  await server.listen({ host, port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return { url: `http://${host}:${port}/?token=${token}`, stop: () => server.close() };
}

function routes(server: FastifyInstance, desk: SetupDesk): void {
  const answer = async (act: () => unknown): Promise<SetupAnswer> => {
    try {
      await act();
      return { ok: true, state: desk.state() };
    } catch (error) {
      return complaintOf(error);
    }
  };
  server.get('/setup/state', () => answer(() => undefined));
  server.get('/setup/files', () => desk.files().map(({ id, name, for: label }) => ({ id, name, for: label })));
  server.post('/setup/read', ({ body }) =>
    answer(() => {
      const wanted = bodies.read.parse(body);
      if ('text' in wanted) desk.read(wanted.text);
      else desk.readFound(wanted.file);
    }),
  );
  server.post('/setup/open', ({ body }) => answer(() => desk.open(bodies.open.parse(body).passphrase)));
  server.post('/setup/type', ({ body }) => answer(() => desk.take(typedSchema.parse(body))));
  server.post('/setup/forget', () =>
    answer(() => {
      desk.forget();
    }),
  );
  server.post('/setup/check', () =>
    answer(() => {
      desk.check();
    }),
  );
  server.post('/setup/again', () =>
    answer(() => {
      desk.again();
    }),
  );
  server.post('/setup/start', () => answer(() => desk.start()));
}

/** Sentences of ours; of what was typed in only which field is wrong, never what stood in it. */
function complaintOf(error: unknown): SetupAnswer {
  if (error instanceof z.ZodError) {
    const fields = error.issues.map(({ path }) => path.join('.')).join(', ');
    return { ok: false, code: 'setup_field', message: fields };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
  return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
}
