import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from './world/types.ts';

const folder = fileURLToPath(new URL('./web', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** The phone and control pages, and what belongs to them. TypeScript goes out without its types: no bundler needed. */
export function pageRoutes(server: FastifyInstance): void {
  server.get('/', (_request, reply) => reply.redirect('/control'));
  for (const page of ['phone', 'control']) {
    server.get(`/${page}`, (_request, reply) => send(reply, `${page}/index.html`));
  }
  server.get('/web/*', (request, reply) => send(reply, (request.params as { '*': string })['*']));
}

async function send(reply: FastifyReply, path: string): Promise<FastifyReply> {
  const file = join(folder, normalize(`/${path}`));
  const type = types[extname(file)];
  if (!type) throw new ApiError('not_found', 'There is no such page');
  try {
    const content = await readFile(file);
    const body = extname(file) === '.ts' ? stripTypeScriptTypes(content.toString('utf8')) : content;
    return await reply
      .header('content-security-policy', "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'")
      .header('cache-control', 'no-store')
      .type(type)
      .send(body);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new ApiError('not_found', 'There is no such page');
    throw error;
  }
}
