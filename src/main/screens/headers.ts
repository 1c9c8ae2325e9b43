/**
 * What a screen's page may do: run its own scripts, styles, pictures and fonts, talk to its own origin, nothing else
 * (hardware.md 4.2). The same in both hosts.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Sent with every answer that holds a screen's file. */
export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
} as const;

/** Pages are asked for anew each time; files with a hash in their name (vite's `assets/`) never change. */
export function cacheControl(path: string): string {
  return /(^|\/)assets\//.test(path) ? 'private, max-age=31536000, immutable' : 'no-store';
}
