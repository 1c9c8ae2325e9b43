import { expect as expectPage } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { refusal } from '../../../src/shared/contract.ts';
import { languages, type Attention } from '../../../src/shared/snapshot.ts';
import { sizes } from '../fixture/browser.ts';
import { findFaintTexts, findLayoutFaults, findSmallTargets } from '../fixture/measures.ts';
import { preloadIdleMain } from '../fixture/preload.ts';
import { receiptPicture } from '../fixture/receipt.ts';
import { bill, busyStaff, noon, quietStaff, snapshot } from '../fixture/snapshots.ts';
import { useStage, type Scene, type SceneOptions } from '../fixture/stage.ts';

const openScene = useStage();
let scene: Scene;
afterEach(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const slow = { timeout: 60_000 };

async function open(options?: SceneOptions) {
  scene = await openScene(options);
  return { ...scene, screen: (name: string) => scene.page.locator(`[data-screen="${name}"]`) };
}

const intents = () => scene.terminal.sent.filter(({ name }) => name !== 'staffActivity');

test('the PIN is typed on the pad; a wrong one is said so, and the right one opens the overview', slow, async () => {
  const { page, terminal, screen } = await open();
  terminal.answer(({ name }) => (name === 'unlockStaff' ? refusal('wrong_pin', 'This is not the PIN.') : { ok: true }));
  await page.getByRole('button', { name: 'Staff' }).click();
  await expectPage(page.getByRole('button', { name: 'Enter' })).toBeDisabled();
  for (const digit of '4711') await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: '0', exact: true }).click();
  await expectPage(page.getByRole('status')).toHaveText('Digits entered: 4');
  await page.getByRole('button', { name: 'Enter' }).click();
  await expectPage(page.getByRole('alert')).toHaveText('This is not the PIN. Try again.');
  await expectPage(page.getByRole('status')).toHaveText('Digits entered: 0');
  expect(intents()).toEqual([{ name: 'unlockStaff', input: { pin: '4710' } }]);
  terminal.show(snapshot({}, { staff: quietStaff() }));
  await screen('staff-overview').waitFor();
});

test('the PIN is typed on a keyboard, and Escape goes back to the customer', async () => {
  const { page, terminal, screen } = await open();
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type('47119');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await expect.poll(intents).toEqual([{ name: 'unlockStaff', input: { pin: '4711' } }]);
  await page.keyboard.press('Escape');
  await page.locator('[data-view="idle"]').waitFor();
  await expectPage(screen('staff-pin')).toHaveCount(0);
  expect(terminal.screens).toBe(1);
});

test('while the PIN is locked the time is said and no key works', async () => {
  const { page, terminal, screen } = await open();
  await page.getByRole('button', { name: 'Staff' }).click();
  terminal.show(snapshot({}, { pinLockedUntil: noon + 600_000 }));
  await expectPage(page.getByRole('alert')).toHaveText('Too many wrong tries. Try again at 12:10.');
  await expectPage(page.getByRole('button', { name: '1', exact: true })).toBeDisabled();
  await page.keyboard.type('4711');
  await page.keyboard.press('Enter');
  expect(intents()).toEqual([]);
  terminal.show(snapshot());
  await expectPage(page.getByRole('button', { name: '1', exact: true })).toBeEnabled();
  await screen('staff-pin').waitFor();
});

test('a PIN pad that nobody touches gives the screen back to customers', async () => {
  const { page, screen } = await open({ before: preloadIdleMain });
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.clock.runFor(29_000);
  await page.keyboard.type('1');
  await page.clock.runFor(29_000);
  await expectPage(screen('staff-pin')).toBeVisible();
  await page.clock.runFor(2_000);
  await page.locator('[data-view="idle"]').waitFor();
});

test('touches keep the screen unlocked, told at most every five seconds; when main locks it, it is gone', async () => {
  const { page, terminal, unlock } = await open({ before: (each) => each.clock.install() });
  await unlock(quietStaff());
  const told = () => terminal.sent.filter(({ name }) => name === 'staffActivity').length;
  await page.mouse.click(400, 400);
  await page.keyboard.press('Tab');
  await page.mouse.click(400, 420);
  await expect.poll(told).toBe(1);
  await page.clock.runFor(5_100);
  await page.mouse.click(400, 400);
  await expect.poll(told).toBe(2);
  terminal.show(snapshot());
  await page.locator('[data-view="idle"]').waitFor();
});

test('staff lock the screen, and customers have it as soon as main has locked it', async () => {
  const { page, terminal, unlock } = await open();
  terminal.answer(({ name }) => {
    if (name === 'lockStaff') terminal.show(snapshot());
    return { ok: true };
  });
  await unlock(quietStaff());
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.locator('[data-view="idle"]').waitFor();
  await expect.poll(intents).toEqual([{ name: 'lockStaff', input: {} }]);
});

test('a lock that fails is told, shows nothing of staff, and is tried again by a touch', slow, async () => {
  const { page, terminal, screen, unlock } = await open();
  terminal.answer(({ name }) => (name === 'lockStaff' ? refusal('stopping', 'It is stopping.') : { ok: true }));
  await unlock(busyStaff());
  await page.getByRole('button', { name: 'Lock' }).click();
  await expectPage(page.getByRole('alert')).not.toBeEmpty();
  await expectPage(screen('staff-locking')).toContainText('The screen is not locked yet.');
  await expectPage(page.locator('nav, [data-bill], [data-view]')).toHaveCount(0);
  // A touch here keeps nothing unlocked: main locks by itself when nobody touches the staff screens.
  await page.mouse.click(10, 10);
  terminal.answer(() => {
    terminal.show(snapshot());
    return { ok: true };
  });
  await page.getByRole('button', { name: 'Lock again' }).click();
  await page.locator('[data-view="idle"]').waitFor();
  const names = terminal.sent.map(({ name }) => name);
  expect(names.slice(names.indexOf('lockStaff'))).toEqual(['lockStaff', 'lockStaff']);
});

test('a lock that main does not answer is told too, and ends when main locks by itself', slow, async () => {
  const { page, terminal, screen, unlock } = await open();
  terminal.answer(() => undefined);
  await unlock(quietStaff());
  await page.getByRole('button', { name: 'Lock' }).click();
  await expectPage(screen('staff-locking')).toHaveText('Locking …');
  await expectPage(page.getByRole('alert')).toContainText('did not answer', { timeout: 20_000 });
  terminal.show(snapshot());
  await page.locator('[data-view="idle"]').waitFor();
});

test('of a bill that was half typed when staff locked nothing stays', slow, async () => {
  const { page, terminal, unlock } = await open();
  terminal.answer(({ name }) => {
    if (name === 'lockStaff') terminal.show(snapshot());
    return { ok: true };
  });
  await unlock(quietStaff());
  await page.getByRole('button', { name: 'New bill' }).click();
  await page.getByLabel('Text of line 1').fill('Half a coffee');
  await page.getByRole('button', { name: 'Receipts' }).click();
  await page.getByRole('button', { name: 'New bill' }).click();
  await expectPage(page.getByLabel('Text of line 1')).toHaveValue('Half a coffee');
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.locator('[data-view="idle"]').waitFor();
  await unlock(quietStaff());
  await page.getByRole('button', { name: 'New bill' }).click();
  await expectPage(page.getByLabel('Text of line 1')).toHaveValue('');
});

test('what cannot be taken back is asked once, on the page', slow, async () => {
  const { page, unlock } = await open();
  await unlock(busyStaff());
  const twelve = page.locator('[data-bill="2026-0012"]');
  await twelve.getByRole('button', { name: 'Withdraw' }).click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw bill 2026-0012? The customer can then not pay it.' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await twelve.getByRole('button', { name: 'Withdraw' }).click();
  await page.keyboard.press('Escape');
  await expectPage(dialog).toHaveCount(0);
  expect(intents()).toEqual([]);
  await twelve.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await twelve.getByRole('button', { name: 'Paid in cash' }).click();
  await expectPage(page.getByRole('dialog')).toContainText('Bill 2026-0012, €9.50: have you taken cash?');
  await page.getByRole('button', { name: 'Yes' }).click();
  await twelve.getByRole('button', { name: 'Paid by card' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await page.getByRole('button', { name: 'Close the spot' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await page.locator('[data-bill="2026-0011"]').getByRole('button', { name: 'Offer again' }).click();
  await expect.poll(intents).toEqual([
    { name: 'withdrawBill', input: { billId: 'bill_12' } },
    { name: 'payBillOtherwise', input: { billId: 'bill_12', how: 'cash' } },
    { name: 'payBillOtherwise', input: { billId: 'bill_12', how: 'card' } },
    { name: 'closeSpot', input: {} },
    { name: 'offerBillAgain', input: { billId: 'bill_11' } },
  ]);
});

test('bills that are paid, being paid or of other software have nothing to press', async () => {
  const { page, unlock } = await open();
  await unlock(busyStaff());
  await expectPage(page.locator('[data-bill="2026-0009"]').getByRole('button')).toHaveCount(0);
  await expectPage(page.locator('[data-bill="2026-0010"]').getByRole('button')).toHaveCount(0);
  await expectPage(page.locator('[data-bill="2026-0010"]')).toContainText('by other software');
});

test('a refusal is a sentence of ours', async () => {
  const { page, terminal, unlock } = await open();
  await unlock(busyStaff());
  terminal.answer(() => refusal('payment_in_progress', 'English from main'));
  await page.getByRole('button', { name: 'Offer again' }).click();
  await expectPage(page.getByRole('alert')).toHaveText('The customer is paying this bill right now. Wait a moment.');
});

test('what needs attention is said with its amounts, and what can be dismissed is', async () => {
  const { page, unlock } = await open();
  await unlock(busyStaff());
  const differs = page.locator('[data-attention="payment_differs"]');
  await expectPage(differs).toContainText(
    "Bill 2026-0011: the customer's payment was for €3.50 instead of €23.50, so the money is given back.",
  );
  await expectPage(page.locator('[data-attention="printer_problem"]').getByRole('button')).toHaveCount(0);
  await differs.getByRole('button', { name: 'Done' }).click();
  await expect.poll(intents).toEqual([{ name: 'dismissAttention', input: { id: 'payment_differs:bill_11' } }]);
});

test('every kind of attention is a whole sentence in both languages, also about bills of other software', async () => {
  const { page, terminal, unlock } = await open();
  const codes = [
    'payment_differs', 'order_differs', 'wallet_won', 'confirmed_differs', 'paid_twice', 'confirm_refused', 'payer_refused',
    'order_closed', 'order_gone', 'transaction_gone', 'transaction_ended', 'customer_left', 'not_accepted', 'receipt_failed',
    'receipt_doubtful', 'receipt_too_old', 'printer_problem', 'printer_paper_low', 'printer_paper_low_long', 'foreign_unreadable', 'spot_close_failed', 'journal_repaired',
  ]; // prettier-ignore
  const details = {
    expected: '950 EUR',
    found: '?',
    message: 'MESSAGE',
    problem: 'PROBLEM',
    receiptNumber: 41,
    receipts: 9,
  };
  const attention = codes.map((code): Attention => ({
    id: code,
    code,
    since: noon,
    billId: 'bill_12',
    billNumber: '12',
    receiptNumber: 41,
    details,
    dismissable: true,
  }));
  const staff = quietStaff({ bills: [bill({ source: 'foreign' })], attention });
  await unlock(staff);
  for (const language of languages) {
    terminal.show(snapshot({}, { language, staff }));
    await page.locator(`html[lang="${language}"]`).waitFor();
    for (const code of codes) {
      const text = (await page.locator(`[data-attention="${code}"] p`).textContent()) ?? '';
      expect(text, code).not.toMatch(/[{}]|attention\.|undefined/);
      expect(text.length, code).toBeGreaterThan(code === 'printer_problem' ? 5 : 30);
    }
  }
  await expectPage(page.locator('[data-attention="payment_differs"]')).toContainText('Kitos programos sąskaita Nr. 12');
});

test('when customers cannot pay, staff read why and what to do', async () => {
  const { page, terminal, unlock } = await open();
  await unlock(quietStaff());
  await expectPage(page.getByText('Nothing needs attention.')).toBeVisible();
  terminal.show(snapshot({ view: 'unavailable', reason: 'key_refused' }, { staff: quietStaff() }));
  await expectPage(
    page.getByText("Paysera refuses this terminal's key. Call whoever set the terminal up."),
  ).toBeVisible();
  await expectPage(page.getByText('Nothing needs attention.')).toHaveCount(0);
});

test('the status says how long what has been so, what to do, and how many requests are used', async () => {
  const { page, unlock } = await open();
  await unlock(busyStaff());
  await page.getByRole('button', { name: 'Terminal' }).click();
  const printer = page.locator('[data-health="printer"]');
  await expectPage(printer).toContainText('fails');
  await expectPage(printer).toContainText('since 11:55 (5 mins)');
  await expectPage(printer).toContainText('Put a new roll in and close the cover.');
  await expectPage(page.locator('[data-health="api"]')).toContainText('works');
  await expectPage(page.getByText('12 of 60 in the last minute')).toBeVisible();
  await expectPage(page.getByText('340 of 900 in the last hour')).toBeVisible();
});

test('the status says when callbacks do not come, and nothing of them where they are switched off', async () => {
  const { page, terminal, unlock } = await open();
  const staff = quietStaff();
  const callbacks = page.locator('[data-health="callbacks"]');
  await unlock(staff);
  await page.getByRole('button', { name: 'Terminal' }).click();
  await expectPage(page.locator('[data-health="clock"]')).toBeVisible();
  await expectPage(callbacks).toHaveCount(0);
  const silent = { status: 'failing' as const, since: noon - 300_000, code: 'callbacks_silent' };
  terminal.show(snapshot({}, { staff: { ...staff, health: { ...staff.health, callbacks: silent } } }));
  await expectPage(callbacks).toContainText('fails');
  await expectPage(callbacks).toContainText('Have the public address for callbacks checked.');
});

test('the status says when the disk is full, and nothing of the journal while it has never failed', async () => {
  const { page, terminal, unlock } = await open();
  const staff = quietStaff();
  const journal = page.locator('[data-health="journal"]');
  await unlock(staff);
  await page.getByRole('button', { name: 'Terminal' }).click();
  await expectPage(page.locator('[data-health="clock"]')).toBeVisible();
  await expectPage(journal).toHaveCount(0);
  const full = { status: 'failing' as const, since: noon - 300_000, code: 'disk_full' };
  terminal.show(snapshot({}, { staff: { ...staff, health: { ...staff.health, journal: full } } }));
  await expectPage(journal).toContainText('Make room on the disk.');
});

test('receipts are printed again', async () => {
  const { page, unlock } = await open();
  await unlock(busyStaff());
  await page.getByRole('button', { name: 'Receipts' }).click();
  await expectPage(page.locator('[data-receipt="41"]').getByRole('button', { name: 'Print' })).toBeDisabled();
  await expectPage(page.locator('[data-receipt="40"]')).toContainText('maybe printed');
  await page.locator('[data-receipt="39"]').getByRole('button', { name: 'Print copy' }).click();
  await page.locator('[data-receipt="38"]').getByRole('button', { name: 'Print', exact: true }).click();
  await expect.poll(intents).toEqual([
    { name: 'reprintReceipt', input: { receiptNumber: 39 } },
    { name: 'reprintReceipt', input: { receiptNumber: 38 } },
  ]);
});

test('a receipt is shown as its paper is, and saved; where it was saved, or why not, is said', async () => {
  const { page, terminal, screen, unlock } = await open();
  const picture = await receiptPicture();
  terminal.answer(({ name, input }) => {
    if (name === 'showReceipt') return { ok: true, receiptNumber: 39, picture };
    if (name !== 'saveReceipt') return { ok: true };
    const { form } = input as { form: string };
    return form === 'png'
      ? refusal('receipt_not_saved', 'The receipt could not be written.')
      : { ok: true, savedAs: `/receipts/receipt-000039.${form}` };
  });
  await unlock(busyStaff());
  await page.getByRole('button', { name: 'Receipts' }).click();
  await page.locator('[data-receipt="39"]').getByRole('button', { name: 'Show' }).click();
  const image = screen('staff-receipt').getByRole('img', { name: 'Receipt 39, as it is on paper' });
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(640);
  await page.getByRole('button', { name: 'Save as PDF' }).click();
  await expectPage(page.getByRole('status')).toHaveText('Saved as /receipts/receipt-000039.pdf');
  await page.getByRole('button', { name: 'Save as PNG' }).click();
  await expectPage(screen('staff-receipt').getByRole('alert')).toContainText('The receipt could not be written.');
  await expectPage(page.getByRole('status')).toHaveText('');
  expect(intents()).toEqual([
    { name: 'showReceipt', input: { receiptNumber: 39 } },
    { name: 'saveReceipt', input: { receiptNumber: 39, form: 'pdf' } },
    { name: 'saveReceipt', input: { receiptNumber: 39, form: 'png' } },
  ]);
  await page.keyboard.press('Escape');
  await expectPage(screen('staff-receipt')).toHaveCount(0);
});

test('a receipt that is looked at goes with the rest when main locks the screen', async () => {
  const { page, terminal, screen, unlock } = await open();
  const picture = await receiptPicture();
  terminal.answer(() => ({ ok: true, picture }));
  await unlock(busyStaff());
  await page.getByRole('button', { name: 'Receipts' }).click();
  await page.locator('[data-receipt="39"]').getByRole('button', { name: 'Show' }).click();
  await screen('staff-receipt').waitFor();
  terminal.show(snapshot());
  await page.locator('[data-view="idle"]').waitFor();
  await expectPage(screen('staff-receipt')).toHaveCount(0);
});

test.each(sizes)('on $width × $height staff read and reach everything, in both languages', slow, async (size) => {
  const { page, terminal, unlock } = await open({ size });
  await unlock(busyStaff());
  const picture = await receiptPicture();
  terminal.answer(({ name }) =>
    name === 'saveReceipt'
      ? { ok: true, savedAs: '/var/lib/spot-terminal/receipts/receipt-000041.pdf' }
      : { ok: true, picture },
  );
  const check = async (name: string): Promise<void> => {
    await expect.poll(async () => [name, ...(await findLayoutFaults(page))]).toEqual([name]);
    expect([name, ...(await findSmallTargets(page))]).toEqual([name]);
    expect([name, ...(await findFaintTexts(page))]).toEqual([name]);
  };
  for (const language of languages) {
    terminal.show(snapshot({}, { language, staff: busyStaff() }));
    await page.locator(`html[lang="${language}"]`).waitFor();
    for (const tab of ['overview', 'editor', 'receipts', 'status']) {
      await page.locator('nav > button').nth(['overview', 'editor', 'receipts', 'status'].indexOf(tab)).click();
      await page.locator(`[data-screen="staff-${tab}"]`).waitFor();
      await check(`${tab} ${language}`);
    }
    await page.locator('nav > button').nth(2).click();
    await page.locator('[data-receipt="41"] button').first().click();
    await page.locator('[data-screen="staff-receipt"] button').nth(1).click();
    await page.getByRole('status').filter({ hasText: 'receipt-000041.pdf' }).waitFor();
    await check(`receipt ${language}`);
    await page.keyboard.press('Escape');
    await page.locator('nav > button').nth(1).click();
    await page.getByRole('textbox').nth(1).focus();
    await check(`text ${language}`);
    await page.locator('nav > button').nth(0).click();
    await page.locator('.actions button').first().scrollIntoViewIfNeeded();
    await page.locator('.danger').first().click();
    await check(`question ${language}`);
    await page.keyboard.press('Escape');
  }
  terminal.show(snapshot({}, { language: 'lt' }));
  await page.getByRole('button', { name: 'Darbuotojams' }).click();
  terminal.show(snapshot({}, { language: 'lt', pinLockedUntil: noon + 60_000 }));
  await page.getByRole('alert').filter({ hasText: 'Per daug' }).waitFor();
  await check('pin');
});
