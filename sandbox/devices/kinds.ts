import { BitmapLcdDouble } from './bitmap-lcd/bitmap-lcd.ts';
import { DgusDouble } from './dgus/dgus.ts';
import { Escpos2dDouble } from './escpos-2d/escpos-2d.ts';
import { LineBoxDouble } from './line-box/line-box.ts';
import { NextionDouble } from './nextion/nextion.ts';
import type { DisplayDouble, Timer } from './types.ts';

/** Every kind of double, by the name that the command line gives it. */
export const kinds: Readonly<Record<string, (timer: Timer) => DisplayDouble>> = {
  nextion: (timer) => new NextionDouble({ timer }),
  dgus: (timer) => new DgusDouble({ timer }),
  'escpos-2d': (timer) => new Escpos2dDouble({ timer }),
  'line-box': (timer) => new LineBoxDouble({ timer }),
  'bitmap-lcd': (timer) => new BitmapLcdDouble({ timer }),
};
