import { join } from 'node:path';
import { createSystemClock } from '../adapters/clock/system.ts';
import { readMacKey, type Secret } from '../adapters/keys/keys.ts';
import { openRequestFile } from '../adapters/requests/file.ts';
import { loadConfiguration, type Configuration } from '../config.ts';
import type { Log } from '../ports/log.ts';
import { limitsOf } from '../settings.ts';
import { version } from '../version.ts';
import { examineDisplays, examinePrinter } from './devices.ts';
import { spotCode } from '../../shared/ids.ts';
import { failure, fine, skipped, warning, type Finding } from './finding.ts';
import {
  examineDataFolder,
  examineDisk,
  examineJournal,
  examinePort,
  examineScreens,
  inUse,
  isRunning,
} from './machine.ts';
import { examineCode, examineFonts, examineScreenSize } from './sight.ts';
import { examineRemote } from './remote.ts';

export type { Finding };

/** What a terminal that runs looks at itself, since nobody else can while it does. */
export interface Live {
  readonly journal: () => Finding;
  readonly printer: (signal: AbortSignal) => Promise<Finding>;
  readonly displays: () => readonly Finding[];
  readonly screen: () => Finding;
}

interface Patient {
  /** The configuration's file. */
  readonly path: string;
  /** Of the built screens. */
  readonly screensFolder: string;
  readonly signal: AbortSignal;
  /** Called with each finding as soon as it is there. */
  readonly onFinding: (finding: Finding) => void;
  /** From within the terminal itself. */
  readonly live?: Live;
}

const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/**
 * Looks at everything that a terminal needs, names what is not well, and changes nothing. Of a running terminal the printer and the
 * displays are left alone. Asks Paysera at most six times, and not at all when the budget of requests is spent. Gives all findings.
 */
export async function examine({ path, screensFolder, signal, onFinding, live }: Patient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const tell = (...found: readonly Finding[]) => {
    findings.push(...found);
    for (const finding of found) onFinding(finding);
  };
  const configuration = readable(path, tell);
  if (!configuration) return findings;
  const macKey = keyOf(configuration, tell);
  const { dataFolder } = configuration.terminal;
  const running = isRunning(dataFolder);
  tell(...examineMachine(dataFolder, live), examineFonts(screensFolder), examineCode(codeOf(configuration)));
  const { screens, till } = configuration;
  tell(examineScreens(screensFolder) ?? (await examinePort({ part: 'screens', ...screens, running })));
  if (till.enabled) tell(await examinePort({ part: 'till', host: till.host, port: till.port, running }));
  const clock = createSystemClock();
  const budget = examineBudget(configuration);
  tell(budget);
  if (macKey && budget.status === 'ok') {
    tell(...(await examineRemote({ configuration, macKey, clock, log, version, signal })));
  } else {
    const why = macKey
      ? 'Paysera is not asked, since the budget of requests is spent.'
      : 'Paysera is not asked without a key.';
    tell(skipped('clock', why), skipped('api', why), skipped('spot', why));
  }
  if (live) tell(await live.printer(signal), ...live.displays());
  else if (running) tell(inUse('printer'), ...configuration.displays.map(({ name }) => inUse('display', name)));
  else {
    const devices = { configuration, clock, log, signal };
    tell(await examinePrinter(devices), ...(await examineDisplays(devices)));
  }
  return findings;
}

function codeOf({ spot }: Configuration): string {
  return spotCode(spot.locationId, spot.identifier);
}

function examineMachine(dataFolder: string, live: Live | undefined): readonly Finding[] {
  return [
    examineDataFolder(dataFolder),
    examineDisk(dataFolder),
    live?.journal() ?? examineJournal(dataFolder),
    live?.screen() ?? examineScreenSize(),
  ];
}

type Tell = (...found: readonly Finding[]) => void;

function readable(path: string, tell: Tell): Configuration | undefined {
  try {
    const configuration = loadConfiguration(path);
    tell(fine('configuration', `${path} can be used.`));
    return configuration;
  } catch (error) {
    tell(failure('configuration', error));
    return undefined;
  }
}

function keyOf({ key }: Configuration, tell: Tell): Secret | undefined {
  try {
    const macKey = readMacKey({ credentialsDirectory: process.env['CREDENTIALS_DIRECTORY'], file: key.file });
    tell(fine('key', 'There is a key, and nobody else can read it.'));
    return macKey;
  } catch (error) {
    tell(failure('key', error));
    return undefined;
  }
}

/** Requests that the examination itself may need. */
const ownRequests = 6;
const [minuteMs, hourMs] = [60_000, 3_600_000];

function examineBudget({ terminal, requests }: Configuration): Finding {
  const { perMinute, perHour } = limitsOf(requests);
  const file = openRequestFile(join(terminal.dataFolder, 'requests.json'), log);
  const { sent = [], pausedForMs = 0 } = file.load() ?? {};
  file.close();
  const within = (span: number) => sent.filter(({ agoMs }) => agoMs < span).length;
  const [minute, hour] = [within(minuteMs), within(hourMs)];
  const words = `${minute} of ${perMinute} requests in the last minute, ${hour} of ${perHour} in the last hour.`;
  if (pausedForMs > 0) {
    const seconds = Math.ceil(pausedForMs / 1000);
    return warning({
      part: 'budget',
      code: 'paused',
      message: `Paysera asked for a pause, for another ${seconds} s. ${words}`,
    });
  }
  if (minute + ownRequests > perMinute || hour + ownRequests > perHour) {
    return warning({ part: 'budget', code: 'spent', message: `${words} Wait; if it stays so, see docs/polling.md.` });
  }
  return fine('budget', words);
}
