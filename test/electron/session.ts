import { EventEmitter } from 'node:events';
import { preventable } from './events.ts';
import { note } from './journal.ts';
import { chromium, runtime } from './runtime.ts';

type Handler = (request: Request) => Response | Promise<Response>;
type RequestHandler = (contents: unknown, permission: string, decide: (granted: boolean) => void) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string) => boolean;

/** Chromium's permission for each of Electron's that tests ask for. */
const permissions: readonly (readonly [chromium: string, electron: string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['camera', 'media'],
  ['microphone', 'media'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['idle-detection', 'idle-detection'],
  ['window-management', 'window-management'],
];

/** Answers for the custom schemes. */
class StandInProtocol {
  readonly handlers = new Map<string, Handler>();

  handle(scheme: string, handler: Handler): void {
    if (this.handlers.has(scheme)) throw new Error(`The scheme ${scheme} is handled already.`);
    this.handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    this.handlers.delete(scheme);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.handlers.has(scheme);
  }

  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string; readonly privileges?: object }[]): void {
    if (runtime.ready) throw new Error('Schemes must be declared before Electron is ready.');
    for (const { scheme, privileges } of schemes) {
      runtime.schemes.add(scheme);
      note('scheme', { scheme, privileges });
    }
  }
}

/**
 * The default session. Electron asks the handlers when the page asks; Chromium's protocol cannot, so they are asked
 * beforehand for each permission, and Chromium told the result. Without handlers Electron grants, and so does this.
 */
export class StandInSession extends EventEmitter {
  readonly protocol = new StandInProtocol();
  #request: RequestHandler | null = null;
  #check: CheckHandler | null = null;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#request = handler;
    note('handler', { name: 'permission-request' });
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#check = handler;
    note('handler', { name: 'permission-check' });
  }

  setDevicePermissionHandler(handler: ((details: object) => boolean) | null): void {
    note('handler', { name: 'device-permission', grants: handler?.({ deviceType: 'serial', origin: '' }) ?? true });
  }

  /** Tells Chromium what the handlers decide; done before each load. */
  async applyPermissions(origin: string): Promise<void> {
    const { devtools } = await chromium();
    for (const [name, electronName] of permissions) {
      const setting = this.#grants(electronName, origin) ? 'granted' : 'denied';
      await devtools.send('Browser.setPermission', { permission: { name }, setting });
    }
  }

  /** A download was about to begin. Chromium has been told to allow none; the listeners are told as Electron does. */
  announceDownload(address: string): void {
    const event = preventable({});
    this.emit('will-download', event, { getURL: () => address }, undefined);
    note('download', { address, prevented: event.defaultPrevented });
  }

  #grants(permission: string, origin: string): boolean {
    if (this.#check && !this.#check(null, permission, origin)) return false;
    let granted = true;
    this.#request?.(null, permission, (decision) => {
      granted = decision;
    });
    return granted;
  }
}

export const defaultSession: StandInSession = new StandInSession();
export const session = { defaultSession };
export const protocol = defaultSession.protocol;
