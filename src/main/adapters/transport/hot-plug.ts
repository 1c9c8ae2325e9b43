import { existsSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Stop } from '../../ports/clock.ts';

/** A slow look for what the watching misses, milliseconds: folders that come and go, systems without watching. */
const lookEveryMs = 2_000;

/**
 * Calls back when a device file appears: its folder is watched, and looked into now and then besides (hardware.md 3: a
 * folder may not exist before its first device).
 */
export function watchDevice(path: string, clock: Clock, onDidAppear: () => void): Stop {
  let present = existsSync(path);
  let watcher: FSWatcher | undefined;
  let stopTimer: Stop = () => undefined;

  const look = (): void => {
    const before = present;
    present = existsSync(path);
    if (present && !before) onDidAppear();
  };
  const unwatch = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  const tryToWatch = (): void => {
    if (watcher || !existsSync(dirname(path))) return;
    try {
      watcher = watch(dirname(path), { persistent: false }, (_kind, name) => {
        if (name === null || name === basename(path)) look();
      });
      // The folder is gone; the slow look goes on and watches again when it is back.
      watcher.on('error', unwatch);
    } catch {
      // No watching here: the slow look is enough.
      unwatch();
    }
  };
  const lookSlowly = (): void => {
    if (watcher && !existsSync(dirname(path))) unwatch();
    tryToWatch();
    look();
    stopTimer = clock.after(lookEveryMs, lookSlowly);
  };
  tryToWatch();
  stopTimer = clock.after(lookEveryMs, lookSlowly);
  return () => {
    stopTimer();
    unwatch();
  };
}
