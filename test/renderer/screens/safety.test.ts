import { expect as expectPage } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { refusal, refusalCodes } from '../../../src/shared/contract.ts';
import { languages } from '../../../src/shared/snapshot.ts';
import en from '../../../src/renderer/src/i18n/en.json' with { type: 'json' };
import lt from '../../../src/renderer/src/i18n/lt.json' with { type: 'json' };
import { bill, busyStaff, noon, quietStaff, snapshot } from '../fixture/snapshots.ts';
import { useStage, type Scene, type SceneOptions } from '../fixture/stage.ts';

const openScene = useStage();
let scene: Scene;
afterEach(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const slow = { timeout: 30_000 };

async function open(options?: SceneOptions) {
  scene = await openScene(options);
  return scene;
}

const intents = () => scene.terminal.sent.filter(({ name }) => name !== 'staffActivity');
const nothingOfStaff = async () => {
  const { page } = scene;
  await page.locator('[data-view="idle"]').waitFor();
  await expectPage(page.locator('[data-screen], dialog, input')).toHaveCount(0);
  expect(await page.content()).not.toMatch(/2026-0012|4711|Secret/);
};

test('every refusal is said in our own words, in both languages', slow, async () => {
  const { page, terminal, unlock } = await open();
  await unlock(quietStaff({ bills: [bill({ status: 'refused' })] }));
  for (const language of languages) {
    terminal.show(snapshot({}, { language, staff: quietStaff({ bills: [bill({ status: 'refused' })] }) }));
    await page.locator(`html[lang="${language}"]`).waitFor();
    for (const code of refusalCodes) {
      terminal.answer(() => refusal(code, 'English from main'));
      await page.locator('[data-bill] button').first().click();
      await expectPage(page.getByRole('alert')).toHaveText((language === 'en' ? en : lt).refused[code]);
    }
  }
  terminal.answer(() => ({ ok: true }));
  await page.locator('[data-bill] button').first().click();
  await expectPage(page.getByRole('alert')).toHaveText('');
});

test('a refused PIN is said so by touch and by key, and so is that it is locked', async () => {
  const { page, terminal } = await open();
  await page.getByRole('button', { name: 'Staff' }).click();
  for (const [code, sentence] of [
    ['wrong_pin', en.refused.wrong_pin],
    ['pin_locked', en.refused.pin_locked],
  ] as const) {
    terminal.answer(() => refusal(code, 'English from main'));
    await page.keyboard.type('1234');
    await page.getByRole('button', { name: 'Enter' }).click();
    await expectPage(page.getByRole('alert')).toHaveText(sentence);
  }
});

test('a PIN has at most twelve digits, and too few are not sent', async () => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type('123');
  await page.keyboard.press('Enter');
  await page.keyboard.type('4567890123456');
  await expectPage(page.getByRole('status')).toHaveText('Digits entered: 12');
  expect(intents()).toEqual([]);
  await page.keyboard.press('Enter');
  await expect.poll(intents).toEqual([{ name: 'unlockStaff', input: { pin: '123456789012' } }]);
});

test('of a PIN nothing stays: not when it is left, not when it is locked, and never as text', async () => {
  const { page, terminal } = await open();
  const dots = page.locator('.dot.set');
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type('471');
  await expectPage(dots).toHaveCount(3);
  expect(await page.content()).not.toContain('471');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Staff' }).click();
  await expectPage(dots).toHaveCount(0);
  await page.keyboard.type('47');
  terminal.show(snapshot({}, { pinLockedUntil: noon + 60_000 }));
  await expectPage(page.getByRole('alert')).not.toBeEmpty();
  await expectPage(dots).toHaveCount(0);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, location.href])).toEqual([
    0,
    0,
    terminal.url,
  ]);
});

test('when main locks, nothing of staff stays on the page, whatever was open', slow, async () => {
  const { page, terminal, unlock } = await open();
  await unlock(busyStaff());
  await page.locator('[data-bill="2026-0012"]').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('dialog').waitFor();
  terminal.show(snapshot());
  await nothingOfStaff();
  await page.keyboard.press('Enter');

  await unlock(busyStaff());
  await expectPage(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'New bill' }).click();
  await page.getByLabel('Text of line 1').fill('Secret');
  terminal.show(snapshot());
  await nothingOfStaff();
  expect(intents()).toEqual([]);
});

test('when the line is gone, staff have to unlock again, and no answer to a question is sent late', slow, async () => {
  const { page, terminal, unlock } = await open();
  await unlock(busyStaff());
  await page.locator('[data-bill="2026-0012"]').getByRole('button', { name: 'Withdraw' }).click();
  terminal.disconnect({ reachable: false });
  await page.locator('[data-view="blank"]').waitFor();
  await expectPage(page.locator('[data-screen], dialog')).toHaveCount(0);
  terminal.show(snapshot());
  terminal.reachable();
  await nothingOfStaff();
  expect(intents()).toEqual([]);
});

test('a question is answered with No by who presses Enter without looking', async () => {
  const { page, unlock } = await open();
  await unlock(busyStaff());
  const withdraw = page.locator('[data-bill="2026-0012"]').getByRole('button', { name: 'Withdraw' });
  await withdraw.click();
  await expectPage(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expectPage(page.getByRole('dialog')).toHaveCount(0);
  await withdraw.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(intents).toEqual([{ name: 'withdrawBill', input: { billId: 'bill_12' } }]);
});

test('an amount stops at the largest that there is, by touch', slow, async () => {
  const { page, unlock } = await open();
  await unlock(quietStaff());
  await page.getByRole('button', { name: 'New bill' }).click();
  const amount = page.getByLabel('Amount of line 1');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  for (const key of ['9', '9', '9', '9', '9', '9', '9', '9', '9']) await press(key);
  await expectPage(amount).toHaveValue('€9,999,999.99');
  await press('9');
  await press('00');
  await expectPage(amount).toHaveValue('€9,999,999.99');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expectPage(amount).toHaveValue('€999,999.99');
});

test('what cannot be pressed does not look as if it could', async () => {
  const { page, unlock } = await open();
  await unlock(quietStaff());
  const close = page.getByRole('button', { name: 'Close the spot' });
  await expectPage(close).toBeDisabled();
  const colour = (name: string) =>
    page.getByRole('button', { name }).evaluate((element) => getComputedStyle(element).color);
  const soft = await colour('Close the spot');
  await page.getByRole('button', { name: 'New bill' }).click();
  expect(await colour('Remove line 1')).toBe(soft);
  await page.getByRole('button', { name: 'Add a line' }).click();
  expect(await colour('Remove line 1')).not.toBe(soft);
});

test('a bill that ends while it is edited leaves what was typed, and says so', async () => {
  const { page, terminal, unlock } = await open();
  await unlock(quietStaff({ bills: [bill({ currency: 'USD' })] }));
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Text of line 1').fill('Tea');
  terminal.show(snapshot({}, { staff: quietStaff({ bills: [bill({ currency: 'USD', status: 'paid' })] }) }));
  terminal.answer(() => refusal('bill_ended', 'English from main'));
  await page.getByRole('button', { name: 'Save' }).click();
  await expectPage(page.getByRole('alert')).toHaveText(en.refused.bill_ended);
  await expectPage(page.getByLabel('Text of line 1')).toHaveValue('Tea');
});

test('a list of many bills stays where staff have scrolled to when something changes', slow, async () => {
  const many = Array.from({ length: 20 }, (_, index) => bill({ id: `bill_${index}`, number: `N-${index}` }));
  const { page, terminal, unlock } = await open();
  await unlock(quietStaff({ bills: many }));
  const last = page.locator('[data-bill="N-19"]');
  await last.scrollIntoViewIfNeeded();
  terminal.show(snapshot({}, { staff: quietStaff({ bills: many.map((each) => ({ ...each, status: 'preparing' })) }) }));
  await expectPage(last).toHaveAttribute('data-status', 'preparing');
  await expectPage(last).toBeInViewport({ ratio: 1 });
});
