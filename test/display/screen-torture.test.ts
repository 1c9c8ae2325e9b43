import { expect, test } from 'vitest';
import { openBrowser } from '../renderer/fixture/browser.ts';
import { buildScreens } from '../renderer/fixture/build.ts';
import { tortureScreen } from './screen-torture.ts';

test('a page shows nothing wrong for more than two seconds, whatever becomes of its messages', async () => {
  const [browser, screens] = await Promise.all([openBrowser(), buildScreens()]);
  try {
    const report = await tortureScreen({ browser, folder: screens.folder, transitions: 150, seed: 3 });
    expect(report.violations).toEqual([]);
    expect(Math.min(report.reloads, report.cuts, report.messagesSpoilt)).toBeGreaterThan(0);
  } finally {
    await browser.close();
    await screens.remove();
  }
}, 120_000);
