import type { SystemClock } from '../adapters/clock/system.ts';
import { createDisplays } from '../adapters/display/create.ts';
import { createReceiptPrinter } from '../adapters/printer/create.ts';
import type { Configuration } from '../config.ts';
import { DisplayError, type DisplayPort } from '../ports/display.ts';
import type { Log } from '../ports/log.ts';
import { spotCode } from '../../shared/ids.ts';
import { failed, failure, fine, skipped, type Finding } from './finding.ts';

interface Devices {
  readonly configuration: Configuration;
  readonly clock: SystemClock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Whether the receipt printer could print now. Nothing is printed. */
export async function examinePrinter({ configuration, clock, log, signal }: Devices): Promise<Finding> {
  if (configuration.printer.connection.type === 'none') return skipped('printer', 'No receipt printer is configured.');
  try {
    const printer = createReceiptPrinter(configuration.printer, { clock, log });
    try {
      const check = await printer.check(signal);
      if (check.ready) return fine('printer', `It could print now (profile ${configuration.printer.profile}).`);
      return failed({ part: 'printer', code: check.problem.code, message: check.problem.message });
    } finally {
      await printer.stop();
    }
  } catch (error) {
    return failure('printer', error);
  }
}

/** Whether each QR display is there, is the right one, and can show the spot's code. Nothing is shown on it. */
export async function examineDisplays({ configuration, clock, signal }: Devices): Promise<readonly Finding[]> {
  const { displays, spot } = configuration;
  const code = spotCode(spot.locationId, spot.identifier);
  const pages = displays.filter(({ type }) => type === 'screen');
  const lines = createDisplays(
    displays.filter(({ type }) => type !== 'screen'),
    { clock },
  );
  return [
    ...(await Promise.all(lines.map((display) => examineDisplay(display, code, signal)))),
    ...pages.map(({ name }) =>
      skipped('display', 'It is a page on a monitor, seen only while the terminal runs.', name),
    ),
  ];
}

async function examineDisplay(display: DisplayPort, code: string, signal: AbortSignal): Promise<Finding> {
  const { name, capabilities } = display;
  const refusal = capabilities.refuses(code);
  if (refusal !== null) return failed({ part: 'display', name, code: 'display_code_refused', message: refusal });
  try {
    const session = await display.connect(signal);
    try {
      const { model, firmware } = await session.identify(signal);
      const told = [model, firmware].filter((each) => each !== undefined).join(', ');
      const words =
        capabilities.verify === 'none'
          ? 'Its port is there; it never says anything of itself.'
          : `It answers${told === '' ? '' : `: ${told}`}.`;
      return fine('display', words, name);
    } finally {
      await session.close();
    }
  } catch (error) {
    const code = error instanceof DisplayError ? error.code : 'unexpected';
    return failed({ part: 'display', name, code, message: error instanceof Error ? error.message : String(error) });
  }
}
