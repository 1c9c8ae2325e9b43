import { fromChromium } from './address.ts';
import type { Fields } from './devtools.ts';

/** A frame of a page, as main sees the sender of a message. */
export interface Frame {
  readonly url: string;
  readonly parent: Frame | null;
}

interface Known {
  url: string;
  readonly parentId: string | undefined;
}

/** Keeps account of a page's frames and of the isolated world in each. */
export class Frames {
  readonly #frames = new Map<string, Known>();
  readonly #worlds = new Map<number, string>();
  mainId = '';

  attached({ frameId, parentFrameId }: Fields): void {
    this.#frames.set(String(frameId), { url: '', parentId: String(parentFrameId) });
  }

  detached({ frameId }: Fields): void {
    this.#frames.delete(String(frameId));
  }

  navigated(fields: Fields): void {
    const { id, parentId, url } = fields.frame as { id: string; parentId?: string; url: string };
    if (parentId === undefined) this.#frames.clear();
    this.#frames.set(id, { url, parentId });
  }

  /** A world began; only the preload's are kept. */
  worldCreated(fields: Fields, name: string): void {
    const context = fields.context as { id: number; name: string; auxData?: { frameId?: string } };
    if (context.name === name) this.#worlds.set(context.id, context.auxData?.frameId ?? '');
  }

  worldDestroyed({ executionContextId }: Fields): void {
    this.#worlds.delete(Number(executionContextId));
  }

  worldsCleared(): void {
    this.#worlds.clear();
  }

  /** The world of the preload in the top frame, if there is one now. */
  get mainWorld(): number | undefined {
    return [...this.#worlds].find(([, frameId]) => frameId === this.mainId)?.[0];
  }

  /** The frame that a world belongs to; null when it has gone. */
  frameOfWorld(world: number): Frame | null {
    return this.#frame(this.#worlds.get(world));
  }

  get main(): Frame | null {
    return this.#frame(this.mainId);
  }

  #frame(id: string | undefined): Frame | null {
    const known = id === undefined ? undefined : this.#frames.get(id);
    if (!known) return null;
    return { url: fromChromium(known.url), parent: this.#frame(known.parentId) };
  }
}
