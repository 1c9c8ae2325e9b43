import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { screenSize } from './browser-window.ts';

/** The environment variable that names a file with the monitors; what is written there is plugged in from then on. */
export const monitorsVariable = 'ELECTRON_STAND_IN_MONITORS';

/** A monitor, as far as the stand-in has any. The first is the primary one. */
export interface Monitor {
  readonly id: number;
  readonly label: string;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const usual: readonly Monitor[] = [{ id: 1, label: 'Stand-in', bounds: { x: 0, y: 0, ...screenSize } }];
const lookEveryMs = 50;

/** Electron's screen. Somebody who listens hears of monitors that come, go and change. */
class StandInScreen extends EventEmitter {
  #last = '';

  constructor() {
    super();
    const file = process.env[monitorsVariable];
    if (file === undefined) return;
    this.#last = readFileSync(file, 'utf8');
    setInterval(() => {
      this.#look(file);
    }, lookEveryMs).unref();
  }

  getAllDisplays(): readonly Monitor[] {
    return this.#last === '' ? usual : (JSON.parse(this.#last) as Monitor[]);
  }

  getPrimaryDisplay(): Monitor | undefined {
    return this.getAllDisplays()[0];
  }

  #look(file: string): void {
    const now = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // Read while it was written: another look follows.
    if (now === this.#last || !now.endsWith(']')) return;
    const [before, after] = [this.getAllDisplays().length, (JSON.parse(now) as Monitor[]).length];
    this.#last = now;
    const more = after > before ? 'display-added' : 'display-removed';
    this.emit(after === before ? 'display-metrics-changed' : more, {});
  }
}

export const screen = new StandInScreen();
