import { examine } from '../doctor/doctor.ts';
import { SetupDesk } from './desk.ts';
import { startSetupServer, type SetupServer } from './server.ts';

interface FirstStart {
  /** Of the configuration to be made. */
  readonly path: string;
  readonly folders: readonly string[];
  readonly screensFolder: string;
  /** Starts the terminal; gives where its screens are. */
  readonly start: () => Promise<string>;
}

/** The page has asked how it went long before, and is at the terminal's screens; milliseconds. */
const farewellMs = 15_000;
/** For looking at everything once, milliseconds. */
const examineMs = 60_000;

/** Lets a terminal without a configuration be set up on its screen, and starts it then. Gives the address of the set-up's page. */
export async function setUp({ path, folders, screensFolder, start }: FirstStart): Promise<{ setupUrl: string }> {
  const running: { server?: SetupServer } = {};
  const desk = new SetupDesk({
    path,
    folders,
    stateFolder: process.env['STATE_DIRECTORY'],
    examine: (onFinding) => examine({ path, screensFolder, signal: AbortSignal.timeout(examineMs), onFinding }),
    start: async () => {
      const screenUrl = await start();
      setTimeout(() => void running.server?.stop(), farewellMs).unref();
      return screenUrl;
    },
  });
  const server = await startSetupServer({ desk, folder: screensFolder });
  running.server = server;
  return { setupUrl: server.url };
}
