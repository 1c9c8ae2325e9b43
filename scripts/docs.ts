import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// Teaches the server's type its swagger().
import type {} from '@fastify/swagger';
import { createSystemClock } from '../src/main/adapters/clock/system.ts';
import { buildTill } from '../src/main/adapters/till/server.ts';
import type { TillDesk } from '../src/main/ports/terminal.ts';
import { root } from './build-if-stale.ts';
import { configurationDocument } from './configuration-document.ts';

const help = `Makes the documents that come from schemas: docs/configuration.md and docs/openapi.json.

  npm run docs             writes them
  npm run docs -- --check  writes nothing; fails when one is not as the schemas are
`;

/** Wrong options, as sysexits.h names it. */
const exitUsage = 64;

/** The till's description needs a desk to be built with, and asks nothing of it. */
const nobody = new Proxy({} as TillDesk, {
  get: () => () => {
    throw new Error('The description asks nothing of the terminal.');
  },
});

async function openApiDocument(): Promise<string> {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const clock = createSystemClock({ unref: true });
  const server = await buildTill({ desk: nobody, host: '127.0.0.1', port: 0, token: 'none', log, clock }, new Set());
  const text = `${JSON.stringify(server.swagger(), null, 2)}\n`;
  await server.close();
  return text;
}

/** Each generated document and what it should hold. */
export async function documents(): Promise<Readonly<Record<string, string>>> {
  return { 'docs/configuration.md': configurationDocument(), 'docs/openapi.json': await openApiDocument() };
}

function isAsItShould(path: string, text: string): boolean {
  try {
    return readFileSync(join(root, path), 'utf8') === text;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  const unknown = args.find((argument) => argument !== '--check');
  if (unknown !== undefined) {
    process.stderr.write(`docs: There is no option ${unknown}. Try --help.\n`);
    process.exitCode = exitUsage;
    return;
  }
  for (const [path, text] of Object.entries(await documents())) {
    if (isAsItShould(path, text)) continue;
    if (args.includes('--check')) {
      process.stderr.write(`${path} is not as the schemas are. Run npm run docs.\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(join(root, path), text);
      process.stdout.write(`${path} written\n`);
    }
  }
}

if (import.meta.main) await main();
