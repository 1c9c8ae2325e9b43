import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { fromChromium, toChromium } from './address.ts';
import type { Devtools, Fields } from './devtools.ts';
import { isPrevented } from './events.ts';
import { Frames, type Frame } from './frames.ts';
import { ipcMain } from './ipc-main.ts';
import { note } from './journal.ts';
import { bindingName, isolatedWorld, isolatedWorldScript, mainWorldScript } from './page-scripts.ts';
import { answerRequest } from './requests.ts';
import { chromium, runtime } from './runtime.ts';
import { defaultSession } from './session.ts';

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

interface PageOptions {
  readonly preload?: string | undefined;
  /** CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
}

let lastId = 0;

/** A page in Chromium, with the preload in its isolated world. */
export class StandInWebContents extends EventEmitter {
  readonly id = ++lastId;
  readonly session = defaultSession;
  readonly #options: PageOptions;
  readonly #frames = new Frames();
  readonly #offs: (() => void)[] = [];
  #devtools: Devtools | undefined;
  #sessionId = '';
  #targetId = '';
  #destroyed = false;
  #windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' });
  /** The address that main itself asked for: no `will-navigate` for that. */
  #expected: string | undefined;
  readonly #prepared: Promise<void>;

  constructor(options: PageOptions) {
    super();
    this.#options = options;
    this.#prepared = this.#prepare();
    // A failure is met by whoever loads a page; nobody may be waiting before that.
    this.#prepared.catch(() => undefined);
  }

  get mainFrame(): Frame | null {
    return this.#frames.main;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpenHandler = handler;
  }

  setIgnoreMenuShortcuts(ignore: boolean): void {
    note('setting', { name: 'ignoreMenuShortcuts', value: ignore });
  }

  setZoomFactor(factor: number): void {
    note('setting', { name: 'zoomFactor', value: factor });
  }

  setVisualZoomLevelLimits(least: number, most: number): Promise<void> {
    note('setting', { name: 'visualZoomLevelLimits', value: [least, most] });
    return Promise.resolve();
  }

  /** Loads an address; resolves when the page has loaded, rejects when it cannot be. */
  async loadURL(address: string): Promise<void> {
    await this.#prepared;
    await defaultSession.applyPermissions(new URL(address).origin);
    const url = toChromium(address, runtime.schemes);
    this.#expected = url;
    const loaded = new Promise<void>((resolve) => this.once('did-finish-load', resolve));
    const { errorText } = await this.#send('Page.navigate', { url });
    if (typeof errorText === 'string' && errorText !== '') {
      this.emit('did-fail-load', {}, -2, errorText, address, true);
      throw new Error(`${errorText} loading '${address}'`);
    }
    await loaded;
  }

  getURL(): string {
    return this.#frames.main?.url ?? '';
  }

  reload(): void {
    this.#expected = toChromium(this.getURL(), runtime.schemes);
    note('reload', { url: this.getURL() });
    this.#later('Page.reload');
  }

  forcefullyCrashRenderer(): void {
    this.#later('Page.crash');
  }

  /** Sends to the preload; like Electron's, lost when there is no page to hear it. */
  send(channel: string, ...values: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    this.#deliver({ channel, values });
  }

  /** Closes the page for good. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const off of this.#offs) off();
    void this.#prepared.then(
      () => this.#devtools?.send('Target.closeTarget', { targetId: this.#targetId }).catch(() => undefined),
      () => undefined,
    );
    this.emit('destroyed');
  }

  async #prepare(): Promise<void> {
    const { devtools } = await chromium();
    this.#devtools = devtools;
    const mark = `about:blank#${randomBytes(8).toString('hex')}`;
    const attached = new Promise<string>((resolve) => {
      const off = devtools.on('Target.attachedToTarget', ({ targetInfo, sessionId }) => {
        const info = targetInfo as { targetId: string; url: string; type: string };
        if (info.url !== mark) return;
        off();
        this.#targetId = info.targetId;
        resolve(String(sessionId));
      });
    });
    await devtools.send('Target.createTarget', { url: mark, newWindow: true });
    this.#sessionId = await attached;
    this.#frames.mainId = this.#targetId;
    this.#listen(devtools);
    for (const domain of ['Page', 'Runtime', 'Inspector']) await this.#send(`${domain}.enable`);
    await this.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await this.#injectPreload();
    const { windowId } = await devtools.send('Browser.getWindowForTarget', { targetId: this.#targetId });
    await devtools.send('Browser.setContentsSize', { windowId, ...this.#options.size });
    await this.#send('Runtime.runIfWaitingForDebugger');
    note('page', { targetId: this.#targetId });
  }

  async #injectPreload(): Promise<void> {
    const secret = randomBytes(16).toString('hex');
    const preload = this.#options.preload === undefined ? '' : readFileSync(this.#options.preload, 'utf8');
    await this.#send('Runtime.addBinding', { name: bindingName, executionContextName: isolatedWorld });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript(secret) });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', {
      source: isolatedWorldScript(secret, preload),
      worldName: isolatedWorld,
    });
  }

  #listen(devtools: Devtools): void {
    for (const [method, react] of Object.entries(this.#reactions())) {
      this.#offs.push(
        devtools.on(method, (fields, sessionId) => {
          if (sessionId === this.#sessionId) react(fields);
        }),
      );
    }
    this.#offs.push(
      devtools.on('Target.attachedToTarget', (fields) => {
        this.#opened(fields);
      }),
      devtools.on('Browser.downloadWillBegin', ({ url }) => {
        defaultSession.announceDownload(fromChromium(String(url)));
      }),
    );
  }

  #reactions(): Record<string, (fields: Fields) => unknown> {
    const frames = this.#frames;
    return {
      'Page.frameAttached': (fields) => {
        frames.attached(fields);
      },
      'Page.frameDetached': (fields) => {
        frames.detached(fields);
      },
      'Page.frameNavigated': (fields) => {
        frames.navigated(fields);
      },
      'Page.domContentEventFired': () => this.emit('dom-ready', {}),
      'Page.loadEventFired': () => this.emit('did-finish-load', {}),
      'Runtime.executionContextCreated': (fields) => {
        frames.worldCreated(fields, isolatedWorld);
      },
      'Runtime.executionContextDestroyed': (fields) => {
        frames.worldDestroyed(fields);
      },
      'Runtime.executionContextsCleared': () => {
        frames.worldsCleared();
      },
      'Runtime.bindingCalled': (fields) => {
        this.#called(fields);
      },
      'Inspector.targetCrashed': () => {
        this.#crashed();
      },
      'Fetch.requestPaused': (fields) => {
        this.#paused(fields);
      },
    };
  }

  /** The page opened a window. Its handler is asked, but `window.open` has returned by then; Electron asks before. */
  #opened({ targetInfo, sessionId }: Fields): void {
    const { openerId, targetId, url } = targetInfo as { openerId?: string; targetId: string; url: string };
    if (openerId !== this.#targetId) return;
    const { action } = this.#windowOpenHandler({ url: fromChromium(url) });
    note('window-open', { url: fromChromium(url), action });
    // A window that still waits for its debugger stops the thread that it shares with the page that opened it: closed like
    // that, it may take the page along. So it goes on first, and is closed at once.
    const goesOn = this.#devtools?.send('Runtime.runIfWaitingForDebugger', {}, String(sessionId));
    const sent = action === 'deny' ? this.#devtools?.send('Target.closeTarget', { targetId }) : goesOn;
    if (sent !== goesOn) goesOn?.catch(() => undefined);
    // The window may have gone by itself.
    sent?.catch(() => undefined);
  }

  #crashed(): void {
    this.#frames.worldsCleared();
    note('renderer-crashed');
    this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
  }

  #paused(fields: Fields): void {
    const { resourceType, frameId, request } = fields as unknown as {
      resourceType: string;
      frameId: string;
      request: { url: string };
    };
    const isMainFrame = frameId === this.#frames.mainId;
    const isNavigation = resourceType === 'Document';
    if (isNavigation && this.#mustStay(request.url, isMainFrame)) {
      // "Aborted" leaves the present page where it is; any other reason would show an error page.
      this.#later('Fetch.failRequest', { requestId: fields.requestId, errorReason: 'Aborted' });
      return;
    }
    if (isNavigation) this.#startNavigation(request.url, isMainFrame);
    void answerRequest(fields, this)
      .then(({ method, params }) => this.#send(method, { requestId: fields.requestId, ...params }))
      // A page that has gone meanwhile needs no answer.
      .catch(() => undefined);
  }

  #mustStay(url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && url === this.#expected) return false;
    const event = { url: fromChromium(url), isMainFrame, isSameDocument: false, frame: null };
    const kept = isMainFrame && isPrevented(this, 'will-navigate', { event, values: [event.url] });
    const prevented = isPrevented(this, 'will-frame-navigate', { event }) || kept;
    note('will-navigate', { url: event.url, isMainFrame, prevented });
    return prevented;
  }

  #startNavigation(url: string, isMainFrame: boolean): void {
    if (isMainFrame) this.#expected = undefined;
    this.emit('did-start-navigation', { url: fromChromium(url), isMainFrame, isSameDocument: false });
  }

  #called({ payload, executionContextId }: Fields): void {
    const message = JSON.parse(String(payload)) as {
      kind: 'invoke' | 'send' | 'preload-error';
      id: number;
      channel: string;
      values: unknown[];
      message: string;
    };
    const event = { sender: this, senderFrame: this.#frames.frameOfWorld(Number(executionContextId)) };
    if (message.kind === 'preload-error') {
      this.emit('preload-error', {}, this.#options.preload, new Error(message.message));
    } else if (message.kind === 'send') {
      ipcMain.emit(message.channel, event, ...message.values);
    } else {
      ipcMain.invoke(message.channel, event, message.values).then(
        (value) => {
          this.#deliver({ id: message.id, value });
        },
        (error: unknown) => {
          this.#deliver({ id: message.id, error: String(error) });
        },
      );
    }
  }

  #deliver(message: object): void {
    const contextId = this.#frames.mainWorld;
    if (contextId === undefined || this.#destroyed) return;
    this.#later('Runtime.evaluate', { contextId, expression: `${bindingName}Receive(${JSON.stringify(message)})` });
  }

  #send(method: string, params: Fields = {}): Promise<Fields> {
    if (!this.#devtools) return Promise.reject(new Error('The page is not there yet.'));
    return this.#devtools.send(method, params, this.#sessionId);
  }

  /** For commands whose answer nobody waits for, and which a page may be gone for. */
  #later(method: string, params: Fields = {}): void {
    this.#prepared
      .then(() => this.#send(method, params))
      .catch((error: unknown) => {
        note('unanswered', { method, reason: String(error) });
      });
  }
}
