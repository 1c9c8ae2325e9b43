import type { Encoding } from './code-page.ts';

/** What the printer is to do, in the trade's words; `encode.ts` knows the bytes. */
export type Command =
  /** Back to its defaults: what an earlier job left switched on is off. */
  | { readonly type: 'initialise'; readonly multiByteOff: boolean }
  | { readonly type: 'codePage'; readonly encoding: Encoding; readonly number: number }
  | { readonly type: 'align'; readonly to: 'left' | 'centre' | 'right' }
  | { readonly type: 'bold'; readonly on: boolean }
  /** Times the font's width and height. */
  | { readonly type: 'size'; readonly width: 1 | 2; readonly height: 1 | 2 }
  /** One line, already as wide as it may be and in characters of the code page. */
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'feed'; readonly lines: number }
  | { readonly type: 'qr'; readonly payload: string; readonly moduleDots: number }
  /** Feeds to the cutter and cuts; without a cutter it feeds as far, to be torn. */
  | { readonly type: 'cut'; readonly cutter: boolean }
  /** Asks to be told, by these four characters, when everything before it is printed. */
  | { readonly type: 'tellWhenPrinted'; readonly id: string }
  /** Asks for the state of the paper, in turn. */
  | { readonly type: 'tellPaper' };

/** How a job asks for its proof, the best that the printer knows. */
export type Proof =
  { readonly kind: 'process_id'; readonly id: string } | { readonly kind: 'status' } | { readonly kind: 'bytes' };
