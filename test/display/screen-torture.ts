import type { Browser, WebSocketRoute } from '@playwright/test';
import { chanceFrom } from '../../sandbox/world/chance.ts';
import { createSystemClock } from '../../src/main/adapters/clock/system.ts';
import { PageDesk } from '../../src/main/adapters/display/screen/desk.ts';
import type { Showing } from '../../src/main/core/display/showing.ts';
import { DisplayKeeper } from '../../src/main/terminal/display.ts';
import { startScreens } from '../../src/main/web/screens.ts';
import { FakeDesk } from '../fakes/screen-desk.ts';
import { showingNumber } from '../main/adapters/display/rig.ts';

/** What came of driving the page of a QR display through many states, in a real browser and in real time. */
interface ScreenReport {
  readonly transitions: number;
  readonly reloads: number;
  readonly cuts: number;
  /** Messages that were lost or came late, both ways. */
  readonly messagesSpoilt: number;
  /** Milliseconds. */
  readonly longestWrong: number;
  readonly violations: readonly string[];
}

interface ScreenTorture {
  readonly browser: Browser;
  /** The built screens. */
  readonly folder: string;
  readonly transitions: number;
  readonly seed: number;
}

const longestAllowed = 2_000;
/** Chances per message and per transition. */
const chances = { lost: 0.025, late: 0.05, reload: 0.03, cut: 0.03 };
const longestDelayMs = 200;
const answerMs = 300;
const quiet = () => undefined;
const noLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const size = { width: 480, height: 320 };

/** What a person sees, in one text; empty when nothing is shown. */
const textOf = ({ code, title, amount }: Showing) => [code ?? '', title, amount].join('|');

/** Watches the glass from outside: what stands there, since when it is wrong, and whether it was ever wanted. */
class Witness {
  readonly violations: string[] = [];
  longestWrong = 0;
  #wanted = '';
  readonly #former = new Set<string>();
  #glass = '';
  #wrongSince: number | undefined;

  want(text: string): void {
    this.#former.add(this.#wanted);
    this.#wanted = text;
    this.#judge();
  }

  see(glass: string): void {
    if (glass !== '' && glass !== this.#wanted && !this.#former.has(glass)) {
      this.violations.push(`It showed what was never wanted: ${glass}`);
    }
    this.#glass = glass;
    this.#judge();
  }

  get isRight(): boolean {
    return this.#glass === this.#wanted;
  }

  #judge(): void {
    const now = performance.now();
    if (this.#wrongSince !== undefined) {
      const lasted = now - this.#wrongSince;
      if (lasted > longestAllowed && this.longestWrong <= longestAllowed) {
        this.violations.push(`It had been wrong for ${Math.round(lasted)} ms: ${this.#glass}, not ${this.#wanted}`);
      }
      this.longestWrong = Math.max(this.longestWrong, lasted);
    }
    const isWrong = this.#glass !== '' && this.#glass !== this.#wanted;
    this.#wrongSince = isWrong ? (this.#wrongSince ?? now) : undefined;
  }
}

/** Runs in the page: tells of each change of the glass. */
function watchGlass(): void {
  let last = '';
  const look = (): void => {
    const shown = document.querySelector('[data-shown]');
    const text = (selector: string) =>
      (shown?.querySelector(selector)?.textContent ?? '').trim().replaceAll(/\s+/gu, ' ');
    const code = shown?.querySelector('canvas')?.dataset['qr'] ?? '';
    const now = shown ? [code, text('[data-title]'), text('[data-amount]')].join('|') : '';
    if (now !== last) (window as unknown as { told(glass: string): void }).told(now);
    last = now;
  };
  // A page begins with nothing on it.
  (window as unknown as { told(glass: string): void }).told('');
  new MutationObserver(look).observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
  });
}

/** Loses and delays messages, and cuts the connection. */
class BadLine {
  spoilt = 0;
  #present: WebSocketRoute | undefined;
  #isSound = false;
  readonly #chance: () => number;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  readonly carry = (page: WebSocketRoute): void => {
    this.#present = page;
    const server = page.connectToServer();
    page.onMessage((message) => {
      this.#pass(() => {
        server.send(message);
      });
    });
    server.onMessage((message) => {
      this.#pass(() => {
        page.send(message);
      });
    });
  };

  cut(): void {
    void this.#present?.close();
  }

  mend(): void {
    this.#isSound = true;
  }

  #pass(send: () => void): void {
    const draw = this.#isSound ? 1 : this.#chance();
    if (draw < chances.lost + chances.late) this.spoilt += 1;
    if (draw < chances.lost) return;
    if (draw < chances.lost + chances.late) setTimeout(send, this.#chance() * longestDelayMs);
    else send();
  }
}

/** Shows many things, one after the other, while messages are lost and late, the page is reloaded and its connection cut. */
export async function tortureScreen({ browser, folder, transitions, seed }: ScreenTorture): Promise<ScreenReport> {
  const chance = chanceFrom(seed);
  const clock = createSystemClock();
  const pages = new PageDesk([{ name: '1', output: undefined }]);
  const token = 'a token of this run only';
  const screens = await startScreens({
    desk: new FakeDesk(),
    pages,
    host: '127.0.0.1',
    port: 0,
    token,
    folder,
    clock,
    log: noLog,
  });
  const [witness, line] = [new Witness(), new BadLine(chance)];
  const page = await browser.newPage({ viewport: size });
  await page.exposeFunction('told', (glass: string) => {
    witness.see(glass);
  });
  await page.addInitScript(watchGlass);
  await page.routeWebSocket(/\/display\?/, line.carry);
  await page.goto(screens.displayUrls['1'] ?? '');
  const display = pages.display('1', { clock, answerMs });
  const keeper = new DisplayKeeper({ display, clock, log: noLog, onProblem: quiet });
  const counts = { reloads: 0, cuts: 0 };
  for (let index = 1; index <= transitions; index += 1) {
    const showing = showingNumber(index);
    witness.want(textOf(showing));
    keeper.show(showing);
    await pause(20 + chance() * 180);
    const draw = chance();
    if (draw < chances.reload) {
      counts.reloads += 1;
      await page.reload();
    } else if (draw < chances.reload + chances.cut) {
      counts.cuts += 1;
      line.cut();
    }
  }
  line.mend();
  const giveUpAt = performance.now() + 20_000;
  while (!witness.isRight && performance.now() < giveUpAt) await pause(20);
  if (!witness.isRight) witness.violations.push('At the end it did not show what it should.');
  await keeper.stop();
  await page.context().close();
  await screens.stop();
  const { longestWrong, violations } = witness;
  return { transitions, ...counts, messagesSpoilt: line.spoilt, longestWrong, violations };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
