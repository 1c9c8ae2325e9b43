import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookieFor, isOwnHost, isOwnOrigin, sameSecret } from './access.ts';

interface GuardOptions {
  readonly host: string;
  readonly token: string;
}

/**
 * Lets nobody in without the cookie, files included. The cookie is given for the token, at `/`; and because browsers send
 * cookies to every port of a host, its name holds the port.
 */
export function guardServer(server: FastifyInstance, { host, token }: GuardOptions): void {
  const secret = cookieFor(token);
  const nameOfCookie = (): string => `terminal_${(server.server.address() as AddressInfo).port}`;

  function hasCookie(request: FastifyRequest): boolean {
    const value = request.cookies[nameOfCookie()];
    return value !== undefined && sameSecret(value, secret);
  }

  async function letIn(reply: FastifyReply): Promise<FastifyReply> {
    reply.setCookie(nameOfCookie(), secret, { httpOnly: true, sameSite: 'strict', path: '/' });
    return reply.redirect('/', 303);
  }

  server.addHook('onRequest', async (request, reply) => {
    if (!isOwnHost(request.headers.host, host)) return refuse(reply, wrongHost);
    if (request.ws && !isOwnOrigin(request.headers.origin, request.headers.host)) return refuse(reply, wrongOrigin);
    const shown = tokenOf(request);
    if (shown === undefined) return hasCookie(request) ? undefined : refuse(reply, notLetIn);
    return sameSecret(shown, token) ? letIn(reply) : refuse(reply, wrongToken);
  });
}

const wrongHost = 'This address is not the terminal’s own: open the address that it prints when it starts.';
const wrongOrigin = 'Only the terminal’s own screens may connect here.';
const wrongToken = 'The token in the address is not this terminal’s: open the address that it prints when it starts.';
const notLetIn =
  'These are a payment terminal’s screens: open the address, with its token, that it prints when it starts.';

async function refuse(reply: FastifyReply, sentence: string): Promise<FastifyReply> {
  return reply.code(403).type('text/plain; charset=utf-8').send(`${sentence}\n`);
}

/** The token of `GET /?token=…`; a token anywhere else is not looked at. */
function tokenOf(request: FastifyRequest): string | undefined {
  const [path, search = ''] = request.url.split('?', 2);
  if (request.method !== 'GET' || path !== '/' || request.ws) return undefined;
  return new URLSearchParams(search).get('token') ?? undefined;
}
