import { type Browser, expect as expectPage, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningSandbox, startSandbox } from '../../../sandbox/server.ts';
import { findFaintTexts, findTightPlaces, openBrowser, openPage } from './browser.ts';

const CODE = 'PAYSERA*3:TABLE1';
const PHONE = { width: 360, height: 740 };

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let browser: Browser;
let sandbox: RunningSandbox;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  sandbox = await startSandbox({ seed: 1 });
  ({ page, complaints } = await openPage(browser, PHONE));
});
afterEach(async () => {
  await page.close();
  await sandbox.stop();
  expect(complaints).toEqual([]);
});

const spotId = (): number => sandbox.world.spotByCode(CODE).id;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const notice = () => page.getByRole('status');

/** The merchant puts a bill at the spot; gives its transaction's key. */
function offer(price: number, description = 'Two coffees'): string {
  const payments = [{ description, price, currency: 'EUR', parameters: null }];
  const { key } = sandbox.world.createTransaction({ payments, reserveForMs: 900_000, projectId: null });
  sandbox.world.createOrder(spotId(), key);
  return key;
}

async function checkIn(user = 0): Promise<void> {
  await page.goto(`${sandbox.phoneUrl}?user=${String(user)}&code=${encodeURIComponent(CODE)}`);
  await button('Check in').click();
  await button('Check out').waitFor();
}

describe('the phone page', () => {
  it('checks in by a typed code and shows the bill when the merchant puts it there', async () => {
    await page.goto(sandbox.phoneUrl);
    await page.getByLabel('Spot code').fill(CODE);
    await button('Check in').click();
    await page.getByText('No bill yet').waitFor();
    expect(sandbox.world.checkedIn(spotId()).map(({ index }) => index)).toEqual([0]);
    offer(1250, 'Two coffees and a cake');
    await page.getByText('Two coffees and a cake').waitFor();
    await page.getByText('€12.50').waitFor();
    await page.getByText('To pay', { exact: true }).waitFor();
  });

  it('pays: reserved until the merchant has taken the money, then paid', async () => {
    await checkIn();
    const key = offer(1250);
    await button('Pay').click();
    await expectPage(notice()).toHaveText('Reserved: waiting for the merchant to take €12.50.');
    expect(sandbox.world.transaction(key).status).toBe('reserved');
    await button('Pay').waitFor({ state: 'hidden' });
    await page.getByText('€987.50').waitFor();
    sandbox.world.confirm(key);
    await expectPage(notice()).toHaveText('Paid €12.50.');
    await page.getByRole('list', { name: 'Bills' }).getByText('Paid', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Your payments' }).getByText('Paid', { exact: true }).waitFor();
  });

  it('still says paid when the merchant closes the spot right after', async () => {
    await checkIn();
    const key = offer(1250);
    await button('Pay').click();
    await notice().waitFor();
    sandbox.world.confirm(key);
    sandbox.world.closeSpot(spotId());
    await button('Check in').waitFor();
    await expectPage(notice()).toHaveText('Paid €12.50. The merchant has closed the spot; you are checked out.');
  });

  it('says when the merchant gives the money back', async () => {
    await checkIn();
    const key = offer(1250);
    await button('Pay').click();
    await notice().waitFor();
    sandbox.world.deleteTransaction(key);
    await expectPage(notice()).toHaveText('The merchant did not take €12.50. The money is yours again.');
    await page.getByText('€1,000.00').waitFor();
  });

  it('refuses a bill', async () => {
    await checkIn();
    const key = offer(1250);
    await button('Refuse').click();
    await expectPage(notice()).toHaveText('Refused: €12.50 will not be paid.');
    await page.getByText('Refused', { exact: true }).waitFor();
    expect(sandbox.world.transaction(key).status).toBe('rejected');
  });

  it('keeps two bills apart', async () => {
    await checkIn();
    offer(1250, 'Two coffees');
    const second = offer(300, 'A tea');
    await page.getByRole('listitem').filter({ hasText: 'A tea' }).getByRole('button', { name: 'Pay' }).click();
    await expectPage(notice()).toContainText('€3.00');
    expect(sandbox.world.transaction(second).status).toBe('reserved');
    await button('Pay').waitFor();
  });

  it('checks out', async () => {
    await checkIn();
    await button('Check out').click();
    await expectPage(notice()).toHaveText('You have checked out.');
    await button('Check in').waitFor();
    expect(sandbox.world.spot(spotId()).status).toBe('closed');
  });

  it('does not show what others settled here before', async () => {
    const old = offer(999, 'Somebody else’s dinner');
    const [, other] = sandbox.world.users;
    if (other === undefined) throw new Error('The sandbox has too few users.');
    sandbox.world.reserve(other, old);
    sandbox.world.confirm(old);
    await checkIn();
    await page.getByText('No bill yet').waitFor();
    expect(await page.getByText('Somebody else').count()).toBe(0);
  });

  it('picks a known spot', async () => {
    spotId();
    await page.goto(sandbox.phoneUrl);
    await page.getByRole('list', { name: 'or pick a spot' }).getByRole('button').click();
    await expectPage(page.getByLabel('Spot code')).toHaveValue(CODE);
    await button('Check in').click();
    await button('Check out').waitFor();
  });

  it('plays the customer that the address or the list names', async () => {
    await checkIn(1);
    expect(sandbox.world.users[1]?.spotId).toBe(spotId());
    await page.getByLabel('Customer', { exact: true }).selectOption({ index: 2 });
    await button('Check in').waitFor();
    expect(page.url()).toContain('user=2');
    await page.reload();
    await button('Check in').click();
    await button('Check out').waitFor();
    expect(sandbox.world.checkedIn(spotId()).map(({ index }) => index)).toEqual([1, 2]);
  });

  it('is worked by keyboard alone, with the focus in sight', async () => {
    await page.goto(sandbox.phoneUrl);
    await button('Check in').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expectPage(page.getByLabel('Spot code')).toBeFocused();
    const outline = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement === null ? '' : getComputedStyle(activeElement).outlineStyle;
    });
    expect(outline).toBe('solid');
    await page.keyboard.type(CODE);
    await page.keyboard.press('Enter');
    await expectPage(page.locator('#spot-title')).toBeFocused();
    const key = offer(1250);
    await button('Pay').waitFor();
    await page.keyboard.press('Tab');
    await expectPage(button('Pay')).toBeFocused();
    await page.keyboard.press('Enter');
    await expectPage(notice()).toBeFocused();
    expect(sandbox.world.transaction(key).status).toBe('reserved');
  });
});

describe('the phone page says what is wrong', () => {
  const alert = () => page.getByRole('alert');

  it('when there is no code', async () => {
    await page.goto(sandbox.phoneUrl);
    await button('Check in').click();
    await expectPage(alert()).toContainText('Type the spot code');
    await expectPage(page.getByLabel('Spot code')).toBeFocused();
  });

  it('when the code is not a spot’s', async () => {
    await page.goto(sandbox.phoneUrl);
    await page.getByLabel('Spot code').fill('hello');
    await button('Check in').click();
    await expectPage(alert()).toContainText('Spot was not found');
  });

  it('when the money does not suffice', async () => {
    await checkIn();
    offer(200_000);
    await button('Pay').click();
    await expectPage(alert()).toContainText('not enough funds');
    await button('Pay').waitFor();
  });

  it('when the sandbox has gone', async () => {
    await page.goto(sandbox.phoneUrl);
    await button('Check in').waitFor();
    await sandbox.stop();
    await expectPage(alert()).toContainText('does not answer');
  });
});

describe('the phone page on a small screen', () => {
  it('has room for fingers and contrast for eyes in every state', async () => {
    const look = async (): Promise<void> => {
      expect(await findTightPlaces(page)).toEqual([]);
      expect(await findFaintTexts(page)).toEqual([]);
    };
    spotId();
    await page.goto(sandbox.phoneUrl);
    await page.getByText('or pick a spot').waitFor();
    await button('Check in').click();
    await look();
    await checkIn();
    const first = offer(1250, 'x'.repeat(80));
    offer(300);
    await button('Pay').first().click();
    await notice().waitFor();
    await look();
    sandbox.world.confirm(first);
    await page.getByText('Paid €12.50.').waitFor();
    await button('Refuse').click();
    await page.getByText('Refused', { exact: true }).waitFor();
    await look();
  });
});
