/** The code pages that receipts can be printed with. */
export const encodings = ['windows-1257', 'windows-1251', 'windows-1252', 'cp775', 'cp866', 'cp858'] as const;
export type Encoding = (typeof encodings)[number];

/** One side of a printer's character set: which characters it has, one byte and one cell each. */
export interface CodePage {
  readonly encoding: Encoding;
  has(character: string): boolean;
}

/** The upper halves of the DOS pages, bytes 80 to FF, as the vendor tables at unicode.org give them. */
const dosPages: Readonly<Partial<Record<Encoding, string>>> = {
  cp775:
    'ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐' +
    '└┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀ÓßŌŃõÕµńĶķĻļņĒŅ’\u00ad±“¾¶§÷„°∙·¹³²■\u00a0',
  cp858:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp866:
    'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u00a0',
};

/** A byte's character where the page has none: not for print. Soft hyphens and no-break spaces are not for print either. */
const unprintable = /^[\u0080-\u00a0\u00ad\ufffd]$/u;

/** The page of that encoding. */
export function codePage(encoding: Encoding): CodePage {
  const upper =
    dosPages[encoding] ?? new TextDecoder(encoding).decode(Uint8Array.from({ length: 128 }, (_, i) => 128 + i));
  const characters = new Set(Array.from(upper).filter((character) => !unprintable.test(character)));
  return {
    encoding,
    has: (character) => (character.length === 1 && character >= ' ' && character <= '~') || characters.has(character),
  };
}
