import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Lets in only who shows the token, and on loopback only who names this machine: a page in a browser may have had its
 * name pointed here (DNS rebinding). Browsers get no leave to read answers either: there are no CORS headers.
 */
export function guardTill(server: FastifyInstance, { host, token }: { host: string; token: string }): void {
  server.addHook('onRequest', (request, reply, next) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (loopback.has(host) && !loopback.has(hostnameOf(request))) {
      next(new ProblemError(403, 'wrong_host', 'Ask for this machine by 127.0.0.1 or localhost.'));
    } else if (!shows(request.headers.authorization, token)) {
      reply.header('www-authenticate', 'Bearer realm="till"');
      next(
        new ProblemError(
          401,
          'token_wrong',
          'Send the header "Authorization: Bearer …" with the token of this terminal.',
        ),
      );
    } else next();
  });
}

function hostnameOf(request: FastifyRequest): string {
  const origin = `http://${request.headers.host ?? ''}`;
  return URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, '') : '';
}

function shows(header: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '');
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
