import { resolve } from 'node:path';
import { kinds } from './devices/kinds.ts';
import { machineTimer, serveDouble, type ServedDouble } from './devices/serve.ts';
import type { DisplayDouble, Glass } from './devices/types.ts';

/** A display to play. */
export interface DisplayWish {
  /** A name of `kinds`. */
  readonly kind: string;
  /** Pseudo-terminal to make (needs socat); left out, any free TCP port of this machine. */
  readonly link?: string;
}

/** What is known of one display. */
export interface DisplayState {
  readonly index: number;
  readonly kind: string;
  /** As it stands in the terminal's configuration. */
  readonly address: string;
  readonly plugged: boolean;
  /** Grows with every change of the glass. */
  readonly revision: number;
  readonly glass: Glass;
  /** What it was told and would not have understood. */
  readonly problems: readonly string[];
  readonly faults: Readonly<Record<string, unknown>>;
}

/** The fault does not exist, or takes another kind of value. */
export class UnknownFaultError extends Error {
  override readonly name = 'UnknownFaultError';
}

interface Played {
  readonly index: number;
  readonly kind: string;
  readonly double: DisplayDouble;
  readonly served: ServedDouble;
  readonly address: string;
}

/** One display that is played, with its cable. */
export class PlayedDisplay {
  readonly #index: number;
  readonly #kind: string;
  readonly #double: DisplayDouble;
  readonly #served: ServedDouble;
  readonly #sound: Readonly<Record<string, unknown>>;
  readonly #address: string;
  #plugged = true;
  #revision = 0;
  #last = '';

  private constructor({ index, kind, double, served, address }: Played) {
    this.#index = index;
    this.#kind = kind;
    this.#double = double;
    this.#served = served;
    this.#address = address;
    this.#sound = { ...double.faults() };
    double.onChange(() => {
      const now = JSON.stringify(double.glass());
      if (now !== this.#last) this.#revision += 1;
      this.#last = now;
    });
  }

  /** @throws Error when there is no such kind, socat is missing, or the place cannot be had */
  static async start({ kind, link }: DisplayWish, index: number): Promise<PlayedDisplay> {
    const timer = machineTimer();
    const make = kinds[kind];
    if (!make) throw new Error(`There is no display "${kind}"; there are ${Object.keys(kinds).join(', ')}.`);
    const double = make(timer);
    const at = link === undefined ? { port: 0 } : { link: resolve(link) };
    const served = await serveDouble({ double, timer, at });
    const address = link === undefined ? `tcp://127.0.0.1:${served.address}` : served.address;
    return new PlayedDisplay({ index, kind, double, served, address });
  }

  state(): DisplayState {
    return {
      index: this.#index,
      kind: this.#kind,
      address: this.#address,
      plugged: this.#plugged,
      revision: this.#revision,
      glass: this.#double.glass(),
      problems: this.#double.problems(),
      faults: { ...this.#double.faults() },
    };
  }

  /** The glass as a picture. */
  png(): Buffer {
    return this.#double.png();
  }

  /** Sets those faults that are named. @throws UnknownFaultError; nothing is changed then */
  setFaults(change: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(change)) {
      const sound = this.#sound[name];
      if (sound === undefined) {
        throw new UnknownFaultError(`It has no fault "${name}", but ${Object.keys(this.#sound).join(', ')}.`);
      }
      const fits =
        typeof value === typeof sound && (typeof value !== 'number' || (Number.isInteger(value) && value >= 0));
      if (!fits) throw new UnknownFaultError(`"${name}" takes ${kindOf(sound)}.`);
    }
    this.#double.setFaults(change);
  }

  /** Off and on again. */
  restart(): void {
    this.#double.powerCycle();
  }

  async setPlugged(plugged: boolean): Promise<void> {
    if (plugged === this.#plugged) return;
    this.#plugged = plugged;
    await (plugged ? this.#served.plug() : this.#served.unplug());
  }

  /** Without faults, plugged in, and with nothing on its glass. */
  async reset(): Promise<void> {
    this.setFaults(this.#sound);
    this.restart();
    await this.setPlugged(true);
  }

  async stop(): Promise<void> {
    this.#double.stop();
    await this.#served.stop();
  }
}

function kindOf(value: unknown): string {
  return typeof value === 'boolean' ? 'true or false' : 'a whole number from 0';
}

/** Plays them all, or none: what was started is ended when one cannot be. */
export async function startDisplays(wishes: readonly DisplayWish[]): Promise<readonly PlayedDisplay[]> {
  const displays: PlayedDisplay[] = [];
  try {
    for (const [index, wish] of wishes.entries()) displays.push(await PlayedDisplay.start(wish, index));
    return displays;
  } catch (error) {
    await Promise.all(displays.map((display) => display.stop()));
    throw error;
  }
}
