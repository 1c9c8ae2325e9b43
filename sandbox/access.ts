import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isSignedWith, readMacHeader, vouchesForBody } from './mac.ts';
import { ApiError, type User } from './world/types.ts';
import type { World } from './world/world.ts';

/** Who may call the merchant's side. */
export interface Merchant {
  readonly macId: string;
  readonly macKey: string;
}

/** Who a request comes from. */
export type Caller =
  { readonly side: 'merchant'; readonly projectId: number | null } | { readonly side: 'user'; readonly user: User };

/** Nonces are remembered for as long as their timestamps would be taken. */
const rememberNonces = 20_000;

/** Checks signatures: id, time, nonce, body, MAC, in this order of the sentences (api.md 3, 11.2). */
export class Gate {
  readonly #world: World;
  readonly #merchant: Merchant;
  readonly #nonces = new Set<string>();
  /** Seconds by which the sandbox's clock is off: for testers. */
  offsetSeconds = 0;

  constructor(world: World, merchant: Merchant) {
    this.#world = world;
    this.#merchant = merchant;
  }

  /** The API's clock, in UNIX seconds. */
  seconds(): number {
    return Math.floor(this.#world.now() / 1000) + this.offsetSeconds;
  }

  /** @throws ApiError `unauthorized` or `invalid_timestamp` */
  caller(request: FastifyRequest, body: Uint8Array): Caller {
    const header = readMacHeader(request.headers.authorization);
    if (!header) throw new ApiError('unauthorized', 'Authorization header with MAC credentials is required');
    const user = this.#world.users.find((each) => each.accessToken === header.id);
    const key = header.id === this.#merchant.macId ? this.#merchant.macKey : user?.macKey;
    if (key === undefined) throw new ApiError('unauthorized', 'Credentials were not found');
    const { hostname, port } = new URL(`http://${request.headers.host ?? ''}`);
    const signed = {
      method: request.method,
      uri: request.raw.url ?? '',
      host: hostname,
      port: Number(port || 80),
      body,
    };
    if (!isSignedWith(key, header, signed)) throw new ApiError('unauthorized', 'MAC is invalid');
    if (!vouchesForBody(header.ext, body)) throw new ApiError('unauthorized', 'Body hash is invalid');
    this.#checkTime(header.ts);
    this.#checkNonce(`${header.id} ${header.ts} ${header.nonce}`);
    const projectId = Number(new URLSearchParams(header.ext).get('project_id'));
    return user ? { side: 'user', user } : { side: 'merchant', projectId: projectId || null };
  }

  #checkTime(ts: string): void {
    const off = Number(ts) - this.seconds();
    if (!/^\d+$/.test(ts) || Math.abs(off) > this.#world.switches.clockToleranceSeconds) {
      throw new ApiError('invalid_timestamp', off > 0 ? 'Timestamp is in future' : 'Timestamp lifetime exceeded');
    }
  }

  #checkNonce(used: string): void {
    const short = createHash('sha256').update(used).digest('base64');
    if (this.#nonces.has(short)) throw new ApiError('unauthorized', 'Nonce was already used');
    this.#nonces.add(short);
    if (this.#nonces.size > rememberNonces) {
      for (const oldest of this.#nonces) {
        this.#nonces.delete(oldest);
        break;
      }
    }
  }
}

/** @throws ApiError `forbidden` when the caller is not a user */
export function asUser(caller: Caller): User {
  if (caller.side !== 'user') throw new ApiError('forbidden', 'Access token of a user is required');
  return caller.user;
}

/** @throws ApiError `forbidden` when the caller is not the merchant */
export function asMerchant(caller: Caller): Extract<Caller, { side: 'merchant' }> {
  if (caller.side !== 'merchant') throw new ApiError('forbidden', 'Merchant credentials are required');
  return caller;
}
