import type { Encoding } from '../../../shared/encodings.ts';

/** A stretch of a line: characters of the code page, or one character as dots because the page lacks it. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  /** Characters by their numbers, whatever they are: for finding out what a printer has. */
  | { readonly type: 'bytes'; readonly bytes: Buffer }
  /** 24 dots high, three bytes a column from the left, the top dot in the highest bit. */
  | { readonly type: 'glyph'; readonly columns: Buffer };

/** What the printer is to do, in the trade's words; `encode.ts` knows the bytes. */
export type Command =
  /** Back to its defaults: what an earlier job left switched on is off. */
  | { readonly type: 'initialise'; readonly multiByteOff: boolean }
  | { readonly type: 'codePage'; readonly encoding: Encoding; readonly number: number }
  | { readonly type: 'align'; readonly to: 'left' | 'centre' | 'right' }
  | { readonly type: 'bold'; readonly on: boolean }
  /** Times the font's width and height. */
  | { readonly type: 'size'; readonly width: 1 | 2; readonly height: 1 | 2 }
  /** One line, already as wide as it may be. */
  | { readonly type: 'line'; readonly parts: readonly Part[] }
  /** A line as a picture: rows of whole bytes, the first dot in the highest bit. */
  | { readonly type: 'raster'; readonly bytesPerRow: number; readonly rows: number; readonly dots: Buffer }
  | { readonly type: 'feed'; readonly lines: number }
  | { readonly type: 'qr'; readonly payload: string; readonly moduleDots: number }
  /** Feeds to the cutter and cuts; without a cutter it feeds as far, to be torn. */
  | { readonly type: 'cut'; readonly cutter: boolean }
  /** Opens the cash drawer on that pin of the printer's socket. */
  | { readonly type: 'drawer'; readonly pin: 2 | 5 }
  /** Beeps; makers have two commands for it. */
  | { readonly type: 'buzzer'; readonly command: 'epson' | 'clone' }
  /** Asks to be told, by these four characters, when everything before it is printed. */
  | { readonly type: 'tellWhenPrinted'; readonly id: string }
  /** Asks for the state of the paper, in turn. */
  | { readonly type: 'tellPaper' };

/** How a job asks for its proof, the best that the printer knows. */
export type Proof =
  { readonly kind: 'process_id'; readonly id: string } | { readonly kind: 'status' } | { readonly kind: 'bytes' };
