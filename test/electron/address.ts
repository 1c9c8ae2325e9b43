/**
 * Chromium knows no scheme that it was not built with, so the stand-in gives a custom scheme's pages an https address
 * of a host that cannot exist, and answers for it itself: `terminal://app/x` is `https://app.terminal.invalid/x`.
 * Both are standard, secure origins. What a page reads in `location` differs from Electron's; what main sees does not.
 */
const inside = /^https:\/\/([^/.]+)\.([a-z][a-z0-9+-]*)\.invalid(\/|$)/;

/** The address that Chromium is given. */
export function toChromium(address: string, schemes: ReadonlySet<string>): string {
  const url = new URL(address);
  const scheme = url.protocol.slice(0, -1);
  return schemes.has(scheme) ? address.replace(/^[^:]+:\/\/([^/?#]*)/, `https://$1.${scheme}.invalid`) : address;
}

/** The address that main is told. */
export function fromChromium(address: string): string {
  return address.replace(inside, '$2://$1$3');
}

/** The custom scheme of an address of Chromium's, if it stands for one. */
export function schemeOf(address: string): string | undefined {
  return inside.exec(address)?.[2];
}
