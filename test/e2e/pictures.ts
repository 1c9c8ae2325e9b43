import type { Page } from '@playwright/test';

/** Pictures for the documentation: what a person sees. Taken anew by `npm run screens`, and thrown away otherwise. */
const folder = new URL(process.env['SCREENS'] ? '../../docs/screens/' : '../../.cache/screens/', import.meta.url)
  .pathname;

/** Takes the picture of that name. */
export function picture(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
}
