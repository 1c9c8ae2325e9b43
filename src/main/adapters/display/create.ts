import type { Clock, Stop } from '../../ports/clock.ts';
import type { DisplayPage } from '../../ports/display-pages.ts';
import type { DisplayPort } from '../../ports/display.ts';
import { watchDevice } from '../transport/hot-plug.ts';
import { createSerialTransport } from '../transport/serial.ts';
import { createTcpTransport } from '../transport/tcp.ts';
import type { Transport } from '../transport/transport.ts';
import { createBitmapLcdDisplay } from './bitmap-lcd/bitmap-lcd.ts';
import { createDgusDisplay } from './dwin-dgus/dwin-dgus.ts';
import type { DgusProject } from './dwin-dgus/session.ts';
import type { Escpos2dSettings } from './escpos-2d/codec.ts';
import { createEscpos2dDisplay } from './escpos-2d/escpos-2d.ts';
import type { LineBoxSettings } from './line-box/codec.ts';
import { createLineBoxDisplay } from './line-box/line-box.ts';
import { createNextionDisplay } from './nextion/nextion.ts';
import type { NextionProject } from './nextion/session.ts';
import { PageDesk } from './screen/desk.ts';
import type { LineOptions } from './serial-display.ts';

/** What the configuration says of any display on a line. Times are in milliseconds. */
interface CommonConfiguration {
  readonly name: string;
  /** A serial port by its absolute path, or `tcp://host:port` of a serial device server. */
  readonly address: string;
  readonly baudRate: number;
  /** Per cent; left out where it cannot be set. */
  readonly brightness?: number;
  readonly answerTimeoutMs: number;
}

/** A display that is a page on a monitor, as configured. */
interface ScreenConfiguration {
  readonly type: 'screen';
  readonly name: string;
  /** The monitor's name or number. */
  readonly output?: string | undefined;
  /** Milliseconds. */
  readonly answerTimeoutMs: number;
}

/** One display on a line, as configured. */
type LineConfiguration = CommonConfiguration &
  (
    | ({ readonly type: 'nextion' } & NextionProject)
    | ({ readonly type: 'dwin-dgus' } & DgusProject)
    | ({ readonly type: 'escpos-2d' } & Escpos2dSettings)
    | ({ readonly type: 'line-box' } & LineBoxSettings)
    | { readonly type: 'bitmap-lcd' }
  );

/** One display, as configured. */
type DisplayConfiguration = LineConfiguration | ScreenConfiguration;

/**
 * The configured displays; nothing is opened before there is something to show.
 * @param options.pages where the hosts bring pages; left out, displays that are pages are never there
 */
export function createDisplays(
  configurations: readonly DisplayConfiguration[],
  { clock, pages = new PageDesk(pagesOf(configurations)) }: { readonly clock: Clock; readonly pages?: PageDesk },
): readonly DisplayPort[] {
  return configurations.map((configuration) => {
    const { type, name, answerTimeoutMs } = configuration;
    if (type === 'screen') return pages.display(name, { clock, answerMs: answerTimeoutMs });
    return createOnLine(configuration, lineOf(configuration, clock));
  });
}

/** Those of the configured displays that are pages. */
export function pagesOf(configurations: readonly DisplayConfiguration[]): readonly DisplayPage[] {
  return configurations.flatMap((each) => (each.type === 'screen' ? { name: each.name, output: each.output } : []));
}

function createOnLine(configuration: LineConfiguration, line: LineOptions): DisplayPort {
  switch (configuration.type) {
    case 'nextion':
      return createNextionDisplay(line, configuration);
    case 'dwin-dgus':
      return createDgusDisplay(line, configuration);
    case 'escpos-2d':
      return createEscpos2dDisplay(line, configuration);
    case 'line-box':
      return createLineBoxDisplay(line, configuration);
    case 'bitmap-lcd':
      return createBitmapLcdDisplay(line);
  }
}

function lineOf(configuration: CommonConfiguration, clock: Clock): LineOptions {
  const { name, brightness = 100, answerTimeoutMs } = configuration;
  return {
    name,
    brightness,
    clock,
    answerMs: answerTimeoutMs,
    random: Math.random,
    ...wayTo(configuration, clock),
  };
}

function wayTo(
  { address, baudRate }: CommonConfiguration,
  clock: Clock,
): { transport: Transport; watch: (callback: () => void) => Stop } {
  if (!address.startsWith('tcp://')) {
    return {
      transport: createSerialTransport({ path: address, baudRate, flowControl: 'none', clock }),
      watch: (callback) => watchDevice(address, clock, callback),
    };
  }
  const { hostname, port } = new URL(address);
  const transport = createTcpTransport({ host: hostname, port: Number(port), clock });
  // A serial device server limits what its line carries, not the network.
  return { transport: { ...transport, bytesPerSecond: baudRate / 10 }, watch: () => () => undefined };
}
