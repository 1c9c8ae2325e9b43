import { screen, type BrowserWindowConstructorOptions } from 'electron';
import { serveDisplayPagesByIpc, type DisplayPageIpc } from '../ipc/display-pages.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { DisplayPage, DisplayPages } from '../ports/display-pages.ts';
import type { Log } from '../ports/log.ts';
import { placePages, type Output } from './outputs.ts';
import { PageWindow } from './page-window.ts';
import { home } from './scheme.ts';

export interface DisplayWindowsOptions {
  readonly pages: DisplayPages;
  /** The built preload of these pages, an absolute path. */
  readonly preload: string;
  readonly clock: Clock;
  readonly log: Log;
  /** True on the counter: each on its monitor. False: ordinary windows. */
  readonly kiosk: boolean;
  readonly developer: boolean;
}

/** A window, and what it is on. */
interface Present {
  readonly window: PageWindow;
  /** Of its monitor; a monitor that moves or changes gets a new window. */
  readonly place: string;
}

/** After a page was lost again and again, milliseconds. */
const hopelessForMs = 60_000;
const changes = ['display-added', 'display-removed', 'display-metrics-changed'] as const;

/**
 * Opens a window for each QR display that is a page, on its own monitor, and follows monitors that come, go and change.
 * Electron must be ready and the scheme served. Ends when the returned function is called.
 */
export function openDisplayWindows(options: DisplayWindowsOptions): Stop {
  const { pages, log, kiosk } = options;
  if (pages.pages.length === 0) return () => undefined;
  const ipc = serveDisplayPagesByIpc({ pages, log, home });
  const windows = new DisplayWindows(options, ipc);
  const place = (): void => {
    if (kiosk) windows.place(screen.getAllDisplays(), screen.getPrimaryDisplay().id);
    else windows.openOrdinary();
  };
  place();
  if (kiosk) listen('on', place);
  return () => {
    listen('off', place);
    windows.stop();
    ipc.stop();
  };
}

/** Each event has an overload of its own in Electron's types. */
function listen(how: 'on' | 'off', callback: () => void): void {
  const events = screen as unknown as Record<'on' | 'off', (event: string, callback: () => void) => void>;
  for (const change of changes) events[how](change, callback);
}

class DisplayWindows {
  readonly #options: DisplayWindowsOptions;
  readonly #ipc: DisplayPageIpc;
  readonly #present = new Map<string, Present>();
  readonly #waits = new Set<Stop>();

  constructor(options: DisplayWindowsOptions, ipc: DisplayPageIpc) {
    this.#options = options;
    this.#ipc = ipc;
  }

  place(outputs: readonly Output[], ownId: number): void {
    const { pages, log } = this.#options;
    log.info('Monitors for QR displays.', {
      monitors: outputs.map(({ id, label, bounds }) => ({ id, label, ...bounds, own: id === ownId })),
    });
    for (const [name, placement] of placePages(pages.pages, outputs, ownId)) {
      const place = 'output' in placement ? JSON.stringify([placement.output.id, placement.output.bounds]) : '';
      const former = this.#present.get(name);
      if (former?.place === place) continue;
      former?.window.stop();
      this.#present.delete(name);
      pages.trouble(name, 'trouble' in placement ? placement.trouble : null);
      if ('output' in placement) this.#open(name, place, { ...placement.output.bounds, ...covering });
    }
  }

  openOrdinary(): void {
    for (const { name } of this.#options.pages.pages) this.#open(name, 'window', { width: 800, height: 480 });
  }

  stop(): void {
    for (const cancel of this.#waits) cancel();
    for (const { window } of this.#present.values()) window.stop();
    this.#present.clear();
  }

  #open(name: string, place: string, shape: BrowserWindowConstructorOptions): void {
    const { clock, log, kiosk } = this.#options;
    const window = new PageWindow({
      ...this.#options,
      address: addressOf({ name }),
      closable: !kiosk,
      shape,
      attach: (contents) => {
        this.#ipc.attach(contents, name);
      },
      onClosed: () => {
        log.info('The window of a QR display was closed.', { display: name });
      },
      // Without this display the terminal goes on: staff are told, and it is tried again.
      onHopeless: () => {
        window.stop();
        const cancel = clock.after(hopelessForMs, () => {
          this.#waits.delete(cancel);
          if (this.#present.get(name)?.window === window) this.#open(name, place, shape);
        });
        this.#waits.add(cancel);
      },
    });
    this.#present.set(name, { window, place });
    window.open();
  }
}

/** All of its monitor, with nothing around it. */
const covering = { kiosk: true, frame: false, fullscreen: true, alwaysOnTop: true } as const;

function addressOf({ name }: Pick<DisplayPage, 'name'>): string {
  return `${home}display.html?${new URLSearchParams({ name }).toString()}`;
}
