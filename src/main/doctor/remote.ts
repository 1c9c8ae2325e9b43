import { randomBytes } from 'node:crypto';
import type { SystemClock } from '../adapters/clock/system.ts';
import type { Secret } from '../adapters/keys/keys.ts';
import { createMerchantClient } from '../adapters/wallet/merchant.ts';
import { followApiTime } from '../api-time.ts';
import type { Configuration } from '../config.ts';
import type { RemoteSpot } from '../core/remote.ts';
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
  if (answer.ok) return [fine('api', 'Paysera takes the key.'), spotFinding(answer.value, configuration)];
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

function spotFinding(spot: RemoteSpot, { spot: configured }: Configuration): Finding {
  const { locationId, identifier } = configured;
  if (!same(spot.identifier, identifier) || (spot.locationId !== null && spot.locationId !== locationId)) {
    return failed({
      part: 'spot',
      code: 'spot_differs',
      message: `Paysera gives another spot for ${spotCode(locationId, identifier)}: ${spot.identifier} at location ${String(spot.locationId)}. Check spot.locationId and spot.identifier.`,
    });
  }
  const orders = spot.orders?.length ?? 0;
  const title = spot.title === '' ? '' : ` (${spot.title})`;
  return fine(
    'spot',
    `${spotCode(locationId, identifier)}${title} is ${spot.status ?? 'in a state unknown to us'}, with ${orders} orders.`,
  );
}
