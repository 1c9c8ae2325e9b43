/** What `import … from 'electron'` gives in main when the stand-in is in its place (register.mjs). */
import { note } from './journal.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { screen } from './screen.ts';
export { protocol, session } from './session.ts';

Object.defineProperty(process.versions, 'electron', { value: '45.0.0-stand-in', enumerable: true });

export const Menu = {
  setApplicationMenu(menu: unknown): void {
    note('menu', { menu });
  },
};

const blockers = new Map<number, string>();

export const powerSaveBlocker = {
  start(type: string): number {
    const id = blockers.size + 1;
    blockers.set(id, type);
    note('power-save-blocker', { type });
    return id;
  },
  isStarted: (id: number): boolean => blockers.has(id),
  stop: (id: number): boolean => blockers.delete(id),
};
