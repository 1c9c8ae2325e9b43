import { createHash } from 'node:crypto';
import type { ApiRequest } from './api/request.ts';
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
  | { readonly side: 'merchant'; readonly projectId: number | null; readonly locationId: number | null }
  | { readonly side: 'user'; readonly user: User };

/** As many nonces are remembered for each of the credentials; the oldest go first. */
const rememberedNonces = 20_000;

/** Checks signatures: credentials, MAC, body, time, nonce, in this order (api.md 3, 11.2). */
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

  /** Whose credentials these are, whether or not anything was signed with them. */
  sideOf(authorization: string | undefined): 'merchant' | 'user' | 'unknown' {
    const id = readMacHeader(authorization)?.id;
    if (id === this.#merchant.macId) return 'merchant';
    return this.#world.users.some(({ accessToken }) => accessToken === id) ? 'user' : 'unknown';
  }

  /** @throws ApiError `unauthorized`, `invalid_timestamp` or `invalid_grant` */
  caller(request: ApiRequest): Caller {
    const header = readMacHeader(request.headers.authorization);
    if (!header) throw new ApiError('unauthorized', 'Authorization header with MAC credentials is required');
    const user = this.#world.users.find((each) => each.accessToken === header.id);
    const key = header.id === this.#merchant.macId ? this.#merchant.macKey : user?.macKey;
    if (key === undefined) throw new ApiError('unauthorized', 'Credentials were not found');
    const signed = { method: request.method, uri: request.url, ...addressOf(request.headers.host) };
    if (!isSignedWith(key, header, signed)) throw new ApiError('unauthorized', 'MAC is invalid');
    if (!vouchesForBody(header.ext, request.body)) throw new ApiError('unauthorized', 'Body hash is invalid');
    this.#checkTime(header.ts);
    this.#checkNonce(`${header.id} ${header.ts} ${header.nonce}`);
    if (user?.tokenExpired) throw new ApiError('invalid_grant', 'Token has expired');
    return user ? { side: 'user', user } : { side: 'merchant', ...idsIn(header.ext) };
  }

  #checkTime(ts: string): void {
    const off = Number(ts) - this.seconds();
    if (!/^\d+$/.test(ts) || Math.abs(off) > this.#world.switches.clockToleranceSeconds) {
      throw new ApiError('invalid_timestamp', off > 0 ? 'Timestamp is in future' : 'Timestamp lifetime exceeded');
    }
  }

  #checkNonce(used: string): void {
    const { replayedNonce } = this.#world.switches;
    const short = createHash('sha256').update(used).digest('base64');
    if (this.#nonces.has(short) && replayedNonce !== 'accepted') {
      throw new ApiError(replayedNonce, 'Nonce was already used');
    }
    this.#nonces.add(short);
    const [oldest] = this.#nonces;
    if (this.#nonces.size > rememberedNonces && oldest !== undefined) this.#nonces.delete(oldest);
  }
}

/** Host and port that the client called; without a port it is that of plain HTTP. @throws ApiError */
function addressOf(host = ''): { readonly host: string; readonly port: number } {
  const match = /^(\[[\da-f:.]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?$/i.exec(host);
  if (!match?.[1]) throw new ApiError('invalid_request', 'Host header is missing or wrong');
  return { host: match[1].toLowerCase(), port: Number(match[2] ?? 80) };
}

/** On whose behalf a merchant acts (api.md 3.2). */
function idsIn(ext: string): { projectId: number | null; locationId: number | null } {
  const pairs = new URLSearchParams(ext);
  const id = (name: string) => {
    const text = pairs.get(name) ?? '';
    return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
  };
  return { projectId: id('project_id'), locationId: id('location_id') };
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
