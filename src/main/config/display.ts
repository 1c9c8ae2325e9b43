import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** An absolute path, or `tcp://host:port`. */
function isAddress(text: string): boolean {
  if (!text.startsWith('tcp://')) return isAbsolute(text);
  return URL.canParse(text) && /^tcp:\/\/[^/:@?#]+:\d{1,5}$/.test(text);
}

const common = (baudRate: number) => ({
  name: z
    .string()
    .regex(/^[\w -]{1,30}$/, 'A display has a name of 1 to 30 plain letters, digits, spaces, - and _.')
    .default('1')
    .meta({ description: 'Name of the display, as staff see it', reason: 'To tell several apart.' }),
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

/** QR displays besides the terminal's own screen. */
export const display = z.strictObject({
  displays: z
    .array(z.discriminatedUnion('type', [nextion]))
    .max(4)
    .default([])
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'Give each display a name of its own.')
    .meta({
      description: 'QR displays: a list of objects with a `type` and what belongs to it, see below',
      reason: "The terminal's own screen shows the code too.",
    }),
});
