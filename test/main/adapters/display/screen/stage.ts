import type { Browser } from '@playwright/test';
import { onTestFinished } from 'vitest';
import { createSystemClock } from '../../../../../src/main/adapters/clock/system.ts';
import { PageDesk } from '../../../../../src/main/adapters/display/screen/desk.ts';
import { sameShowing, type Showing } from '../../../../../src/main/core/display/showing.ts';
import { startScreens } from '../../../../../src/main/web/screens.ts';
import { DisplayKeeper } from '../../../../../src/main/terminal/display.ts';
import { keepingLog } from '../../../../fakes/log.ts';
import { FakeDesk } from '../../../../fakes/screen-desk.ts';
import { until } from '../../../../fakes/until.ts';
import { openPage, type Size } from '../../../../renderer/fixture/browser.ts';

const token = 'a token of 24 characters';

/** A keeper, the real server of pages, and a real browser with the page that stands for the display. */
export async function openDisplay(browser: Browser, folder: string, size: Size, scale = 1) {
  const clock = createSystemClock();
  const log = keepingLog();
  const pages = new PageDesk([{ name: 'window', output: undefined }]);
  const options = { desk: new FakeDesk(), pages, host: '127.0.0.1', token, folder, clock, log };
  let screens = await startScreens({ ...options, port: 0 });
  const url = screens.displayUrls['window'] ?? '';
  const { page, complaints } = await openPage(browser, size, scale);
  const problems: (string | null)[] = [];
  let wanted: Showing | undefined;
  const keeper = new DisplayKeeper({
    display: pages.display('window', { clock, answerMs: 2_000 }),
    clock,
    log,
    onProblem: (problem) => problems.push(problem?.code ?? null),
  });
  onTestFinished(async () => {
    await keeper.stop();
    await page.context().close();
    await screens.stop();
  });
  await page.goto(url);
  return {
    page,
    pages,
    complaints,
    problems,
    log,
    url,
    keeper,
    origin: new URL(url).origin,
    /** Wants this shown, and waits until the keeper is sure that it is. */
    async show(showing: Showing): Promise<void> {
      if (sameShowing(wanted ?? null, showing)) return;
      wanted = showing;
      const before = problems.length;
      keeper.show(wanted);
      await until(() => problems.slice(before).includes(null), `the display to show ${showing.title}`, 10_000);
    },
    stopServer: () => screens.stop(),
    startServer: async () => {
      screens = await startScreens({ ...options, port: Number(new URL(url).port) });
    },
  };
}
