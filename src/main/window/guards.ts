import type { Session, WebContents } from 'electron';
import type { Log } from '../ports/log.ts';
import { isAllowedKey } from './keys.ts';

/** Keeps the page where it is and to itself: no other address, no other window, no other key (hardware.md 4.2). */
export function guardContents(
  contents: WebContents,
  { home, log }: { readonly home: string; readonly log: Log },
): void {
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (event.url === home) return;
    event.preventDefault();
    log.warn('The page tried to go elsewhere and was kept.', { scheme: event.url.split(':', 1)[0] });
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => {
    log.warn('The page tried to open a window and was kept from it.');
    return { action: 'deny' };
  });
  contents.on('before-input-event', (event, input) => {
    if (!isAllowedKey(input)) event.preventDefault();
  });
  contents.setIgnoreMenuShortcuts(true);
  holdZoom(contents);
}

function holdZoom(contents: WebContents): void {
  const reset = (): void => {
    contents.setZoomFactor(1);
  };
  contents.on('zoom-changed', reset);
  contents.on('did-finish-load', () => {
    reset();
    void contents.setVisualZoomLevelLimits(1, 1);
  });
}

/** Denies the page every permission, device and download: it needs none. */
export function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => {
    log.warn('The page asked for a permission and was denied it.', { permission });
    decide(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
    log.warn('The page tried to download a file and was kept from it.');
  });
  denyDevices(session);
}

function denyDevices(session: Session): void {
  session.on('select-serial-port', (event, ...[, , choose]) => {
    event.preventDefault();
    choose('');
  });
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
}
