import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { plainText } from '../../shared/bill.ts';
import { encodings } from '../../shared/encodings.ts';
import { isCurrency, currencies } from '../../shared/money.ts';
import { languages } from '../../shared/snapshot.ts';
import { weekdays } from '../../shared/weekdays.ts';
import { displays } from './displays.ts';
import { count, duration } from './ranges.ts';
import { staff } from './staff.ts';

/** What the configuration's document says of a setting, beside its type, range and default. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isOnThisMachine(text: string): boolean {
  return URL.canParse(text) && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(text).hostname);
}

function isSafeRoot(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isOnThisMachine(text));
}

/** An address of plain letters without query, fragment and user: what is answered is its path. */
function isPlainAddress(text: string): boolean {
  if (!isSafeRoot(text)) return false;
  const { pathname, search, hash, username, password } = new URL(text);
  return /^[\w/.~-]*$/.test(pathname) && search === '' && hash === '' && username === '' && password === '';
}

const file = z
  .string()
  .min(1)
  .refine((path) => !path.includes('\0'), 'A path holds no zero bytes.');
const port = z.int().min(0).max(65_535);

const terminal = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Z0-9-]{1,20}$/, 'The name of a terminal has 1 to 20 capital letters, digits or hyphens.')
    .meta({
      description: 'Name of this terminal, unique among those of the merchant',
      reason: 'It stands on receipts and in the transactions it makes.',
    }),
  language: z.enum(languages).default('en').meta({
    description: 'Language of the screens until a customer chooses another, and of receipts',
    reason: 'English is understood most widely.',
  }),
  timeZone: z
    .string()
    .refine(isTimeZone, 'This is not a time zone that is known here; write one like Europe/Vilnius.')
    .default('Europe/Vilnius')
    .meta({ description: 'Time zone of the times on receipts', reason: 'Paysera is at home in Lithuania.' }),
  dataFolder: file.default('data').meta({
    description: 'Folder of the journal and the tokens; relative to this file',
    reason: 'It is the only folder the terminal writes to, unless receipts are saved elsewhere.',
  }),
  receiptFolder: file.optional().meta({
    description:
      'Folder that staff save receipts to, for example on a share; relative to this file. Left out: `receipts` in the data folder',
    reason: 'Whoever needs the files rarely may look into the data folder.',
  }),
});

const merchant = z.strictObject({
  lines: z.array(plainText(48, 'A line of the merchant block')).min(1).max(6).meta({
    description: 'Name, address and codes of the merchant, as they stand on top of receipts',
    reason: 'The law wants the seller named; what exactly differs by country.',
  }),
});

const api = z.strictObject({
  root: z
    .string()
    .refine(
      isSafeRoot,
      'The API root is an https address (http only on this machine), like https://wallet.paysera.com/rest/v1.',
    )
    .default('https://wallet.paysera.com/rest/v1')
    .meta({
      description: "Root of Paysera's Wallet API, or of the sandbox",
      reason: 'Signatures cover the address that is really called.',
    }),
  macId: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'MAC id that Paysera gave with the key', reason: 'It names the client; it is not secret.' }),
  projectId: z
    .int()
    .positive()
    .optional()
    .meta({ description: 'Project to act for', reason: 'Only for clients that manage several projects.' }),
  connectTimeoutMs: duration([100, 30_000], 2000, {
    description: 'Longest wait for a connection',
    reason: "Paysera's own client waits 2 s.",
  }),
  requestTimeoutMs: duration([1000, 60_000], 10_000, {
    description: 'Longest wait for a whole answer',
    reason: 'Longer than any sound answer, shorter than the patience of a queue.',
  }),
});

const key = z.strictObject({
  file: file.optional().meta({
    description: 'File that holds the MAC key and nothing else, mode 0600; relative to this file',
    reason: 'Left out, the systemd credential `mac-key` is read. The key itself never stands in the configuration.',
  }),
});

const spot = z.strictObject({
  locationId: z
    .int()
    .positive()
    .meta({ description: 'Location id that Paysera gave', reason: 'It is the first part of the spot code.' }),
  identifier: z
    .string()
    .regex(/^[A-Z0-9 ]{1,12}$/, 'The identifier has 1 to 12 capital letters, digits or spaces.')
    .meta({
      description: 'Identifier of the spot, unique in the location',
      reason: 'These characters keep the QR code small and easy to scan.',
    }),
  place: plainText(60, 'The name of the place').meta({
    description: 'Name of the place, as customers read it',
    reason: 'People check that they pay the right place.',
  }),
  name: plainText(40, 'The name of the spot').meta({
    description: 'Name of the spot, as customers read it',
    reason: 'Like "Table 5".',
  }),
});

const payment = z.strictObject({
  currency: z
    .string()
    .refine(isCurrency, `The currency is not one of ${currencies.join(', ')}.`)
    .default('EUR')
    .meta({ description: 'Currency of bills that staff put in', reason: 'The till names its own with each bill.' }),
  reserveForSeconds: count([60, 86_400], 900, {
    description: 'How long reserved money waits for the confirmation',
    unit: 's',
    reason: 'Confirmation takes seconds; a quarter of an hour outlasts most outages without locking money for a day.',
  }),
  billExpiresAfterMs: duration([60_000, 86_400_000], 7_200_000, {
    description: 'How long an unpaid bill stays at the spot',
    reason: 'A long meal.',
  }),
  maximumOpenBills: count([1, 100], 20, {
    description: 'Most unpaid bills at once',
    unit: 'bills',
    reason: 'More is a mistake of a program.',
  }),
  foreignOrders: z.enum(['observe', 'confirm']).default('observe').meta({
    description:
      'What is done with reserved orders that other software made: only shown, or confirmed if they are what was first shown',
    reason: 'Their maker usually confirms them.',
  }),
  closeAfterMs: duration([0, 60_000], 1500, {
    description: 'Pause between the last payment and the closing of the spot',
    reason: 'The app shows its own "paid" first.',
  }),
  paidScreenMs: duration([1000, 60_000], 6000, {
    description: 'How long the screen says paid',
    reason: 'Read by two people.',
  }),
  refusedScreenMs: duration([1000, 60_000], 8000, {
    description: 'How long the screen says that a bill was refused',
    reason: 'A reason takes longer to read.',
  }),
  waitingCloseAfterMs: duration([60_000, 86_400_000], 1_800_000, {
    description: 'How long a checked-in spot without a bill stays open',
    reason: 'Customers walk away without checking out.',
  }),
});

const wallTime = (pattern: RegExp, example: string) =>
  z.string().regex(pattern, `A time of day is written like ${example}.`);
const openSpan = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1).max(7).meta({
    description: 'Days on which it begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`',
    reason: 'A day may have more than one span.',
  }),
  from: wallTime(/^([01]\d|2[0-3]):[0-5]\d$/, '08:30').meta({ description: 'When it opens', reason: '' }),
  to: wallTime(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, '22:00').meta({ description: 'When it closes', reason: '' }),
});

const requests = z.strictObject({
  perMinute: count([5, 60], 60, {
    description: 'Most requests in any minute that the account is allowed',
    unit: 'requests',
    reason: 'The API allows 60 a minute.',
  }),
  perHour: count([50, 1000], 900, {
    description: 'Most requests in any hour that the account is allowed',
    unit: 'requests',
    reason: 'The API allows 1,000 an hour for the whole account; the rest is for people and other software.',
  }),
  sharePercent: count([1, 100], 100, {
    description: "This terminal's part of both limits",
    unit: '%',
    reason: 'All terminals of an account share its limits: with four of them, give each 25.',
  }),
  openingHours: z
    .array(openSpan)
    .max(50)
    .default([])
    .meta({
      description:
        'When the shop is open, by the clock on its wall; always when it is empty. A span that ends at or before its ' +
        'beginning ends the next day',
      reason: 'A closed shop needs few requests; a bill or a check-in is served all the same.',
    }),
  shopClosedEveryMs: duration([10_000, 3_600_000], 70_000, {
    description: 'Pause between looks at an idle spot while the shop is closed',
    reason: '51 requests an hour.',
  }),
  idleEveryMs: duration([1000, 600_000], 18_000, {
    description: 'Pause between looks at an idle spot',
    reason: '200 requests an hour: the rest is for payments.',
  }),
  waitingEveryMs: duration([1000, 600_000], 6000, {
    description: 'Pause between looks at a spot with somebody checked in and nothing to pay',
    reason: 'Only whether they leave is to be seen; a bill that is put in is followed at once.',
  }),
  offeredEveryMs: duration([500, 600_000], 1000, {
    description: 'Pause between looks at a bill that was just offered',
    reason: 'Paid is on the screen within a second of the payment, half of the time.',
  }),
  offeredOldEveryMs: duration([500, 600_000], 15_000, {
    description: 'Longest pause between looks at a bill offered a while ago; it grows to this with the age of the bill',
    reason: 'Who has not paid within ten minutes will not notice ten seconds.',
  }),
  freshForMs: duration([1000, 3_600_000], 120_000, {
    description: 'How long a bill counts as just offered',
    reason: 'Most people pay within that time.',
  }),
  unavailableAfterMs: duration([1000, 600_000], 20_000, {
    description: 'How long the API may fail before the screen takes the QR code away',
    reason: 'Short gaps heal by themselves.',
  }),
});

const connection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('tcp'),
    host: z.string().min(1).max(255).meta({
      description: 'Name or address of the printer',
      reason: 'Give the printer a fixed address, or it is lost when its address changes.',
    }),
    port: z.int().min(1).max(65_535).default(9100).meta({
      description: 'Port of the printer',
      reason: 'Printers listen there for what is to be printed as it is.',
    }),
  }),
  z.strictObject({
    type: z.literal('device'),
    path: file.refine(isAbsolute, 'A device is named by its absolute path, like /dev/usb/lp0.').meta({
      description: 'Device file of a printer on USB, by its absolute path',
      reason: 'Linux makes it when the printer is plugged in.',
    }),
  }),
  z.strictObject({
    type: z.literal('serial'),
    path: file.refine(isAbsolute, 'A serial port is named by its absolute path, like /dev/ttyUSB0.').meta({
      description: 'Serial port, by its absolute path',
      reason: 'A name under /dev/serial/by-id stays the same whatever else is plugged in.',
    }),
    baudRate: z.int().min(300).max(921_600).default(115_200).meta({
      description: 'Speed of the port, as it is set in the printer',
      unit: 'bits/s',
      reason: "The printer's self-test prints its own.",
    }),
    flowControl: z.enum(['hardware', 'software', 'none']).default('hardware').meta({
      description: 'How the printer says that it is full: `hardware` is RTS/CTS, `software` is XON/XOFF',
      reason: '`software` is for cables that have only three wires.',
    }),
  }),
]);

const printer = z.strictObject({
  connection: connection.default({ type: 'none' }).meta({
    description: 'How the printer is connected: an object with a `type` and what belongs to it, see below',
    reason: 'Receipts are numbered and kept without a printer too.',
  }),
  profile: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('epson')
    .meta({
      description: 'Name of a file in resources/printers',
      reason: "Makers number their characters differently; most follow Epson's commands.",
    }),
  codePages: z
    .array(z.strictObject({ encoding: z.enum(encodings), number: z.int().min(0).max(255) }))
    .min(1)
    .max(30)
    .optional()
    .meta({
      description:
        'Code pages that this very printer has, each an `encoding` and its `number`; left out, those of the profile',
      reason: 'The table of `npm run -s print -- codepages` shows them.',
    }),
  transliterate: z.boolean().default(false).meta({
    description: 'Whether letters that the printer lacks are spelled in others instead of drawn',
    reason: 'A name is printed as it is written; drawn letters take a little longer.',
  }),
  drawer: z.enum(['none', 'pin2', 'pin5']).default('none').meta({
    description: "Cash drawer at the printer's socket, opened by receipts for cash; `pin2` is the usual one",
    reason: 'Most terminals have no drawer.',
  }),
  buzzer: z.boolean().default(false).meta({
    description: 'Whether the printer beeps when a receipt has come out, if it can',
    reason: 'It is useful only where the printer stands out of sight.',
  }),
  retryEveryMs: duration([500, 600_000], 1500, {
    description: 'Pause before a printer that could not print is asked again',
    reason: 'Who has put in a new roll waits for the receipt.',
  }),
  maximumAgeMs: duration([10_000, 86_400_000], 600_000, {
    description: 'Receipts older than this are not printed by themselves',
    reason: 'A printer switched on in the morning must not print last night.',
  }),
  doubtful: z.enum(['copy', 'ask']).default('copy').meta({
    description: 'A receipt that may or may not be on paper: print one marked copy, or leave it to staff',
    reason: 'The customer wants a paper, and a copy says what it is.',
  }),
  connectTimeoutMs: duration([100, 30_000], 2000, {
    description: 'Longest wait for a connection to the printer',
    reason: 'It stands in the same room.',
  }),
  jobTimeoutMs: duration([1000, 300_000], 30_000, {
    description: 'Longest wait for a receipt to be printed',
    reason: 'Slow printers take ten seconds.',
  }),
});

const till = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .meta({ description: 'Whether the till interface listens', reason: 'Off where only staff put bills in.' }),
  host: z
    .string()
    .min(1)
    .max(255)
    .default('127.0.0.1')
    .meta({ description: 'Address it listens on', reason: 'Only this machine, unless the till runs elsewhere.' }),
  port: port.default(8701).meta({ description: 'Port; 0 takes any free one', reason: 'Free on most machines.' }),
});

const callbacks = z.strictObject({
  enabled: z.boolean().default(false).meta({
    description: 'Whether Paysera is asked to tell of payments at once',
    reason:
      'It needs an address that Paysera reaches (docs/callbacks.md); without it everything works, a little later.',
  }),
  host: z.string().min(1).max(255).default('127.0.0.1').meta({
    description: 'Address the listener listens on',
    reason: 'The reverse proxy that speaks TLS usually runs on the same machine.',
  }),
  port: port.default(8702).meta({ description: 'Port; 0 takes any free one', reason: 'Free on most machines.' }),
  publicAddress: z
    .string()
    .max(500)
    .refine(
      isPlainAddress,
      'The public address is an https address without query and special characters (http only on this machine), like https://pay.example.lt/callbacks/T1.',
    )
    .optional()
    .meta({
      description: 'Address by which Paysera reaches the listener, a path of its own for each terminal',
      reason: 'Left out only with a sandbox on this machine: it reaches the listener itself.',
    }),
  proxyAddress: z.union([z.ipv4(), z.ipv6()]).optional().meta({
    description: 'IP address of the reverse proxy, when it runs on another machine',
    reason: 'Forgers are told apart by the address that it names in X-Forwarded-For.',
  }),
  publicKeyFile: file.optional().meta({
    description: "File with Paysera's public key for callbacks (PEM); relative to this file",
    reason: 'Left out, it is fetched from /publickey of the API and kept in the data folder.',
  }),
  silentAfterMs: duration([1000, 600_000], 10_000, {
    description: 'How long after a payment was seen its callback may still come',
    reason: 'Longer than a sound network takes; then bills are read as often as without callbacks.',
  }),
  trustedForMs: duration([60_000, 86_400_000], 3_600_000, {
    description: 'How long one callback proves that they come',
    reason: 'After a quiet hour the first bill is read often again, until the next callback.',
  }),
});

const screens = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(255)
    .default('127.0.0.1')
    .meta({ description: 'Address of the screens (headless only)', reason: 'The browser runs on the same machine.' }),
  port: port.default(8700).meta({ description: 'Port; 0 takes any free one', reason: 'Free on most machines.' }),
});

const log = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta({ description: 'Least important lines that are written', reason: 'Enough to tell what happened.' }),
});

/** A section of which every setting has a default may be left out. */
const optional = <Section extends z.ZodType>(section: Section) => section.prefault({} as z.input<Section>);

/** What one setting alone cannot tell. */
function checkCallbacks(context: z.core.ParsePayload<z.infer<typeof whole>>): void {
  const { api, callbacks: settings } = context.value;
  if (!settings.enabled || settings.publicAddress !== undefined || isOnThisMachine(api.root)) return;
  context.issues.push({
    code: 'custom',
    path: ['callbacks', 'publicAddress'],
    message: 'Write the address by which Paysera reaches the listener, or switch callbacks off (docs/callbacks.md).',
    input: settings.publicAddress,
  });
}

const whole = z.strictObject({
  terminal,
  merchant,
  api,
  key: optional(key),
  spot,
  payment: optional(payment),
  requests: optional(requests),
  printer: optional(printer),
  displays,
  till: optional(till),
  callbacks: optional(callbacks),
  screens: optional(screens),
  staff: optional(staff),
  log: optional(log),
});

/** The whole configuration: one file, one schema (docs/configuration.md is made from it). */
export const configurationSchema = whole.check(checkCallbacks);

export type Configuration = z.infer<typeof configurationSchema>;
