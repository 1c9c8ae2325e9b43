import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** An absolute path, or `tcp://host:port`. */
function isAddress(text: string): boolean {
  if (!text.startsWith('tcp://')) return isAbsolute(text);
  return URL.canParse(text) && /^tcp:\/\/[^/:@?#]+:\d{1,5}$/.test(text);
}

const name = z
  .string()
  .regex(/^[\w -]{1,30}$/, 'A display has a name of 1 to 30 plain letters, digits, spaces, - and _.')
  .default('1')
  .meta({ description: 'Name of the display, as staff see it', reason: 'To tell several apart.' });

const common = (baudRate: number) => ({
  name,
  address: z
    .string()
    .max(500)
    .refine(isAddress, 'A display is at an absolute path, like /dev/kiosk/display, or at tcp://host:port.')
    .meta({
      description: 'Serial port by its absolute path, or `tcp://host:port` of a serial device server',
      reason: 'A name that udev gives by the USB port stays the same (docs/hardware.md).',
    }),
  baudRate: z.int().min(300).max(921_600).default(baudRate).meta({
    description: 'Speed of the port, as it is set in the display',
    unit: 'bits/s',
    reason: 'How it usually comes.',
  }),
  answerTimeoutMs: z.int().min(50).max(5_000).default(400).meta({
    description: 'Longest wait for an answer, besides its time on the line',
    unit: 'ms',
    reason: 'Redrawing has been seen to take 240 ms; every lost word costs this long.',
  }),
});

const brightness = z.int().min(1).max(100).default(100).meta({
  description: 'Brightness',
  unit: '%',
  reason: 'Codes are scanned best from a bright glass.',
});

const component = (fallback: string) =>
  z
    .string()
    .regex(/^[A-Za-z_]\w{0,13}$/, 'Write the name as it stands in the project, like qr0.')
    .default(fallback);

const nextion = z.strictObject({
  type: z.literal('nextion'),
  ...common(9_600),
  brightness,
  page: component('qr').meta({ description: 'Page with the components', reason: 'As in the project.' }),
  blankPage: component('idle').meta({ description: 'Page on which nothing is seen', reason: 'As in the project.' }),
  codeComponent: component('qr0').meta({ description: 'QR component', reason: 'As in the project.' }),
  longestCode: z.int().min(16).max(192).default(50).meta({
    description: '`txt_maxl` of the QR component',
    unit: 'characters',
    reason: 'The panel cuts what is longer, and the code means something else then.',
  }),
  lineComponents: z
    .array(component('t0'))
    .max(2)
    .default(['t0', 't1'])
    .meta({ description: 'Text components for the title and the amount', reason: 'As in the project.' }),
  longestLine: z.int().min(8).max(200).default(40).meta({
    description: '`txt_maxl` of the text components',
    unit: 'characters',
    reason: 'A longer line is left away.',
  }),
  characters: z.enum(['ascii', 'utf-8']).default('ascii').meta({
    description: 'How lines are written: without accents, or in UTF-8 where the project is',
    reason: 'Every panel has plain letters.',
  }),
  serial: z.string().min(1).max(40).optional().meta({
    description: "The panel's own serial number, as the log shows it",
    reason: 'Left out, any panel on the port is taken.',
  }),
});

const address = (fallback: number, about: string) =>
  z.int().min(0).max(0xffff).default(fallback).meta({ description: about, reason: 'As in the project.' });

const dgus = z.strictObject({
  type: z.literal('dwin-dgus'),
  ...common(115_200),
  brightness,
  page: address(1, 'Number of the page with the controls'),
  blankPage: address(0, 'Number of a page on which nothing is seen'),
  codeAddress: address(0x5000, 'Variable (VP) of the QR control, as a decimal number: 0x5000 is 20480'),
  longestCode: z.int().min(16).max(458).default(154).meta({
    description: 'Characters that the QR control takes',
    unit: 'characters',
    reason: 'Up to 154 the code has 45 squares a side, then 73.',
  }),
  lineAddresses: z.array(z.int().min(0).max(0xffff)).max(2).default([0x5100, 0x5180]).meta({
    description: 'Variables of the text controls for the title and the amount',
    reason: 'As in the project.',
  }),
  longestLine: z.int().min(8).max(100).default(40).meta({
    description: 'Characters that each text control takes',
    unit: 'characters',
    reason: 'A longer line is left away.',
  }),
  characters: z.enum(['ascii', 'utf-16']).default('ascii').meta({
    description: 'How lines are written: without accents, or in UTF-16 where the text control is set to it',
    reason: 'Every panel has plain letters.',
  }),
  crc: z.boolean().default(false).meta({
    description: "Whether the panel's settings ask for a CRC",
    reason: 'Switch it on in the panel where the cable is long.',
  }),
});

const escpos2d = z.strictObject({
  type: z.literal('escpos-2d'),
  ...common(9_600),
  commands: z.enum(['display', 'printer']).default('display').meta({
    description: '`display`: US ( k, as Epson; `printer`: GS ( k, for displays that imitate a printer',
    reason: 'Never for a printer with paper: what is shown is sent again and again.',
  }),
  moduleSize: z.int().min(1).max(16).default(6).meta({
    description: 'Dots of each square of the code',
    unit: 'dots',
    reason: 'As large as the glass allows.',
  }),
  columns: z.int().min(8).max(60).default(20).meta({
    description: 'Characters in a line',
    unit: 'characters',
    reason: 'Most customer displays have 20.',
  }),
  passThrough: z.boolean().default(false).meta({
    description: "Whether it hangs on a printer's pass-through",
    reason: 'Then it is selected with ESC =.',
  }),
});

const lineBox = z.strictObject({
  type: z.literal('line-box'),
  ...common(115_200),
  codeForm: z.enum(['web', 'plain']).default('web').meta({
    description: 'How the code is told: as a web address that holds it, or as it is',
    reason: 'The box takes an asterisk for the end of the code, and spot codes have one.',
  }),
});

const bitmapLcd = z.strictObject({
  type: z.literal('bitmap-lcd'),
  ...common(115_200),
  brightness,
});

const screen = z.strictObject({
  type: z.literal('screen'),
  name,
  output: z.string().min(1).max(100).optional().meta({
    description: 'Monitor by its name or number, as the log shows them (Electron only)',
    reason: "Left out, the only one beside the terminal's own; of two equal ones none is guessed.",
  }),
  answerTimeoutMs: z.int().min(100).max(10_000).default(1_000).meta({
    description: 'Longest wait until the page has painted and says what it shows',
    unit: 'ms',
    reason: 'A page paints sixty times a second; a slow board is busy for half a second now and then.',
  }),
});

/** The section `displays` of the configuration. */
export const displays = z
  .array(z.discriminatedUnion('type', [screen, nextion, dgus, escpos2d, lineBox, bitmapLcd]))
  .max(4)
  .default([])
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'Give each display a name of its own.')
  .meta({
    description: 'QR displays beside the screen, each an object with a `type` and what belongs to it, see below',
    reason: "The terminal's own screen shows the code too.",
  });
