import { z } from 'zod';
import { count, duration } from './ranges.ts';

const hashOfPin = (meta: { readonly description: string; readonly reason: string }) =>
  z
    .string()
    .startsWith('scrypt$', 'This is not a PIN hash: make one with npm run -s pin.')
    .max(400)
    .optional()
    .meta(meta);

/** Who may do what at the screen. */
export const staff = z.strictObject({
  pinHash: hashOfPin({
    description: 'Hash of the staff PIN, made by `npm run -s pin`',
    reason: 'Without it nobody but a manager or technician gets to the staff screen.',
  }),
  managerPinHash: hashOfPin({
    description: 'Hash of the manager’s PIN, made by `npm run -s pin -- --role manager`',
    reason: 'Who may look into the journal and the figures, and restart the terminal.',
  }),
  technicianPinHash: hashOfPin({
    description: 'Hash of the technician’s PIN, made by `npm run -s pin -- --role technician`',
    reason: 'Who may change settings and devices.',
  }),
  lockAfterMs: duration([10_000, 900_000], 60_000, {
    description: 'The staff screen locks itself after this long without a touch',
    reason: 'Customers stand before it.',
  }),
  wrongTries: count([3, 20], 10, {
    description: 'Wrong PINs in a row before it is locked out',
    unit: 'tries',
    reason: 'PCI DSS 8.3.4 allows ten.',
  }),
  lockOutMs: duration([60_000, 86_400_000], 1_800_000, {
    description: 'How long it is then locked out, restarts included',
    reason: 'PCI DSS 8.3.4 asks for half an hour.',
  }),
});
