import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { verbs } from '../../src/shared/verbs.ts';
import { until } from '../fakes/until.ts';
import { prepareFixture, type Fixture } from './fixture/launch.ts';
import { collectOutput, exitOf, type StandInTerminal } from './launch.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let fixture: Fixture;
let terminal: StandInTerminal;
let page: Page;

beforeAll(async () => {
  fixture = await prepareFixture('window');
  terminal = await fixture.launch();
  ({ page } = terminal);
});

afterAll(async () => {
  await terminal.stop();
  fixture.remove();
});

function noted(what: string) {
  return terminal.journal().filter((entry) => entry.what === what);
}

test('the page is shown the snapshot, and each new one', async () => {
  await page.waitForFunction(() => document.getElementById('revision')?.textContent !== '');
  const before = Number(await page.textContent('#revision'));
  const answer = await page.evaluate(() => window.terminal.chooseLanguage({ language: 'lt' }));
  expect(answer).toEqual({ ok: true });
  await page.waitForFunction(() => document.getElementById('language')?.textContent === 'lt');
  expect(Number(await page.textContent('#revision'))).toBe(before + 1);
});

test('an answer that refuses is an answer', async () => {
  expect(await page.evaluate(() => window.terminal.closeSpot({}))).toMatchObject({ ok: false, code: 'staff_only' });
  const wrong = await page.evaluate(() => window.terminal.unlockStaff({ pin: 'not a PIN' }));
  expect(wrong).toMatchObject({ ok: false, code: 'invalid' });
});

test('an ended subscription is not called again', async () => {
  const calls = await page.evaluate(async () => {
    let count = 0;
    const end = window.terminal.onSnapshot(() => (count += 1));
    await window.terminal.snapshot();
    await window.terminal.chooseLanguage({ language: 'en' });
    await window.terminal.snapshot();
    const before = count;
    end();
    await window.terminal.chooseLanguage({ language: 'lt' });
    await window.terminal.snapshot();
    return [before >= 1, count - before];
  });
  expect(calls).toEqual([true, 0]);
});

test('the page has the verbs of the terminal and nothing of Electron, Node or the stand-in', async () => {
  const found = await page.evaluate(() => ({
    bridge: Object.keys(window.terminal).sort(),
    frozen: Object.isFrozen(window.terminal),
    globals: ['require', 'process', 'module', 'exports', 'global', 'Buffer', 'ipcRenderer', 'electron'].filter(
      (name) => name in window,
    ),
    left: Object.getOwnPropertyNames(window).filter((name) => /electron|stand.?in|ipc/i.test(name)),
  }));
  expect(found.bridge).toEqual([...verbs, 'admin', 'onSnapshot', 'snapshot'].sort());
  expect(found.frozen).toBe(true);
  expect(found.globals).toEqual([]);
  expect(found.left).toEqual([]);
});

test('the bridge cannot be replaced', async () => {
  const before = await page.evaluate(() => {
    const { terminal: bridge } = window;
    try {
      Object.defineProperty(window, 'terminal', { value: {} });
    } catch {
      // Refused, as it should be.
    }
    return window.terminal === bridge;
  });
  expect(before).toBe(true);
});

test('the page has the whole screen', async () => {
  expect(await page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([1024, 600]);
});

test('the window was asked for as a kiosk needs it', () => {
  const [entry] = noted('window');
  expect(entry?.options).toMatchObject({
    kiosk: true,
    fullscreen: true,
    frame: false,
    show: false,
    webPreferences: {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
      spellcheck: false,
    },
  });
  expect(entry?.options).toHaveProperty('backgroundColor');
  const order = terminal.journal().map(({ what }) => what);
  expect(order.indexOf('sandbox')).toBeLessThan(order.indexOf('chromium'));
  expect(order.indexOf('window')).toBeLessThan(order.indexOf('show'));
  expect(noted('menu')[0]).toMatchObject({ menu: null });
  expect(noted('power-save-blocker')[0]).toMatchObject({ type: 'prevent-display-sleep' });
  expect(noted('handler').find(({ name }) => name === 'device-permission')).toMatchObject({ grants: false });
});

test('the page runs under the strict policy', async () => {
  const response = await page.evaluate(async () => {
    const { headers } = await fetch('./index.html');
    return [
      headers.get('content-security-policy'),
      headers.get('x-content-type-options'),
      headers.get('cache-control'),
    ];
  });
  expect(response[0]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(response.slice(1)).toEqual(['nosniff', 'no-store']);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    return 'injected' in window;
  });
  expect(ran).toBe(false);
  expect(await page.evaluate(() => fetch('https://example.invalid/').catch(() => 'refused'))).toBe('refused');
});

test.each(['./nothing.html', './..%2fmain.ts', './%2e%2e%2flaunch.ts', '../../../../../../etc/passwd'])(
  'the scheme gives nothing for %s',
  async (path) => {
    expect(await page.evaluate(async (address) => (await fetch(address)).status, path)).toBe(404);
  },
);

test('the page can only be read', async () => {
  expect(await page.evaluate(async () => (await fetch('./', { method: 'POST' })).status)).toBe(405);
});

test.each([
  [
    'a link',
    () => {
      document.getElementById('away')?.click();
    },
  ],
  [
    'a script',
    () => {
      window.location.href = 'https://example.invalid/script';
    },
  ],
  [
    'another page of the scheme',
    () => {
      window.location.href = './other.html';
    },
  ],
])('%s leads nowhere', async (_what, leave) => {
  const address = page.url();
  const before = noted('will-navigate').length;
  await page.evaluate(leave);
  await until(() => noted('will-navigate').length > before, 'the navigation to be decided');
  expect(noted('will-navigate').at(-1)).toMatchObject({ prevented: true });
  expect(page.url()).toBe(address);
  expect(await page.textContent('#revision')).not.toBe('');
});

test('a window that the page opens is closed before it shows anything', async () => {
  await page.evaluate(() => void window.open('https://example.invalid/popup'));
  await until(() => noted('window-open').length > 0, 'the window to be decided');
  expect(noted('window-open').at(-1)).toMatchObject({ action: 'deny' });
  await until(() => page.context().pages().length === 1, 'the window to be closed');
});

test('permissions are denied', async () => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi'] as PermissionName[];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
});

test('nothing is downloaded', async () => {
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.txt';
    link.click();
  });
  await until(() => noted('download').length > 0, 'the download to be decided');
  expect(noted('download')[0]).toMatchObject({ prevented: true });
});

test('keys that write reach the page, others do not', async () => {
  await page.focus('#text');
  for (const key of ['a', 'F5', '7', 'Control+r', 'Control+p', 'Alt+ArrowLeft', 'F12', 'Tab'])
    await page.keyboard.press(key);
  expect(await page.inputValue('#text')).toBe('a7');
  const keys = await page.evaluate(() => (window as unknown as { keys: string[] }).keys);
  expect(keys.filter((key) => key !== 'Control')).toEqual(['a', '7', 'Tab']);
});

test('a second start ends at once, says why, and the first window comes to the front', async () => {
  const another = fixture.spawnAnother();
  const output = collectOutput(another);
  expect(await exitOf(another)).toBe(75);
  expect(output()).toContain('running already');
  await until(() => noted('focus').length > 0, 'the window to come to the front');
  expect(noted('second-instance')).toHaveLength(1);
});
