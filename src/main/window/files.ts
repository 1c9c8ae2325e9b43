import { extname, resolve, sep } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
};

/**
 * The file in the folder that the address stands for, or undefined when the address leads out of the folder or is not
 * one that a page of ours would ask for. An address that ends with a slash stands for its `index.html`.
 */
export function fileOf(folder: string, address: string): string | undefined {
  const path = decoded(address);
  if (!path?.startsWith('/')) return undefined;
  // Control characters and backslashes are in no name of ours, and dots are resolved below, never by the file system.
  if (/[\p{Cc}\\]/u.test(path)) return undefined;
  const root = resolve(folder);
  const file = resolve(root, `.${path.endsWith('/') ? `${path}index.html` : path}`);
  return file.startsWith(root + sep) ? file : undefined;
}

function decoded(address: string): string | undefined {
  try {
    return decodeURIComponent(new URL(address).pathname);
  } catch {
    return undefined;
  }
}

/** The media type by the file's ending; unknown ones are plain bytes, which no page runs or shows. */
export function mediaTypeOf(file: string): string {
  return mediaTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';
}
