import { type Browser, chromium, type Page } from '@playwright/test';

/** Debian's Chromium; as root it needs its own sandbox off, and no background traffic is wanted. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page, and everything that went wrong in it: exceptions, and what the content security policy forbade. */
interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

export async function openPage(browser: Browser, viewport: { width: number; height: number }): Promise<Watched> {
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(5_000);
  // The page's timers run ten times as fast, so that nobody waits a second for each poll.
  await page.addInitScript(() => {
    const usual = window.setTimeout.bind(window);
    const hurried = (callback: () => void, milliseconds: number): number => usual(callback, milliseconds / 10);
    Object.assign(window, { setTimeout: hurried });
  });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Answers of 4xx and 5xx and lost connections are part of what is tried here.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  return { page, complaints };
}

/** Buttons, fields and links that a finger would miss, and whether the page is wider than its window. */
export async function findTightPlaces(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const tight = [...document.querySelectorAll<HTMLElement>('button, input, select, a')]
      .filter((element) => element.offsetParent !== null)
      .filter((element) => element.getBoundingClientRect().height < 44 || element.getBoundingClientRect().width < 44)
      .map((element) => `${element.tagName} ${element.textContent}`);
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
    return wide ? [...tight, 'the page is wider than its window'] : tight;
  });
}

/** Visible texts whose contrast is under 4.5 to 1 (WCAG 2.2, 1.4.3). */
export async function findFaintTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
        const part = channel / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const groundOf = (element: Element): string => {
      for (let each: Element | null = element; each !== null; each = each.parentElement) {
        const ground = getComputedStyle(each).backgroundColor;
        if (channels(ground)[3] !== 0) return ground;
      }
      return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((element) => element.offsetParent !== null)
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      .filter((element) => {
        const [one, other] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5;
      })
      .map((element) => element.textContent);
  });
}
