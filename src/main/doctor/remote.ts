import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SystemClock } from '../adapters/clock/system.ts';
import type { Secret } from '../adapters/keys/keys.ts';
import { createMerchantClient } from '../adapters/wallet/merchant.ts';
import { followApiTime } from '../api-time.ts';
import type { Configuration } from '../config.ts';
import type { RemoteOrder, RemoteSpot } from '../core/remote.ts';
import type { Log } from '../ports/log.ts';
import type { Outcome, WalletPort } from '../ports/wallet.ts';
import type { Failure } from '../../shared/failure.ts';
import { spotCode } from '../../shared/ids.ts';
import { failed, fine, skipped, warning, type Finding } from './finding.ts';

interface Asked {
  readonly configuration: Configuration;
  readonly macKey: Secret;
  readonly clock: SystemClock;
  readonly log: Log;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** What a terminal writes into the transactions that it makes. */
const offerSchema = z.looseObject({ terminal: z.string(), spot: z.string() });

/** A difference of the clocks that somebody should mend, in milliseconds. */
const clockOffMs = 60_000;

/** Clock, key and spot, by at most six requests. */
export async function examineRemote(asked: Asked): Promise<readonly Finding[]> {
  const { configuration, macKey, clock, log, version, signal } = asked;
  const { api, spot } = configuration;
  const { serverClock, machineOffsetMs } = followApiTime(clock);
  const client = createMerchantClient({
    root: new URL(api.root),
    macId: api.macId,
    macKey,
    ...(api.projectId === undefined ? {} : { projectId: api.projectId }),
    locationId: spot.locationId,
    connectTimeoutMs: api.connectTimeoutMs,
    requestTimeoutMs: api.requestTimeoutMs,
    userAgent: `SpotTerminal/${version} doctor`,
    clock,
    randomBytes,
    log,
    serverClock,
  });
  try {
    const time = await client.synchroniseClock(signal);
    if (!time.ok) return unreachable(time.failure);
    return [clockFinding(machineOffsetMs()), ...(await spotFindings(client, asked))];
  } finally {
    await client.stop();
  }
}

function unreachable({ code, message }: Failure): readonly Finding[] {
  return [
    skipped('clock', 'It is compared with that of Paysera, which cannot be reached.'),
    failed({ part: 'api', code, message }),
    skipped('spot', 'Paysera cannot be asked for it.'),
  ];
}

function clockFinding(offsetMs: number): Finding {
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  if (Math.abs(offsetMs) < clockOffMs) return fine('clock', `${seconds} s from that of Paysera.`);
  return warning({
    part: 'clock',
    code: 'clock_off',
    message: `This machine's clock is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead'}. Payments go on by Paysera's clock; set the machine's right, or connect it to a time server.`,
  });
}

async function spotFindings(client: WalletPort, { configuration, signal }: Asked): Promise<readonly Finding[]> {
  const { locationId, identifier } = configuration.spot;
  const code = spotCode(locationId, identifier);
  const known = await client.spotByCode(code, signal);
  // Merchants may be forbidden to ask by the code (api.md 17.1); then it is looked for in the lists.
  const answer = !known.ok && known.failure.code === 'forbidden' ? await listed(client, identifier, signal) : known;
  if (answer.ok) {
    const orders = await ordersOf(client, answer.value, signal);
    return [fine('api', 'Paysera takes the key.'), spotFinding(answer.value, { configuration, orders })];
  }
  const { failure } = answer;
  if (failure.code === 'unauthorized') {
    return [
      failed({
        part: 'key',
        code: 'key_refused',
        message:
          'Paysera does not take the key. Check api.macId, and whether the MAC key belongs to it; ask Paysera for a new one if it was withdrawn.',
      }),
      skipped('spot', 'Paysera cannot be asked for it without a key that it takes.'),
    ];
  }
  if (failure.code === 'not_found') {
    return [
      fine('api', 'Paysera takes the key.'),
      failed({
        part: 'spot',
        code: 'spot_not_found',
        message: `Paysera knows no spot ${code}. Check spot.locationId and spot.identifier.`,
      }),
    ];
  }
  if (failure.code === 'forbidden') {
    return [
      failed({
        part: 'spot',
        code: 'forbidden',
        message: `This merchant may not use the spot ${code}. Check spot.locationId, or ask Paysera for the right to it.`,
      }),
    ];
  }
  return [failed({ part: 'api', code: failure.code, message: failure.message })];
}

async function listed(client: WalletPort, identifier: string, signal: AbortSignal): Promise<Outcome<RemoteSpot>> {
  for (const status of ['closed', 'waiting', 'open'] as const) {
    const spots = await client.findSpots(status, signal);
    if (!spots.ok) return spots;
    const found = spots.value.find((spot) => same(spot.identifier, identifier));
    if (found) return { ok: true, value: found };
  }
  const message = 'It is in none of the lists.';
  return { ok: false, failure: { code: 'not_found', retry: 'never', message } };
}

/** The API gives identifiers back in lower case (api.md 16.3). */
function same(theirs: string, ours: string): boolean {
  return theirs.toLowerCase() === ours.toLowerCase();
}

/** The spot's orders with what was asked for; what cannot be read is left out. */
async function ordersOf(client: WalletPort, spot: RemoteSpot, signal: AbortSignal): Promise<readonly RemoteOrder[]> {
  const { orders } = spot;
  if (!orders || orders.length === 0 || orders.every(({ transaction }) => transaction !== null)) return orders ?? [];
  const read = await client.spot(spot.id, signal);
  return (read.ok && read.value.orders) || orders;
}

/** The name of another terminal that offers its bills at the same spot; undefined when none does. */
function otherTerminal(orders: readonly RemoteOrder[], { terminal, spot }: Configuration): string | undefined {
  const here = `${spot.locationId}:${spot.identifier}`;
  return orders
    .filter(({ status }) => status !== 'closed')
    .flatMap(({ transaction }) => offerSchema.safeParse(transaction?.payments[0]?.parameters).data ?? [])
    .find((offer) => offer.spot === here && offer.terminal !== terminal.name)?.terminal;
}

interface AtSpot {
  readonly configuration: Configuration;
  readonly orders: readonly RemoteOrder[];
}

function spotFinding(spot: RemoteSpot, { configuration, orders }: AtSpot): Finding {
  const { locationId, identifier } = configuration.spot;
  if (!same(spot.identifier, identifier) || (spot.locationId !== null && spot.locationId !== locationId)) {
    return failed({
      part: 'spot',
      code: 'spot_differs',
      message: `Paysera gives another spot for ${spotCode(locationId, identifier)}: ${spot.identifier} at location ${String(spot.locationId)}. Check spot.locationId and spot.identifier.`,
    });
  }
  const other = otherTerminal(orders, configuration);
  if (other !== undefined) {
    return failed({
      part: 'spot',
      code: 'other_terminal',
      message: `Another terminal, ${other}, offers its bills at ${spotCode(locationId, identifier)} too. Give each terminal a spot of its own.`,
    });
  }
  const title = spot.title === '' ? '' : ` (${spot.title})`;
  return fine(
    'spot',
    `${spotCode(locationId, identifier)}${title} is ${spot.status ?? 'in a state unknown to us'}, with ${orders.length} orders.`,
  );
}
