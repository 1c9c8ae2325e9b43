import { readFileSync } from 'node:fs';
import type { Changes, DisplayChoice } from '../../shared/admin/settings.ts';
import { hashPin } from '../adapters/pin/pin.ts';
import { complaintsOf, ConfigurationError, parseConfiguration } from '../config.ts';
import { configurationSchema } from '../config/schema.ts';
import { listSettings } from '../config/settings-list.ts';
import { AdminError, type AdminDesk, type ServiceDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { saveOnTrial, trialMs, wellParts } from '../settings-trial.ts';

interface SettingParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Of the configuration. */
  readonly path: string;
  readonly service: () => ServiceDesk;
  /** Has the terminal restarted, after the answer has gone out. */
  readonly restartSoon: () => void;
}

type Sections = Record<string, unknown>;

/** Settings, checked before they are saved, and on trial afterwards. */
export function settingDesk(
  parts: SettingParts,
): Pick<AdminDesk, 'settings' | 'checkSettings' | 'saveSettings' | 'changePin'> {
  const { path } = parts;

  function save(configuration: Sections, gone: (part: string) => boolean): void {
    const { clock, log, service, restartSoon } = parts;
    if (!service().isAtRest()) {
      throw new AdminError('in_use', 'Somebody is paying or a bill is open. Wait until the spot is free.');
    }
    const well = wellParts(service()).filter((part) => !gone(part));
    try {
      saveOnTrial(path, `${JSON.stringify(configuration, null, 2)}\n`, { savedAt: clock.now(), well: [...well] });
    } catch (error) {
      throw new AdminError(
        'settings_unwritable',
        `${path} cannot be written. Have its folder given to the terminal’s user, or change the file by hand.`,
        { cause: error },
      );
    }
    log.info('Settings were changed on the screen; the terminal restarts with them.');
    restartSoon();
  }

  return {
    settings: () => {
      const configuration = read(path);
      return { file: path, settings: [...listSettings(configuration)], displays: displaysOf(configuration) };
    },
    checkSettings: (changes) => {
      checked(changed(read(path), changes), path);
      return {};
    },
    saveSettings: (changes) => {
      save(checked(changed(read(path), changes), path), (part) => isTakenAway(part, changes));
      return { trialMs };
    },
    changePin: async ({ role, pin }) => {
      const configuration = read(path);
      const name = role === 'staff' ? 'pinHash' : `${role}PinHash`;
      const staff = { ...(configuration['staff'] as Sections | undefined), [name]: await hashPin(pin) };
      save(checked({ ...configuration, staff }, path), () => false);
      return { trialMs };
    },
  };
}

/** Its text as it is, without defaults: what was left out stays left out. @throws AdminError */
function read(path: string): Sections {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Sections;
  } catch (error) {
    throw new AdminError('settings_unreadable', `${path} cannot be read any more. Look at it by hand.`, {
      cause: error,
    });
  }
}

/** Printers and displays that are not there any more need not be well again. */
function isTakenAway(part: string, { printer, displays }: Changes): boolean {
  if (part === 'printer') return printer?.type === 'none';
  return (
    displays !== undefined && part.startsWith('display:') && !displays.some(({ name }) => part === `display:${name}`)
  );
}

function changed(configuration: Sections, { settings, printer, displays }: Changes): Sections {
  const editable = new Set(listSettings(configuration).flatMap(({ path, kind }) => (kind === 'fixed' ? [] : path)));
  const result = structuredClone(configuration);
  for (const { path, value } of settings) {
    if (!editable.has(path))
      throw new AdminError('setting_fixed', `${path} cannot be changed here.`, {
        fields: { [path]: 'This cannot be changed here.' },
      });
    const [section = '', name = ''] = path.split('.');
    const inner = { ...(result[section] as Sections | undefined) };
    if (value === null) Reflect.deleteProperty(inner, name);
    else inner[name] = value;
    result[section] = inner;
  }
  if (printer) result['printer'] = { ...(result['printer'] as Sections | undefined), connection: printer };
  if (displays) result['displays'] = displays.map((display) => mergedDisplay(display, displaysIn(result)));
  return result;
}

function displaysIn(configuration: Sections): readonly Sections[] {
  const { displays } = configuration;
  return Array.isArray(displays) ? (displays as readonly Sections[]) : [];
}

function mergedDisplay(display: DisplayChoice, before: readonly Sections[]): Sections {
  const same = before.find(({ name = '1', type }) => name === display.name && type === display.type);
  return { ...same, ...display };
}

function displaysOf(configuration: Sections): DisplayChoice[] {
  return displaysIn(configuration).map(({ type, name = '1', address, baudRate }) => ({
    type: type as DisplayChoice['type'],
    name: String(name),
    ...(typeof address === 'string' && { address }),
    ...(typeof baudRate === 'number' && { baudRate }),
  }));
}

/** The same, when a terminal can be run with it. @throws AdminError that names each setting that is not right */
function checked(configuration: Sections, path: string): Sections {
  const parsed = configurationSchema.safeParse(configuration);
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue) => [
        issue.path.join('.'),
        complaintsOf(issue)
          .join(' ')
          .replace(/^[\w.]+: /, ''),
      ]),
    );
    throw new AdminError('settings_invalid', 'Not everything is right. Look at what is marked.', { fields });
  }
  try {
    parseConfiguration(JSON.stringify(configuration), path);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new AdminError('settings_invalid', error.message, { cause: error });
    throw error;
  }
  return configuration;
}
