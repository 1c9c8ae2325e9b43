import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookieFor, displayTokenFor, isOwnHost, isOwnOrigin, sameSecret } from './access.ts';

/** The page that stands for a QR display, and where its messages go. */
export const displayPage = '/display.html';
export const displaySocket = '/display';

interface GuardOptions {
  readonly host: string;
  readonly token: string;
}

/** Somebody whom a token lets in: to which page, with which cookie, and how far. */
interface Guest {
  readonly token: string;
  /** The only path at which the token is looked at. */
  readonly door: string;
  readonly cookie: string;
  readonly mayOpen: (path: string) => boolean;
}

function guestsOf(token: string): readonly Guest[] {
  return [
    { token, door: '/', cookie: 'terminal', mayOpen: () => true },
    {
      token: displayTokenFor(token),
      door: displayPage,
      cookie: 'terminal_display',
      mayOpen: (path) => path === displayPage || path === displaySocket || /^\/assets\/[\w.-]+$/.test(path),
    },
  ];
}

/**
 * Lets nobody in without a cookie, files included. The cookie is given for a token, at the page that the token is for; and
 * because browsers send cookies to every port of a host, its name holds the port.
 */
export function guardServer(server: FastifyInstance, { host, token }: GuardOptions): void {
  const guests = guestsOf(token);
  const nameOfCookie = ({ cookie }: Guest): string => `${cookie}_${(server.server.address() as AddressInfo).port}`;

  function hasCookie(request: FastifyRequest, guest: Guest): boolean {
    const value = request.cookies[nameOfCookie(guest)];
    return value !== undefined && sameSecret(value, cookieFor(guest.token));
  }

  async function letIn(reply: FastifyReply, guest: Guest, address: string): Promise<FastifyReply> {
    reply.setCookie(nameOfCookie(guest), cookieFor(guest.token), { httpOnly: true, sameSite: 'strict', path: '/' });
    return reply.redirect(address, 303);
  }

  server.addHook('onRequest', async (request, reply) => {
    if (!isOwnHost(request.headers.host, host)) return refuse(reply, wrongHost);
    if (request.ws && !isOwnOrigin(request.headers.origin, request.headers.host)) return refuse(reply, wrongOrigin);
    const { path, query } = addressOf(request);
    const atDoor = guests.find(({ door }) => door === path);
    const shown = request.method === 'GET' && !request.ws && atDoor ? query.get('token') : null;
    if (shown === null || !atDoor) {
      return guests.some((guest) => guest.mayOpen(path) && hasCookie(request, guest))
        ? undefined
        : refuse(reply, notLetIn);
    }
    if (!sameSecret(shown, atDoor.token)) return refuse(reply, wrongToken);
    query.delete('token');
    return letIn(reply, atDoor, query.size > 0 ? `${path}?${query.toString()}` : path);
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

function addressOf({ url }: FastifyRequest): { path: string; query: URLSearchParams } {
  const at = url.indexOf('?');
  return at < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}
