import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, expect, test } from 'vitest';
import { hashPin } from '../../src/main/adapters/pin/pin.ts';
import { runToEnd } from './process.ts';
import { spotCode, Stage } from './stage.ts';

/** A key, tokens and a PIN are looked for everywhere that they have no business to be, in every spelling. */

const technicianPin = '58204719';
let stage: Stage | undefined;
let browser: Browser | undefined;
afterEach(async () => {
  await browser?.close();
  await stage?.close();
  [browser, stage] = [undefined, undefined];
});

const spellings = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  // Base64 of a text looks different by where it begins in what was encoded; its inside stays.
  const encoded = [0, 1, 2].map((skip) => bytes.subarray(skip).toString('base64').slice(0, -4));
  return [
    secret,
    ...encoded,
    ...encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
};

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** What every process of ours was started with. */
function processes(roots: readonly number[]): string {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const told = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1')).join('\n');
        return [{ pid: Number(pid), parent, told }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  const ours = new Set(roots);
  for (let found = 0; found !== ours.size;) {
    found = ours.size;
    for (const { pid, parent } of parents) if (ours.has(parent)) ours.add(pid);
  }
  return parents.flatMap(({ pid, told }) => (ours.has(pid) ? told : [])).join('\n');
}

/** Every object and text that the page's process holds. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  let text = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => (text += chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  return text;
}

async function technicianLooksAtEverything(page: Page): Promise<string> {
  const seen: string[] = [];
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type(technicianPin);
  await page.getByRole('button', { name: 'Enter' }).click();
  for (const tab of ['Receipts', 'Terminal']) {
    await page.getByRole('button', { name: tab, exact: true }).click();
    seen.push(await page.content());
  }
  for (const section of await page.getByRole('tablist').first().getByRole('tab').all()) {
    await section.click();
    await page.locator('[data-section]').waitFor();
    seen.push(await page.content());
    const support = page.getByRole('button', { name: 'Save a support bundle' });
    if (!(await support.isVisible())) continue;
    await support.click();
    await page.getByText('Saved in the terminal').waitFor({ timeout: 60_000 });
  }
  return seen.join('\n');
}

test('no secret is where it has no business to be', { timeout: 120_000 }, async () => {
  const here = (stage = await Stage.open({ staff: { technicianPinHash: await hashPin(technicianPin) } }));
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args });
  browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage();
  const { screenUrl, tillToken } = here.terminal.ready;
  await page.goto(screenUrl);
  const billId = await here.putIn();
  await here.billIs(billId, 'offered');
  await here.checkInAndPay(spotCode);
  await here.billIs(billId, 'paid');
  const doctor = await runToEnd('scripts/doctor.ts', ['--config', here.config]);
  const dom = await technicianLooksAtEverything(page);

  const data = filesIn(join(here.folder, 'data'));
  const bundle = data.find((path) => path.endsWith('.zip'));
  if (bundle === undefined) throw new Error('No support bundle was written.');
  const support = Object.values(unzipSync(readFileSync(bundle))).map((bytes) => strFromU8(bytes));
  const isToken = (path: string) => /(?:till|screen)-token$/.test(path);
  const places: Readonly<Record<string, string>> = {
    log: here.terminal.log(),
    support: support.join('\n'),
    doctor: doctor.out + doctor.err,
    configuration: readFileSync(here.config, 'utf8'),
    data: data.flatMap((path) => (isToken(path) ? [] : readFileSync(path, 'latin1'))).join('\n'),
    bundles: filesIn(new URL('../../out', import.meta.url).pathname)
      .map((path) => readFileSync(path, 'latin1'))
      .join('\n'),
    page: `${dom}\n${page.url()}`,
    heap: await heapOf(page),
    processes: processes([here.terminal.pid, server.process().pid ?? 0]),
  };
  for (const [place, text] of Object.entries(places)) expect(text.length, place).toBeGreaterThan(0);
  // What is no secret is found: the search can find something.
  for (const place of ['data', 'support', 'heap', 'page'] as const) expect(places[place], place).toContain('2026-0017');
  expect(places['processes']).toContain(here.config);

  const { macKey } = here.sandbox.ready.merchant;
  const screenToken = new URL(screenUrl).searchParams.get('token') ?? '';
  const secrets = { macKey, tillToken: tillToken, screenToken, technicianPin };
  const found = Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(places).flatMap(([place, text]) =>
      spellings(secret).some((spelling) => spelling.length >= 6 && text.includes(spelling))
        ? [`${name}: ${place}`]
        : [],
    ),
  );
  await server.close();
  // The page's own process was given the address with the token once, and typed the PIN itself: neither leaves it.
  expect(found.filter((each) => each !== 'screenToken: heap' && each !== 'technicianPin: heap')).toEqual([]);
  expect(found).not.toContain('macKey: heap');
});
