import type { Configuration } from '../config.ts';
import { examine, type Live } from '../doctor/doctor.ts';
import { sizeFinding } from '../doctor/sight.ts';
import { failed, fine, skipped, type Finding } from '../doctor/finding.ts';
import { AdminError, type AdminDesk, type ServiceDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { PrinterPort } from '../ports/printer.ts';
import { returnedSettings } from '../settings-trial.ts';
import { version } from '../version.ts';
import { checkDesk } from './checks.ts';
import { deviceDesk } from './devices.ts';
import { journalDesk } from './journal.ts';
import { logDesk } from './log.ts';
import { settingDesk } from './settings.ts';
import { terminalState } from './state.ts';
import { supportDesk } from './support.ts';

/** What only the process itself knows and can do. */
export interface Host {
  /** Of the configuration. */
  readonly configurationPath: string;
  /** Of the built screens. */
  readonly screensFolder: string;
  /** Ends the process in order and has it started again. */
  readonly restart: () => void;
}

/** What the admin screen works on. */
export interface AdminParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly configuration: Configuration;
  readonly printer: PrinterPort;
  readonly journal: JournalPort;
  readonly machineOffsetMs: () => number;
  /** The terminal, once it has started. */
  readonly service: () => ServiceDesk;
  readonly host: Host;
  /** Of the log, as they were written, oldest first. */
  readonly logLines: () => readonly string[];
}

/** The answer goes out before the terminal ends, milliseconds. */
const restartAfterMs = 300;
/** For all checks together, milliseconds. */
const examineMs = 60_000;

/** What answers the admin screen: each part in a file of its own. */
export function createAdminDesk(parts: AdminParts): AdminDesk {
  const { clock, log, configuration, service, host } = parts;
  const restartSoon = () => {
    clock.after(restartAfterMs, host.restart);
  };
  const { configurationPath: path, screensFolder } = host;
  const live = liveParts(parts);
  const look = (screen: Live['screen'], onFinding: (finding: Finding) => void = () => undefined) =>
    examine({ path, screensFolder, signal: AbortSignal.timeout(examineMs), onFinding, live: { ...live, screen } });
  const { dataFolder } = configuration.terminal;
  const state = terminalState({ ...parts, dataFolder, version, returned: () => returnedSettings(path) });
  return {
    terminalState: state,
    ...deviceDesk(parts),
    ...checkDesk({
      clock,
      log,
      examine: (screen, onFinding) => look(() => sizeFinding(screen), onFinding),
    }),
    ...settingDesk({ clock, log, path, service, restartSoon }),
    ...logDesk(parts.logLines),
    ...supportDesk({
      ...parts,
      path,
      state,
      examine: () => look(() => skipped('screen', 'It was not looked at for the support bundle.')),
    }),
    ...journalDesk(parts.journal),
    restartTerminal: ({ anyway }) => {
      if (!anyway && !service().isAtRest()) {
        throw new AdminError('in_use', 'Somebody is paying or a bill is open. Wait until the spot is free.');
      }
      log.info('The terminal is restarted from its screen.');
      restartSoon();
      return {};
    },
  };
}

/** What this terminal holds itself, and therefore looks at itself. */
function liveParts({ configuration, printer, service }: AdminParts): Omit<Live, 'screen'> {
  const standing = (part: string, name?: string) =>
    service()
      .standings()
      .find((each) => each.part === part && each.name === name);
  return {
    journal: () => {
      const found = standing('journal');
      if (found?.status !== 'failing')
        return fine('journal', 'It is written to, and checked piece by piece while the terminal runs.');
      return failed({
        part: 'journal',
        code: found.code ?? 'unexpected',
        message: found.message ?? 'It cannot be written.',
      });
    },
    printer: async (signal) => {
      if (configuration.printer.connection.type === 'none')
        return skipped('printer', 'No receipt printer is configured.');
      const check = await printer.check(signal);
      service().printerAsked(check.ready ? null : check.problem);
      if (check.ready) return fine('printer', `It could print now (profile ${configuration.printer.profile}).`);
      return failed({ part: 'printer', code: check.problem.code, message: check.problem.message });
    },
    displays: () => configuration.displays.map(({ name }) => displayFinding(name, standing('display', name))),
  };
}

function displayFinding(name: string, found: ReturnType<ServiceDesk['standings']>[number] | undefined): Finding {
  if (found?.status === 'ok') return fine('display', 'It shows what it should.', name);
  if (found?.status !== 'failing') return skipped('display', 'Nothing is known of it yet. Check again.', name);
  const { code = 'unexpected', message = 'It does not show what it should.' } = found;
  return failed({ part: 'display', name, code, message });
}
