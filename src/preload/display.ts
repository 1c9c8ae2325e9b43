import { contextBridge, ipcRenderer } from 'electron';
import { displayChannels } from '../shared/display-channels.ts';

/**
 * The only door between main and a page that stands for a QR display: what it is told, and what it says it shows. Main
 * parses what comes through it, and so does the page.
 */

const callbacks = new Set<(message: unknown) => void>();

ipcRenderer.on(displayChannels.down, (_event, message: unknown) => {
  for (const callback of callbacks) callback(message);
});

contextBridge.exposeInMainWorld('displayLine', {
  onMessage(callback: (message: unknown) => void): void {
    callbacks.add(callback);
  },
  send(message: unknown): void {
    ipcRenderer.send(displayChannels.up, message);
  },
});
