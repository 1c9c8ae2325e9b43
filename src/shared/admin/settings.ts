import { z } from 'zod';
import { fewestDigits, mostDigits, roles } from '../roles.ts';
import { request } from './request.ts';

const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);
/** Of one setting; null: left out. */
export type SettingValue = z.infer<typeof valueSchema>;

const settingSchema = z.object({
  /** Section and name, like `terminal.name`. */
  path: z.string(),
  kind: z.enum(['text', 'number', 'choice', 'switch', 'lines', 'fixed']),
  /** As it stands in the configuration; null when it is left out there. */
  value: valueSchema,
  /** What counts when it is left out; null when nothing does. */
  fallback: valueSchema,
  required: z.boolean(),
  /** What it is and why the default is what it is, in English, as in docs/configuration.md. */
  description: z.string(),
  reason: z.string(),
  unit: z.string().optional(),
  least: z.number().optional(),
  most: z.number().optional(),
  choices: z.array(z.string()).optional(),
});
export type Setting = z.infer<typeof settingSchema>;

const connectionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('tcp'), host: z.string().min(1).max(255), port: z.int().min(1).max(65_535) }),
  z.strictObject({ type: z.literal('device'), path: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('serial'), path: z.string().min(1).max(500), baudRate: z.int() }),
]);

const displaySchema = z.strictObject({
  type: z.enum(['screen', 'nextion', 'dwin-dgus', 'escpos-2d', 'line-box', 'bitmap-lcd']),
  name: z.string(),
  address: z.string().optional(),
  baudRate: z.int().optional(),
});
export type DisplayChoice = z.infer<typeof displaySchema>;

/** What is to be different; what is not named stays as it is. */
export const changesSchema = z.strictObject({
  settings: z.array(z.strictObject({ path: z.string().max(100), value: valueSchema })).max(200),
  printer: connectionSchema.optional(),
  /** All displays, instead of those before; settings of those whose name and type stay are kept. */
  displays: z.array(displaySchema).max(8).optional(),
});
export type Changes = z.infer<typeof changesSchema>;

const pinSchema = z
  .strictObject({ role: z.enum(roles), pin: z.string().regex(/^\d+$/, 'A PIN has digits only.').max(mostDigits) })
  .refine(({ role, pin }) => pin.length >= fewestDigits[role], { path: ['pin'], message: 'This PIN is too short.' });

export const settingRequests = {
  /** Sets somebody’s PIN and restarts the terminal. */
  changePin: request('technician', pinSchema, z.object({ trialMs: z.int() })),
  settings: request(
    'technician',
    z.strictObject({}),
    z.object({
      /** Of the configuration's file. */
      file: z.string(),
      settings: z.array(settingSchema),
      displays: z.array(displaySchema),
    }),
  ),
  /** Only says whether they could be saved. */
  checkSettings: request('technician', changesSchema, z.object({})),
  /** Saves them and restarts the terminal; what was before comes back by itself if the terminal is not well then. */
  saveSettings: request(
    'technician',
    changesSchema,
    z.object({
      /** How long the terminal has to be well, milliseconds. */
      trialMs: z.int(),
    }),
  ),
} as const;
