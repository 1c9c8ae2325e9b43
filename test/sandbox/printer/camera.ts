import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** jsqr's module is the function itself; its declaration puts it under `default`. */
const decode = jsqr as unknown as typeof jsqr.default;

/** What a camera reads in a picture; undefined when it finds no QR code. */
export function readQr(png: Buffer): string | undefined {
  const image = PNG.sync.read(png);
  return decode(Uint8ClampedArray.from(image.data), image.width, image.height)?.data;
}
