import { expect as expectPage } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { languages } from '../../../src/shared/snapshot.ts';
import { adminWords, scriptAdmin } from '../fixture/admin.ts';
import { sizes } from '../fixture/browser.ts';
import { findFaintTexts, findLayoutFaults, findSmallTargets } from '../fixture/measures.ts';
import { takePicture } from '../fixture/pictures.ts';
import { quietStaff, snapshot } from '../fixture/snapshots.ts';
import { useStage, type Scene } from '../fixture/stage.ts';

const openScene = useStage();
let scene: Scene;
afterEach(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const slow = { timeout: 60_000 };
/** Where a person may look at all of them: `ADMIN_PICTURES=folder`. */
const folder = process.env['ADMIN_PICTURES'];

test.each(sizes)(
  'on $width × $height a technician reads and reaches everything, in both languages',
  slow,
  async (size) => {
    scene = await openScene({ size });
    const { page, terminal, unlock } = scene;
    scriptAdmin(terminal);
    await unlock(quietStaff({ role: 'technician' }));
    for (const language of languages) {
      const { tab, sections } = adminWords(language);
      terminal.show(snapshot({}, { language, staff: quietStaff({ role: 'technician' }) }));
      await page.getByRole('button', { name: tab, exact: true }).click();
      for (const [name, title] of Object.entries(sections)) {
        await page.getByRole('tab', { name: title, exact: true }).click();
        await page.locator(`[data-section="${name}"]`).waitFor();
        if (folder !== undefined) await takePicture(page, folder, `${size.width}x${size.height}-${language}-${name}`);
        const where = `${language} ${name}`;
        expect([where, await findLayoutFaults(page)]).toEqual([where, []]);
        expect([where, await findSmallTargets(page)]).toEqual([where, []]);
        expect([where, await findFaintTexts(page)]).toEqual([where, []]);
      }
    }
  },
);

test('what was found can be taken as the printer, after a question', async () => {
  scene = await openScene();
  const { page, terminal, unlock } = scene;
  scriptAdmin(terminal);
  terminal.reply('saveSettings', { trialMs: 90_000 });
  await unlock(quietStaff({ role: 'technician' }));
  await page.getByRole('button', { name: 'Terminal' }).click();
  await page.getByRole('tab', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Ports and network' }).click();
  const usb = page.locator('li', { hasText: 'TM-T20III' });
  await usb.getByRole('button', { name: 'Use as printer' }).click();
  await expectPage(page.getByRole('dialog')).toContainText('/dev/usb/lp0');
  await page.getByRole('button', { name: 'Yes' }).click();
  await expectPage(page.getByText('Saved. The terminal restarts')).toBeVisible();
  const { input } = terminal.asked.find(({ name }) => name === 'saveSettings') ?? {};
  expect(input).toEqual({ settings: [], printer: { type: 'device', path: '/dev/usb/lp0' } });
});

test('a PIN is typed twice, and nothing is sent when the two differ', async () => {
  scene = await openScene();
  const { page, terminal, unlock } = scene;
  scriptAdmin(terminal);
  terminal.reply('changePin', { trialMs: 90_000 });
  await unlock(quietStaff({ role: 'technician' }));
  await page.getByRole('button', { name: 'Terminal' }).click();
  await page.getByRole('tab', { name: 'PINs' }).click();
  await page.getByRole('radio', { name: 'Manager' }).click();
  const type = async (pin: string) => {
    for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  };
  await type('12345');
  await expectPage(page.getByRole('button', { name: 'Next' })).toBeDisabled();
  await type('7');
  await page.getByRole('button', { name: 'Next' }).click();
  await type('123458');
  await page.getByRole('button', { name: 'Save and restart' }).click();
  await expectPage(page.getByRole('alert')).toContainText('not the same');
  expect(terminal.asked.filter(({ name }) => name === 'changePin')).toEqual([]);
  await type('582047');
  await page.getByRole('button', { name: 'Next' }).click();
  await type('582047');
  await page.getByRole('button', { name: 'Save and restart' }).click();
  await expectPage(page.getByText('Saved. The terminal restarts')).toBeVisible();
  expect(terminal.asked.at(-1)).toEqual({ name: 'changePin', input: { role: 'manager', pin: '582047' } });
});
