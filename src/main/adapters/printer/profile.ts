import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { encodings } from '../../../shared/encodings.ts';

/** What a model of printer is like. Data, because makers differ in it and in nothing else that matters here. */
export const profileSchema = z.strictObject({
  name: z.string().min(1).describe('For people: which models it is for'),
  columns: z.int().min(16).max(96).describe('Characters of font A in one line'),
  dots: z.int().min(128).max(1024).describe('Printable dots across'),
  millimetresPerSecond: z.number().min(10).max(500).describe('How fast its paper moves when it prints text'),
  codePages: z
    .array(
      z.strictObject({
        encoding: z.enum(encodings),
        number: z
          .int()
          .min(0)
          .max(255)
          .describe("This maker's number for the page, as its test slip shows it (ESC t n)"),
      }),
    )
    .min(1)
    .describe('The pages it has that are of use in Europe, the preferred one first'),
  multiByteOff: z.boolean().describe('Whether it starts in a Chinese mode that has to be switched off (FS .)'),
  glyphs: z
    .enum(['line', 'raster'])
    .describe('How a character is drawn that no page has: inside its line (ESC *), or with its whole line (GS v 0)'),
  cutter: z.boolean(),
  drawer: z.boolean().describe('Whether it has a socket for a cash drawer (ESC p)'),
  buzzer: z.enum(['none', 'epson', 'clone']).describe('By which command it beeps: ESC ( A or ESC B'),
  realTimeStatus: z.boolean().describe('Whether it answers DLE EOT'),
  queuedStatus: z.boolean().describe('Whether it answers GS r'),
  processId: z.boolean().describe('Whether it says when a receipt is printed (GS ( H, function 48)'),
});
export type Profile = z.infer<typeof profileSchema>;

const remedy = 'Write the name of a file in resources/printers, for example epson, as printer.profile.';

/** A profile that cannot be had; `message` says what to do. */
export class ProfileError extends Error {
  readonly code = 'printer_profile';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ProfileError';
  }
}

/**
 * The profile of that name in `resources/printers`.
 * @throws ProfileError
 */
export function loadProfile(name: string): Profile {
  if (!/^[a-z0-9-]+$/.test(name)) throw new ProfileError(`${name} is not the name of a printer profile. ${remedy}`);
  const path = join(profilesFolder(), `${name}.json`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ProfileError(`The printer profile ${name} cannot be read from ${path}. ${remedy}`, error);
  }
  const parsed = profileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new ProfileError(`The printer profile ${path} is not right. ${z.prettifyError(parsed.error)}`, parsed.error);
}

/** `resources/printers` above this file, which lies deeper as source than it does when bundled. */
function profilesFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'resources', 'printers')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'resources', 'printers');
}
