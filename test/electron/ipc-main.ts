import { EventEmitter } from 'node:events';

type InvokeHandler = (event: object, ...values: unknown[]) => unknown;

/** Main's end of the messages. */
class StandInIpcMain extends EventEmitter {
  readonly #handlers = new Map<string, InvokeHandler>();

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** A page asks; rejects as Electron does when nobody answers. */
  async invoke(channel: string, event: object, values: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (!handler) throw new Error(`Error invoking remote method '${channel}': No handler registered`);
    return await handler(event, ...values);
  }
}

export const ipcMain = new StandInIpcMain();
