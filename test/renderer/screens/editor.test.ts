import { expect as expectPage } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { refusal } from '../../../src/shared/contract.ts';
import { bill, quietStaff, secondBill, snapshot } from '../fixture/snapshots.ts';
import { useStage, type Scene, type SceneOptions } from '../fixture/stage.ts';

const openScene = useStage();
let scene: Scene;
afterEach(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const slow = { timeout: 30_000 };

async function open(options?: SceneOptions, bills = [bill()]) {
  scene = await openScene(options);
  await scene.unlock(quietStaff({ bills }));
  const { page } = scene;
  const press = async (keys: string): Promise<void> => {
    for (const key of keys) await page.getByRole('button', { name: key, exact: true }).click();
  };
  return { ...scene, press };
}

const bills = () => scene.terminal.sent.filter(({ name }) => name === 'createBill' || name === 'editBill');

test('a bill of two lines is put in by touch alone', slow, async () => {
  const { page, press } = await open();
  await page.getByRole('button', { name: 'New bill' }).click();
  await page.getByLabel('Bill number').click();
  for (const _ of '2026-0013') await page.getByRole('button', { name: 'Delete' }).click();
  await press('17');
  await page.getByLabel('Text of line 1').click();
  await press('Šakotis');
  await page.getByLabel('Amount of line 1').click();
  await press('45');
  await page.getByRole('button', { name: '00', exact: true }).click();
  await expectPage(page.getByLabel('Amount of line 1')).toHaveValue('€45.00');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expectPage(page.getByLabel('Amount of line 1')).toHaveValue('€4.50');
  await page.getByRole('button', { name: 'Add a line' }).click();
  await page.getByLabel('Amount of line 2').click();
  await press('250');
  await expectPage(page.locator('.total')).toContainText('€7.00');
  await page.getByRole('button', { name: 'Put in' }).click();
  await page.locator('[data-screen="staff-overview"]').waitFor();
  const lines = [
    { title: 'Šakotis', total: 450 },
    { title: 'Item', total: 250 },
  ];
  expect(bills()).toEqual([
    { name: 'createBill', input: { draft: { number: '17', lines, total: 700, currency: 'EUR' } } },
  ]);
});

test('a bill is put in by keyboard alone, from the customer screen on', slow, async () => {
  scene = await openScene();
  const { page, terminal } = scene;
  const tabTo = async (name: string | RegExp): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const label = `${await focused.getAttribute('aria-label')} ${await focused.textContent()}`;
      if (label.includes(String(name))) return;
    }
    throw new Error(`The Tab key does not come to ${name}.`);
  };
  await tabTo('Staff');
  const outline = await page.locator(':focus').evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline).toBe('solid');
  await page.keyboard.press('Enter');
  await page.keyboard.type('4711');
  await page.keyboard.press('Enter');
  await expect.poll(() => terminal.sent.map(({ name }) => name)).toContain('unlockStaff');
  terminal.show(snapshot({}, { staff: quietStaff() }));
  await page.locator('[data-screen="staff-overview"]').waitFor();
  await tabTo('New bill');
  await page.keyboard.press('Enter');
  await expectPage(page.getByLabel('Amount of line 1')).toBeFocused();
  await page.keyboard.type('1250');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('Kava su pienu');
  await page.keyboard.press('Enter');
  await expect.poll(bills).toEqual([
    {
      name: 'createBill',
      input: {
        draft: { number: '1', lines: [{ title: 'Kava su pienu', total: 1_250 }], total: 1_250, currency: 'EUR' },
      },
    },
  ]);
});

test('amounts shift in from the right, whatever they are typed with', slow, async () => {
  const { page, terminal } = await open();
  await page.getByRole('button', { name: 'New bill' }).click();
  const amount = page.getByLabel('Amount of line 1');
  await expectPage(amount).toHaveValue('€0.00');
  for (const [key, value] of [
    ['1', '€0.01'],
    ['2', '€0.12'],
    ['x', '€0.12'],
    ['5', '€1.25'],
    ['-', '-€1.25'],
    ['0', '-€12.50'],
    ['Backspace', '-€1.25'],
    ['-', '€1.25'],
  ] as const) {
    await page.keyboard.press(key);
    await expectPage(amount).toHaveValue(value);
  }
  await amount.fill('99.90');
  await expectPage(amount).toHaveValue('€99.90');
  await amount.fill('no amount');
  await expectPage(amount).toHaveValue('€0.00');
  await page.keyboard.type('123456789');
  await expectPage(amount).toHaveValue('€1,234,567.89');
  terminal.show(snapshot({}, { language: 'lt', staff: quietStaff() }));
  await expectPage(page.getByRole('textbox').last()).toHaveValue(/^1\s234\s567,89\s€$/);
});

test('a discount is a line below zero', async () => {
  const { page, press } = await open();
  await page.getByRole('button', { name: 'New bill' }).click();
  await press('1000');
  await page.getByRole('button', { name: 'Add a line' }).click();
  await page.getByLabel('Amount of line 2').click();
  await press('150');
  await page.getByRole('button', { name: 'Discount' }).click();
  await page.getByRole('button', { name: 'Put in' }).click();
  await expect.poll(bills).toHaveLength(1);
  expect(bills()[0]?.input).toMatchObject({
    draft: { total: 850, lines: [{ total: 1_000 }, { total: -150 }], number: '2026-0013' },
  });
});

test('what is missing is said before anything is sent', slow, async () => {
  const { page, press } = await open();
  await page.getByRole('button', { name: 'New bill' }).click();
  const put = page.getByRole('button', { name: 'Put in' });
  await put.click();
  await expectPage(page.getByRole('alert')).toHaveText('Give each line an amount.');
  await press('5');
  await page.getByRole('button', { name: 'Discount' }).click();
  await put.click();
  await expectPage(page.getByRole('alert')).toHaveText('The total must be more than zero.');
  await page.getByLabel('Bill number').fill('  ');
  await put.click();
  await expectPage(page.getByRole('alert')).toHaveText('Write a bill number.');
  expect(bills()).toEqual([]);
});

test('a refusal leaves everything as it was typed', async () => {
  const { page, terminal, press } = await open();
  terminal.answer(() => refusal('number_in_use', 'English from main'));
  await page.getByRole('button', { name: 'New bill' }).click();
  await press('5');
  await page.getByRole('button', { name: 'Put in' }).click();
  await expectPage(page.getByRole('alert')).toHaveText('There is an unpaid bill with this number. Use another one.');
  await expectPage(page.getByLabel('Amount of line 1')).toHaveValue('€0.05');
  await expectPage(page.getByLabel('Bill number')).toHaveValue('2026-0013');
});

test('a second touch while the first is under way sends nothing', async () => {
  const { page, terminal, press } = await open();
  terminal.answer(({ name }) => (name === 'createBill' ? undefined : { ok: true }));
  await page.getByRole('button', { name: 'New bill' }).click();
  await press('5');
  await page.getByRole('button', { name: 'Put in' }).dblclick();
  await page.getByLabel('Amount of line 1').press('Enter');
  await expect.poll(bills).toHaveLength(1);
  await expectPage(page.getByRole('button', { name: 'Put in' })).toBeDisabled();
  expect(bills()).toHaveLength(1);
});

test('a bill is edited: its lines are there, and its id goes with it', slow, async () => {
  const { page, press } = await open({}, [secondBill({ currency: 'USD' })]);
  await page.getByRole('button', { name: 'Edit' }).click();
  await expectPage(page.getByRole('heading', { name: 'Edit bill 2026-0013' })).toBeVisible();
  await expectPage(page.getByLabel('Amount of line 3')).toHaveValue('-US$1.00');
  await page.getByRole('button', { name: 'Remove line 3' }).click();
  await page.getByLabel('Amount of line 1').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await press('5');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(bills).toHaveLength(1);
  expect(bills()[0]).toMatchObject({
    name: 'editBill',
    input: {
      billId: 'bill_13',
      draft: { currency: 'USD', total: 1_915, lines: [{ total: 625 }, { total: 1_290, quantity: 1.5 }] },
    },
  });
});

test('a bill that was begun survives the lock, and is gone when staff leave it', async () => {
  const { page, terminal, press, unlock } = await open();
  await page.getByRole('button', { name: 'New bill' }).click();
  await press('77');
  terminal.show(snapshot());
  await page.locator('[data-view="idle"]').waitFor();
  await unlock(quietStaff());
  await page.getByRole('button', { name: 'New bill' }).click();
  await expectPage(page.getByLabel('Amount of line 1')).toHaveValue('€0.77');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'New bill' }).click();
  await expectPage(page.getByLabel('Amount of line 1')).toHaveValue('€0.00');
});

test('on the lowest screen the field that is typed into is seen above the keyboard', async () => {
  const { page } = await open({ size: { width: 800, height: 480 } });
  await page.getByRole('button', { name: 'New bill' }).click();
  await page.getByLabel('Text of line 1').click();
  await expectPage(page.getByLabel('Text of line 1')).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: '123', exact: true }).click();
  await page.getByRole('button', { name: '€', exact: true }).click();
  await page.getByRole('button', { name: 'ABC', exact: true }).click();
  await page.getByRole('button', { name: 'Capitals' }).click();
  await page.getByRole('button', { name: 'Ž', exact: true }).click();
  await page.getByRole('button', { name: 'Space' }).click();
  await page.getByRole('button', { name: 'z', exact: true }).click();
  await expectPage(page.getByLabel('Text of line 1')).toHaveValue('€Ž z');
});
