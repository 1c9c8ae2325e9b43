import type { HttpAnswer } from '../../src/main/adapters/wallet/error.ts';
import type { HttpRequest } from '../../src/main/adapters/wallet/http.ts';

/**
 * Requests that may have done their work although nothing was heard of it. Whoever sends one of them again must have
 * asked in between (design.md 5, row 3): a queue that is sent again is how a payment is taken twice.
 */
export class Unanswered {
  readonly #open = new Set<string>();

  /** Gives what is wrong with sending this now, if anything is. */
  onSent(request: HttpRequest): string | undefined {
    if (request.method === 'GET') {
      this.#asked(request.path);
      return undefined;
    }
    const act = actOf(request);
    if (act === undefined) return undefined;
    if (this.#open.has(act)) return `${act} was sent again without asking what became of it.`;
    this.#open.add(act);
    return undefined;
  }

  /** It certainly did not leave. */
  onNotSent(request: HttpRequest): void {
    const act = actOf(request);
    if (act !== undefined) this.#open.delete(act);
  }

  onAnswer(request: HttpRequest, { status, text }: HttpAnswer): void {
    const told = (status >= 400 && status < 500) || (status < 300 && !text.startsWith('<'));
    if (told) this.onNotSent(request);
  }

  #asked(path: string): void {
    for (const act of this.#open) {
      const key = act.slice(act.indexOf(' ') + 1);
      const tells = act.startsWith('create ')
        ? path.includes('/transactions?')
        : path.includes(key) || path.includes('/spot');
      if (tells) this.#open.delete(act);
    }
  }
}

/**
 * What a request does and to what; undefined for what may be repeated at will: an order by its key is the same payment
 * however often it is made, and a removed order cannot be removed again.
 */
function actOf({ method, path, body }: HttpRequest): string | undefined {
  const [, key, confirms] = /\/transaction\/([^/]+)(\/confirm)?$/.exec(path) ?? [];
  if (key !== undefined) return `${confirms === undefined ? 'revoke' : 'confirm'} ${key}`;
  if (method !== 'POST' || !path.endsWith('/transaction')) return undefined;
  const offer = /"offer":"([^"]+)"/.exec(body?.toString('utf8') ?? '')?.[1];
  return `create ${offer ?? ''}`;
}
