import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** Names in a panel's project: letters, digits and underscores. */
const panelName = (usual: string) =>
  z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,28}$/, 'A name in the project has letters, digits and underscores.')
    .default(usual);
const pageNumber = z.int().min(0).max(254);

const nextion = z.strictObject({
  type: z.literal('nextion'),
  path: z.string().min(1).refine(isAbsolute, 'A serial port is named by its absolute path, like /dev/ttyUSB0.').meta({
    description: 'Serial port, by its absolute path',
    reason: 'A name under /dev/serial/by-path stays the same when two adapters are of the same kind.',
  }),
  baudRate: z.int().min(2400).max(921_600).default(9600).meta({
    description: 'Speed of the port, as it is set in the panel',
    unit: 'bits/s',
    reason: 'Panels come with 9600.',
  }),
  brightness: z.int().min(0).max(100).optional().meta({
    description: 'How bright the panel is; left out, as it is set in the panel',
    unit: '%',
    reason: 'Codes are read best from bright glass.',
  }),
  codePage: panelName('qr').meta({ description: 'Page with the code', reason: 'As in our project file.' }),
  codePageNumber: pageNumber.default(1).meta({
    description: 'Number of that page in the editor',
    reason: 'The panel names the page that it shows by number only.',
  }),
  messagePage: panelName('message').meta({ description: 'Page without a code', reason: 'As in our project file.' }),
  messagePageNumber: pageNumber.default(0).meta({
    description: 'Number of that page in the editor',
    reason: 'The first page is shown when the panel starts.',
  }),
  codeComponent: panelName('qr0').meta({
    description: 'Component that draws the code, global in the project',
    reason: 'As in our project file.',
  }),
  lineComponents: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,28}$/))
    .min(1)
    .max(4)
    .default(['t0', 't1'])
    .meta({ description: 'Components for lines of text, global in the project', reason: 'The first has the amount.' }),
  longestCode: z.int().min(16).max(192).default(60).meta({
    description: '`txt_maxl` of the component that draws the code',
    unit: 'characters',
    reason: 'The panel cuts what is longer without a word.',
  }),
  longestLine: z.int().min(8).max(192).default(24).meta({
    description: '`txt_maxl` of the lines',
    unit: 'characters',
    reason: 'The panel cuts what is longer without a word.',
  }),
});

/** The section `displays` of the configuration. */
export const displays = z
  .array(z.discriminatedUnion('type', [nextion]))
  .max(4)
  .default([])
  .meta({
    description: 'QR displays beside the screen, each an object with a `type` and what belongs to it, see below',
    reason: 'The screen itself shows the code already.',
  });
