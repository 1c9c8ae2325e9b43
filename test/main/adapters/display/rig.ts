import type { Showing } from '../../../../src/main/core/display/showing.ts';
import { LineConnection } from '../../../../src/main/adapters/transport/connection.ts';
import { TransportError, type Connection, type Transport } from '../../../../src/main/adapters/transport/transport.ts';
import type { LineOptions } from '../../../../src/main/adapters/display/serial-display.ts';
import type { Clock, Stop } from '../../../../src/main/ports/clock.ts';
import { SOUND, Wire, type WireFaults } from '../../../../sandbox/devices/wire.ts';
import type { DisplayDouble } from '../../../../sandbox/devices/types.ts';

/** Prime, so that no flipped digit makes one showing's amount another's. */
const step = 1_009;

/** A showing for a number: each has an amount of its own, so that an old one is known when it is seen. */
export function showingNumber(index: number): Showing {
  const cents = index * step;
  const amount = `${String(Math.floor(cents / 100))},${String(cents % 100).padStart(2, '0')} EUR`;
  const kinds = [
    { view: 'bill', code: 'PAYSERA*3:TABLE1', title: 'To pay' },
    { view: 'checking', code: null, title: 'One moment' },
    { view: 'paid', code: null, title: 'Paid' },
    { view: 'bill', code: 'PAYSERA*3:TABLE 12', title: 'Mokėti' },
  ] as const;
  return { ...(kinds[index % kinds.length] ?? kinds[0]), amount };
}

interface PlugOptions {
  readonly clock: Clock;
  readonly double: DisplayDouble;
  readonly bytesPerSecond?: number;
  readonly chance?: () => number;
}

/**
 * A cable in memory between a driver and a double, on any clock: it can be pulled out and put in again.
 *
 *   driver ─ transport ─ connection ══ wire ══▶ double
 *                            ▲══════ wire ══════╝
 */
export class Plug {
  readonly #options: PlugOptions;
  readonly #down: Wire;
  readonly #up: Wire;
  readonly #watchers = new Set<() => void>();
  #connection: LineConnection | undefined;
  #isIn = true;
  /** Connections ever made. */
  connections = 0;

  constructor(options: PlugOptions) {
    this.#options = options;
    const { clock, double, bytesPerSecond, chance = () => 0 } = options;
    const common = { timer: clock, chance, bytesPerSecond };
    this.#down = new Wire({ ...common, deliver: (bytes) => double.receive(bytes) });
    this.#up = new Wire({ ...common, deliver: (bytes) => this.#connection?.received(bytes) });
    double.onSend((bytes) => {
      if (this.#isIn && this.#connection) this.#up.carry(bytes);
    });
  }

  get isIn(): boolean {
    return this.#isIn;
  }

  set faults(faults: Partial<WireFaults>) {
    this.#down.faults = { ...SOUND, ...faults };
    this.#up.faults = { ...SOUND, ...faults };
  }

  pullOut(): void {
    this.#isIn = false;
    this.#down.cut();
    this.#up.cut();
    this.#connection?.ended('The cable was pulled.');
    this.#connection = undefined;
  }

  putIn(): void {
    this.#isIn = true;
    for (const watcher of [...this.#watchers]) watcher();
  }

  readonly watch = (callback: () => void): Stop => {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  };

  readonly transport: Transport = {
    name: 'a cable in memory',
    open: () => this.#open(),
  };

  /** What a driver is made of. */
  line(change: Partial<LineOptions> = {}): LineOptions {
    const { clock, bytesPerSecond } = this.#options;
    const transport = bytesPerSecond === undefined ? this.transport : { ...this.transport, bytesPerSecond };
    return {
      name: 'display',
      transport,
      clock,
      answerMs: 400,
      brightness: 80,
      random: () => 0.25,
      watch: this.watch,
      ...change,
    };
  }

  #open(): Promise<Connection> {
    if (!this.#isIn) return Promise.reject(new TransportError('unreachable', 'There is no cable.'));
    if (this.#connection) return Promise.reject(new TransportError('busy', 'Another connection is open.'));
    this.connections += 1;
    const { clock } = this.#options;
    const connection: LineConnection = new LineConnection({
      name: 'a cable in memory',
      clock,
      closeMs: 1_000,
      line: {
        send: (bytes) =>
          new Promise((resolve) => {
            clock.after(this.#down.carry(bytes), resolve);
          }),
        writable: () => this.#isIn && this.#connection === connection,
        end: () => {
          this.#leave(connection);
        },
        destroy: () => {
          this.#leave(connection);
        },
      },
    });
    this.#connection = connection;
    return Promise.resolve(connection);
  }

  #leave(connection: LineConnection): void {
    if (this.#connection === connection) this.#connection = undefined;
    connection.ended('It was closed.');
  }
}
