import { EventEmitter } from 'node:events';

/** An event of Electron's whose listeners may prevent what it announces. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

/** Makes one, with these details. */
export function preventable<Details extends object>(details: Details): Details & PreventableEvent {
  let prevented = false;
  return Object.defineProperties(
    {
      ...details,
      preventDefault: () => {
        prevented = true;
      },
    },
    { defaultPrevented: { get: () => prevented } },
  ) as Details & PreventableEvent;
}

/** Announces something that listeners may prevent, and tells whether they did. */
export function isPrevented(
  emitter: EventEmitter,
  name: string,
  about: { event?: object; values?: unknown[] } = {},
): boolean {
  const event = preventable(about.event ?? {});
  emitter.emit(name, event, ...(about.values ?? []));
  return event.defaultPrevented;
}
