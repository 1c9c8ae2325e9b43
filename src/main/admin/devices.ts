import type { AdminDesk, ServiceDesk } from '../ports/admin.ts';
import { AdminError } from '../ports/admin.ts';
import type { Configuration } from '../config.ts';
import { codePage } from '../adapters/printer/code-page.ts';
import { styleOf } from '../adapters/printer/create.ts';
import { letterSlip, testSlip } from '../core/receipt/test-slip.ts';
import type { PrinterPort } from '../ports/printer.ts';
import { findDevices } from './find-devices.ts';

interface DeviceParts {
  readonly configuration: Configuration;
  readonly printer: PrinterPort;
  readonly service: () => ServiceDesk;
}

/** How long a test picture stands on a display, milliseconds. */
const testPictureMs = 15_000;
/** What a person waits for a test slip, milliseconds; the page waits for a little longer. */
const printWithinMs = 35_000;

type DeviceDesk = Pick<AdminDesk, 'devices' | 'askPrinter' | 'printTest' | 'showTest' | 'findDevices'>;

/** Printers and displays, tried and looked for. */
export function deviceDesk({ configuration, printer, service }: DeviceParts): DeviceDesk {
  return {
    devices: () => ({
      printer: {
        profile: configuration.printer.profile,
        connection: connectionOf(configuration),
        configured: configuration.printer.connection.type !== 'none',
      },
      displays: configuration.displays.map((display) => ({
        name: display.name,
        type: display.type,
        address: 'address' in display ? display.address : '',
      })),
    }),
    askPrinter: async () => {
      const check = await printer.check(AbortSignal.timeout(printWithinMs));
      service().printerAsked(check.ready ? null : check.problem);
      if (!check.ready) return { ready: false, ...check.problem };
      return { ready: true, ...(check.paperLow && { receiptsLeft: check.paperLow.receiptsLeft }) };
    },
    printTest: async ({ what }) => {
      const style = styleOf(configuration.printer);
      const pages = style.profile.codePages.map(({ encoding }) => ({
        name: encoding,
        letters: codePage(encoding).letters,
      }));
      const slip = what === 'slip' ? testSlip(style.profile.columns) : letterSlip(pages);
      const ended = await printer.print(slip, AbortSignal.timeout(printWithinMs));
      service().printerAsked(ended.outcome === 'printed' ? null : ended.problem);
      return ended.outcome === 'printed' ? { outcome: 'printed' } : { outcome: ended.outcome, ...ended.problem };
    },
    showTest: ({ display }) => {
      if (!service().showTest(display, testPictureMs)) {
        throw new AdminError(
          'display_needed',
          'The display is needed for a customer just now, or there is none of that name.',
        );
      }
      return { forMs: testPictureMs };
    },
    findDevices: ({ network }) => findDevices(configuration, { network }),
  };
}

function connectionOf({ printer: { connection } }: Configuration): string {
  switch (connection.type) {
    case 'none':
      return '';
    case 'tcp':
      return `${connection.host}:${connection.port}`;
    default:
      return connection.path;
  }
}
