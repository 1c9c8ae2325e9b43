import { fromPageSchema, type PageGlass, type PageShowing, type ToPage } from '../../../../shared/display-page.ts';
import type { Showing } from '../../../core/display/showing.ts';
import type { Clock, Stop } from '../../../ports/clock.ts';
import type { PageLine } from '../../../ports/display-pages.ts';
import type { DisplayIdentity, DisplaySession } from '../../../ports/display.ts';
import { displayError } from '../problems.ts';
import { glassOf, sameGlass } from './glass.ts';

interface SessionOptions {
  readonly line: PageLine;
  readonly clock: Clock;
  /** For an answer, milliseconds. */
  readonly answerMs: number;
}

type Question = { readonly type: 'show'; readonly showing: PageShowing | null } | { readonly type: 'look' };

/** One page, for as long as it is there. It reads its own glass after it was painted, and that is compared here. */
export class ScreenSession implements DisplaySession {
  readonly #options: SessionOptions;
  readonly #closing = new Set<(reason: string) => void>();
  readonly #stops: readonly Stop[];
  #answered: (id: number, glass: PageGlass | null) => void = () => undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#stops = [
      options.line.onMessage((message) => {
        this.#heard(message);
      }),
      options.line.onClose(() => {
        this.#end('The page is gone.');
      }),
    ];
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async identify(signal: AbortSignal): Promise<DisplayIdentity> {
    await this.#ask({ type: 'look' }, signal);
    return { model: 'page' };
  }

  init(signal: AbortSignal): Promise<void> {
    return this.clear(signal);
  }

  async show({ view, code, title, amount }: Showing, signal: AbortSignal): Promise<void> {
    const showing = { view, code, title, amount };
    const seen = await this.#ask({ type: 'show', showing }, signal);
    if (!sameGlass(seen, glassOf(showing))) throw displayError('display_wrong_content');
  }

  async clear(signal: AbortSignal): Promise<void> {
    const seen = await this.#ask({ type: 'show', showing: null }, signal);
    if (seen !== null) throw displayError('display_wrong_content');
  }

  async check(showing: Showing, signal: AbortSignal): Promise<'right' | 'wrong'> {
    return sameGlass(await this.#ask({ type: 'look' }, signal), glassOf(showing)) ? 'right' : 'wrong';
  }

  setBrightness(): Promise<void> {
    return Promise.resolve();
  }

  /** A page that starts anew is a new page. */
  onDidReset(): Stop {
    return () => undefined;
  }

  onDidClose(callback: (reason: string) => void): Stop {
    if (this.#isClosed) callback('The page is gone.');
    else this.#closing.add(callback);
    return () => this.#closing.delete(callback);
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#end('The connection was closed.');
      this.#options.line.close();
    }
    return Promise.resolve();
  }

  #end(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    for (const callback of this.#closing) callback(reason);
    this.#closing.clear();
  }

  #heard(message: unknown): void {
    const { data } = fromPageSchema.safeParse(message);
    if (data?.type === 'shows') this.#answered(data.id, data.glass);
  }

  /** Tells the page something and gives what it shows afterwards. @throws DisplayError */
  #ask(question: Question, signal: AbortSignal): Promise<PageGlass | null> {
    const { line, clock, answerMs } = this.#options;
    if (this.#isClosed) return Promise.reject(displayError('display_disconnected'));
    if (signal.aborted) return Promise.reject(displayError('display_given_up'));
    const id = (this.#lastId += 1);
    return new Promise<PageGlass | null>((resolve, reject) => {
      const fail = (code: 'display_not_answering' | 'display_given_up' | 'display_disconnected') => () => {
        settle(() => {
          reject(displayError(code));
        });
      };
      const cancel = clock.after(answerMs, fail('display_not_answering'));
      const giveUp = fail('display_given_up');
      const stopWatching = this.onDidClose(fail('display_disconnected'));
      const settle = (end: () => void): void => {
        cancel();
        stopWatching();
        signal.removeEventListener('abort', giveUp);
        this.#answered = () => undefined;
        end();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#answered = (answered, glass) => {
        // Older ones are answers that nobody waits for any more.
        if (answered !== id) return;
        settle(() => {
          resolve(glass);
        });
      };
      line.send({ ...question, id } satisfies ToPage);
    });
  }
}
