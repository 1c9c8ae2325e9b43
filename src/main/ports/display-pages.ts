import type { ToPage } from '../../shared/display-page.ts';
import type { Stop } from './clock.ts';

/** A page that is there, on whatever carries its messages. */
export interface PageLine {
  send(message: ToPage): void;
  /** Calls back with each message of the page as it came: not parsed yet. */
  onMessage(callback: (message: unknown) => void): Stop;
  /** Calls back once when the page is gone; at once when it is gone already. */
  onClose(callback: () => void): Stop;
  /** Has the page start anew. */
  close(): void;
}

/** A QR display that is a page: on a monitor of its own, or in a browser's window. */
export interface DisplayPage {
  /** The name that the configuration gives it. */
  readonly name: string;
  /** Name or number of the monitor; left out, the only one beside the terminal's own. */
  readonly output: string | undefined;
}

/** Why there can be no page. */
export type PageTrouble = 'display_not_found' | 'display_ambiguous';

/** What became of a page that came. */
export type Attached = 'attached' | 'occupied' | 'unknown';

/** Where the hosts of screens bring the pages that stand for QR displays. */
export interface DisplayPages {
  readonly pages: readonly DisplayPage[];
  /** A page is there. It is turned away while another one is that display: two would take it from each other for ever. */
  attach(name: string, line: PageLine): Attached;
  /** Says why there is no page; null when that is over. */
  trouble(name: string, trouble: PageTrouble | null): void;
}
