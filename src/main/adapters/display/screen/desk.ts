import type { Clock, Stop } from '../../../ports/clock.ts';
import type { Attached, DisplayPage, DisplayPages, PageLine, PageTrouble } from '../../../ports/display-pages.ts';
import type { DisplayCapabilities, DisplayPort } from '../../../ports/display.ts';
import { displayError } from '../problems.ts';
import { ScreenSession } from './session.ts';

const capabilities: DisplayCapabilities = {
  verify: 'readback',
  // Any text that a spot code can be has a symbol.
  refuses: () => null,
  brightness: false,
};

/** A page's place: empty, or with the page that came first and is still there. */
class Place {
  readonly page: DisplayPage;
  trouble: PageTrouble | null = null;
  line: PageLine | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(page: DisplayPage) {
    this.page = page;
  }

  take(line: PageLine): void {
    this.line = line;
    this.trouble = null;
    line.onClose(() => {
      if (this.line === line) this.line = undefined;
    });
    for (const callback of this.#waiting) callback();
  }

  onAppear(callback: () => void): Stop {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }
}

/** Where pages come to be the displays that the configuration calls `screen`. */
export class PageDesk implements DisplayPages {
  readonly #places: ReadonlyMap<string, Place>;

  constructor(pages: readonly DisplayPage[]) {
    this.#places = new Map(pages.map((page) => [page.name, new Place(page)]));
  }

  get pages(): readonly DisplayPage[] {
    return [...this.#places.values()].map(({ page }) => page);
  }

  attach(name: string, line: PageLine): Attached {
    const place = this.#places.get(name);
    if (!place) return 'unknown';
    if (place.line) return 'occupied';
    place.take(line);
    return 'attached';
  }

  trouble(name: string, trouble: PageTrouble | null): void {
    const place = this.#places.get(name);
    if (place) place.trouble = trouble;
  }

  /** The display of that name. Each connection to it is to the page that is there. */
  display(name: string, { clock, answerMs }: { readonly clock: Clock; readonly answerMs: number }): DisplayPort {
    const place = this.#places.get(name);
    if (!place) throw new Error(`There is no page for a display "${name}".`);
    return {
      name,
      capabilities,
      brightness: 100,
      onDidAppear: (callback) => place.onAppear(callback),
      connect() {
        const { line, trouble } = place;
        if (!line) return Promise.reject(displayError(trouble ?? 'display_not_found'));
        return Promise.resolve(new ScreenSession({ line, clock, answerMs }));
      },
    };
  }
}
