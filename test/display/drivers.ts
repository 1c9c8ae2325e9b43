import type { DisplayDouble, Glass, Timer } from '../../sandbox/devices/types.ts';
import { BitmapLcdDouble } from '../../sandbox/devices/bitmap-lcd/bitmap-lcd.ts';
import { DgusDouble } from '../../sandbox/devices/dgus/dgus.ts';
import { Escpos2dDouble } from '../../sandbox/devices/escpos-2d/escpos-2d.ts';
import { LineBoxDouble } from '../../sandbox/devices/line-box/line-box.ts';
import { NextionDouble } from '../../sandbox/devices/nextion/nextion.ts';
import { createBitmapLcdDisplay } from '../../src/main/adapters/display/bitmap-lcd/bitmap-lcd.ts';
import { glass as bitmapGlass } from '../../src/main/adapters/display/bitmap-lcd/codec.ts';
import { blankPicture, draw } from '../../src/main/adapters/display/bitmap-lcd/picture.ts';
import { createDgusDisplay } from '../../src/main/adapters/display/dwin-dgus/dwin-dgus.ts';
import { createEscpos2dDisplay } from '../../src/main/adapters/display/escpos-2d/escpos-2d.ts';
import { createLineBoxDisplay } from '../../src/main/adapters/display/line-box/line-box.ts';
import { codeForBox } from '../../src/main/adapters/display/line-box/codec.ts';
import { createNextionDisplay } from '../../src/main/adapters/display/nextion/nextion.ts';
import type { LineOptions } from '../../src/main/adapters/display/serial-display.ts';
import { loadLetters } from '../../src/main/adapters/letters/letters.ts';
import { plain } from '../../src/main/core/display/plain.ts';
import type { Showing } from '../../src/main/core/display/showing.ts';
import type { DisplayPort } from '../../src/main/ports/display.ts';

/** A double whose codes can be cut. */
export type CuttingDouble = DisplayDouble<{ longestCode: number }>;

/** A driver and the double that it is held to. */
export interface Driver {
  readonly name: string;
  readonly double: (timer: Timer) => CuttingDouble;
  readonly display: (line: LineOptions) => DisplayPort;
  /** What a person should see. */
  readonly glass: (showing: Showing) => Glass;
  /** What is seen, where the double's own word is not enough: pixels are held to what could have been meant. */
  readonly see?: (double: DisplayDouble, meant: readonly Showing[]) => Glass;
  /** What its line carries in a second, in bytes, where the speed of a serial port does not count. */
  readonly bytesPerSecond?: number;
}

function glassOf({ code, title, amount }: Showing): Glass {
  return { lit: true, code, lines: [plain(title), plain(amount)].filter((line) => line !== '') };
}

const dgus = {
  page: 1,
  blankPage: 0,
  codeAddress: 0x5000,
  longestCode: 154,
  lineAddresses: [0x5100, 0x5180],
  longestLine: 40,
  characters: 'ascii',
} as const;

/** Every driver that talks over a line. */
export const drivers: readonly Driver[] = [
  {
    name: 'nextion',
    double: (timer) => new NextionDouble({ timer }),
    display: (line) =>
      createNextionDisplay(line, {
        page: 'qr',
        blankPage: 'idle',
        codeComponent: 'qr0',
        longestCode: 100,
        lineComponents: ['t0', 't1'],
        longestLine: 40,
        characters: 'ascii',
      }),
    glass: glassOf,
  },
  {
    name: 'dwin-dgus',
    double: (timer) => new DgusDouble({ timer }),
    display: (line) => createDgusDisplay(line, { ...dgus, crc: false }),
    glass: glassOf,
  },
  {
    name: 'dwin-dgus with CRC',
    double: (timer) => {
      const double = new DgusDouble({ timer });
      double.setFaults({ crc: true });
      return double;
    },
    display: (line) => createDgusDisplay(line, { ...dgus, crc: true }),
    glass: glassOf,
  },
  {
    name: 'escpos-2d',
    double: (timer) => new Escpos2dDouble({ timer, patienceMs: 100 }),
    display: (line) =>
      createEscpos2dDisplay(line, { commands: 'display', moduleSize: 6, columns: 20, passThrough: false }),
    glass: glassOf,
  },
  {
    name: 'line-box',
    double: (timer) => new LineBoxDouble({ timer }),
    display: (line) => createLineBoxDisplay(line, { codeForm: 'web' }),
    glass: ({ view, code, title, amount }) => {
      const [first, second] = [plain(title), plain(amount)];
      if (code !== null) return { lit: true, code: codeForBox(code, { codeForm: 'web' }), lines: [first, second] };
      const lines = view === 'paid' || view === 'refused' ? [first, second] : [`${first} ${second}`];
      return { lit: true, code: null, lines };
    },
  },
  {
    name: 'bitmap-lcd',
    double: (timer) => new BitmapLcdDouble({ timer, patienceMs: 100 }),
    display: createBitmapLcdDisplay,
    glass: glassOf,
    see: (double, meant) => {
      if (!(double instanceof BitmapLcdDouble)) throw new Error('It is the double of this driver.');
      if (!double.lit()) return { lit: false, code: null, lines: [] };
      if (looksLike(double, blank)) return { lit: true, code: null, lines: [] };
      const found = meant.find((showing) => looksLike(double, pictureOf(showing)));
      return found ? glassOf(found) : { lit: true, code: null, lines: ['something else'] };
    },
    // What USB at full speed leaves for data, about.
    bytesPerSecond: 800_000,
  },
];

const letters = loadLetters();
const blank = blankPicture(bitmapGlass);
/** Flipped bits that nobody sees and every scanner reads over. */
const specks = 40;

function looksLike(double: BitmapLcdDouble, picture: Uint8Array): boolean {
  return double.differences(picture, specks) < specks;
}

const pictures = new Map<Showing, Uint8Array>();

/** Drawn once, since each is looked for often. */
function pictureOf(showing: Showing): Uint8Array {
  const picture = pictures.get(showing) ?? draw(showing, bitmapGlass, letters);
  pictures.set(showing, picture);
  if (pictures.size > 10) pictures.delete(pictures.keys().next().value ?? showing);
  return picture;
}

/** The driver of that name. */
export function driverNamed(name: string): Driver {
  const driver = drivers.find((each) => each.name === name);
  if (!driver) throw new Error(`There is no driver ${name}; there are ${drivers.map((each) => each.name).join(', ')}.`);
  return driver;
}
