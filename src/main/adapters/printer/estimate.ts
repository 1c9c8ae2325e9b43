import type { Command } from './commands.ts';
import type { Profile } from './profile.ts';

/** Dots for each millimetre at 203 dpi. */
const dotsPerMillimetre = 8;
const lineDots = 30;
/** From the head to the cutter, and the cut itself (hardware.md 6). */
const cutDots = 120;
const cutMs = 500;
/** A QR code of the longest payload that is printed as one. */
const largestSymbolModules = 61;

/** How long a job takes at the least, in milliseconds: over the line, then on paper. */
export function estimateMs(
  commands: readonly Command[],
  job: { readonly bytes: number; readonly bytesPerSecond?: number; readonly profile: Profile },
): number {
  const dots = commands.reduce((sum, command) => sum + dotsOf(command), cutDots);
  const paper = (dots / dotsPerMillimetre / job.profile.millimetresPerSecond) * 1000;
  const transfer = job.bytesPerSecond === undefined ? 0 : (job.bytes / job.bytesPerSecond) * 1000;
  return Math.ceil(paper + transfer + cutMs);
}

/** How much paper a job takes, in millimetres, from cut to cut. */
export function paperMillimetres(commands: readonly Command[]): number {
  let [dots, height] = [cutDots, 1];
  for (const command of commands) {
    if (command.type === 'size') height = command.height;
    dots += command.type === 'line' ? height * lineDots : dotsOf(command);
  }
  return dots / dotsPerMillimetre;
}

function dotsOf(command: Command): number {
  // A line may be twice as high; counting all so costs nothing but patience.
  if (command.type === 'line') return 2 * lineDots;
  if (command.type === 'raster') return command.rows;
  if (command.type === 'feed') return command.lines * lineDots;
  return command.type === 'qr' ? largestSymbolModules * command.moduleDots : 0;
}
