import { readFile } from 'node:fs/promises';
import { protocol, type Protocol } from 'electron';
import { cacheControl, securityHeaders } from '../screens/headers.ts';
import { fileOf, mediaTypeOf } from './files.ts';

/** The terminal's own scheme: unlike `file:` it has an origin, headers and no way out of its folder. */
const scheme = 'terminal';

/** The address of the screens' page, and of everything that belongs to it. */
export const home = `${scheme}://app/`;

/** Makes the scheme a standard, secure one. Must be called before Electron is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the folder's files under the scheme. */
export function serveScheme(protocolOfSession: Protocol, folder: string): void {
  protocolOfSession.handle(scheme, (request) => answer(request, folder));
}

async function answer(request: Request, folder: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET.');
  const file = request.url.startsWith(home) ? fileOf(folder, request.url) : undefined;
  if (file === undefined) return refuse(404, 'There is no such file.');
  try {
    const body = await readFile(file);
    const headers = {
      ...securityHeaders,
      'content-type': mediaTypeOf(file),
      'cache-control': cacheControl(new URL(request.url).pathname),
    };
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers });
  } catch {
    // Whatever the file system said, the page learns no more than that there is nothing here.
    return refuse(404, 'There is no such file.');
  }
}

function refuse(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' } });
}
