import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { BrowserError, BrowserPipe } from './pipe.ts';
import { complaintAbout, probe } from './probe.ts';

/** The longest that one look at the page may take, milliseconds. */
const lookWithinMs = 3_000;
/** The first look comes after so many pauses. */
const firstLookAfter = 3;
/** Looks in a row that may be bad before the page is loaded again, and before the browser is given up. */
const badUntilReload = 2;
const badUntilGivenUp = 4;

/** What to do after so many bad looks in a row. */
export function remedyAfter(badLooks: number): 'wait' | 'reload' | 'giveUp' {
  if (badLooks >= badUntilGivenUp) return 'giveUp';
  return badLooks === badUntilReload ? 'reload' : 'wait';
}

export interface KeepOptions {
  /** The browser's pipes. */
  readonly to: Writable;
  readonly from: Readable;
  /** The screens, with the token. */
  readonly url: string;
  /** Between two looks at the page, milliseconds. */
  readonly lookEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The browser cannot be brought to show the screens. */
  readonly onHopeless: () => void;
}

const targetSchema = z.object({ targetId: z.string(), type: z.string() });
const targetsSchema = z.object({ targetInfos: z.array(targetSchema) });
const createdSchema = z.object({ targetInfo: targetSchema });
const attachedSchema = z.object({ sessionId: z.string() });

/**
 * Keeps one page of a browser at the terminal's screens: opens them, looks again and again whether they are there, loads
 * them anew when not, closes every other page that comes up, and gives up when all that does not help.
 * @throws BrowserError when the screens cannot even be opened
 */
export async function keepScreens(options: KeepOptions): Promise<Stop> {
  const keeper = new Keeper(options);
  await keeper.open();
  return () => {
    keeper.stop();
  };
}

class Keeper {
  readonly #options: KeepOptions;
  readonly #pipe: BrowserPipe;
  #page = '';
  #sessionId = '';
  #badLooks = 0;
  #timer: Stop = () => undefined;
  #stopped = false;

  constructor(options: KeepOptions) {
    this.#options = options;
    this.#pipe = new BrowserPipe(options, (method, params) => {
      if (method === 'Target.targetCreated') this.#closeStranger(params);
    });
  }

  async open(): Promise<void> {
    const { targetInfos } = targetsSchema.parse(await this.#pipe.ask({ method: 'Target.getTargets' }));
    const page = targetInfos.find(({ type }) => type === 'page');
    if (!page) throw new BrowserError('The browser has no page.');
    this.#page = page.targetId;
    const params = { targetId: page.targetId, flatten: true };
    const attached = await this.#pipe.ask({ method: 'Target.attachToTarget', params });
    this.#sessionId = attachedSchema.parse(attached).sessionId;
    await this.#load();
    await this.#pipe.ask({ method: 'Target.setDiscoverTargets', params: { discover: true } });
    // On a small board the first loading takes its time.
    this.#lookLater(firstLookAfter * this.#options.lookEveryMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer();
  }

  async #load(): Promise<void> {
    await this.#pipe.ask({ method: 'Page.navigate', params: { url: this.#options.url }, sessionId: this.#sessionId });
  }

  #lookLater(afterMs = this.#options.lookEveryMs): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(afterMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const complaint = await this.#complaint();
    if (this.#stopped) return;
    if (complaint === null) this.#badLooks = 0;
    else await this.#remedy(complaint);
    this.#lookLater();
  }

  async #complaint(): Promise<string | null> {
    try {
      const params = { expression: probe, awaitPromise: true, returnByValue: true };
      const asked = { method: 'Runtime.evaluate', params, sessionId: this.#sessionId, withinMs: lookWithinMs };
      return complaintAbout(await this.#pipe.ask(asked));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async #remedy(complaint: string): Promise<void> {
    const { log, onHopeless } = this.#options;
    this.#badLooks += 1;
    const remedy = remedyAfter(this.#badLooks);
    log.warn('The screen is not as it should be.', { complaint, badLooks: this.#badLooks, remedy });
    if (remedy === 'giveUp') {
      this.stop();
      onHopeless();
    } else if (remedy === 'reload') {
      await this.#load().catch((error: unknown) => {
        log.warn('The screens could not be loaded again.', { reason: String(error) });
      });
    }
  }

  /** A second page has no business on a terminal. */
  #closeStranger(params: unknown): void {
    const parsed = createdSchema.safeParse(params);
    if (!parsed.success) return;
    const { type, targetId } = parsed.data.targetInfo;
    if (type !== 'page' || targetId === this.#page) return;
    this.#options.log.warn('A second page came up in the browser and is closed.');
    this.#pipe.ask({ method: 'Target.closeTarget', params: { targetId } }).catch((error: unknown) => {
      this.#options.log.warn('A second page could not be closed.', { reason: String(error) });
    });
  }
}
