import { defineConfig } from '@playwright/test';

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu'];

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: '.cache/e2e',
  // One at a time: each test has processes of its own, and the machine has two cores.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  // A deadline on a machine with other work to do, not a measure.
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '.cache/e2e.json' }]],
  use: {
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      // Chromium's sandbox does not run as root; only tests run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet,
    },
  },
});
