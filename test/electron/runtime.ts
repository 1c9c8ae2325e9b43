import { launchChromium, type Chromium } from './chromium.ts';
import { note } from './journal.ts';

/** What the stand-in's parts share: Electron's module is one thing to a process, and so is this. */
export const runtime = {
  /** Schemes that were declared before Electron was ready. */
  schemes: new Set<string>(),
  /** Switches for Chromium, as they were appended. */
  switches: [] as string[],
  ready: false,
};

let starting: Promise<Chromium> | undefined;

/** The one Chromium of this process, started when it is first asked for. */
export function chromium(): Promise<Chromium> {
  starting ??= start();
  return starting;
}

async function start(): Promise<Chromium> {
  const started = await launchChromium(runtime.switches);
  const { devtools, endpoint, pid } = started;
  // Every page waits until its owner has set it up; pages that nobody made are windows that a page opened.
  await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  await devtools.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
  note('chromium', { endpoint, pid });
  return started;
}
