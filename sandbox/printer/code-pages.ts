/**
 * What the bytes 80 to FF mean on each code page, at the numbers that Epson's current printers give them (`ESC t n`).
 * The DOS pages are written out here from the vendor tables at unicode.org, apart from whatever encoder the sender uses,
 * so that one mistake cannot write and read itself. The Windows and ISO pages are the platform's own.
 */

/** A code page: what each byte above 7F means; undefined where the page is empty. */
export interface CodePage {
  readonly name: string;
  decode(byte: number): string | undefined;
}

const DOS_PAGES: readonly (readonly [number: number, name: string, upperHalf: string])[] = [
  [
    0,
    'CP437',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
      'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
      '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
      'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ],
  [
    2,
    'CP850',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
      'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
      '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
      'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ],
  [
    17,
    'CP866',
    'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ' +
      'абвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
      '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
      'рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u00a0',
  ],
  [
    18,
    'CP852',
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č' +
      'áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
      '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀' +
      'ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ],
  [
    19,
    'CP858',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
      'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
      '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀' +
      'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ],
  [
    33,
    'CP775',
    'ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤' +
      'ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐' +
      '└┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀' +
      'ÓßŌŃõÕµńĶķĻļņĒŅ’\u00ad±“¾¶§÷„°∙·¹³²■\u00a0',
  ],
];

const PLATFORM_PAGES: readonly (readonly [number: number, label: string])[] = [
  [16, 'windows-1252'],
  [39, 'iso-8859-2'],
  [40, 'iso-8859-15'],
  [45, 'windows-1250'],
  [46, 'windows-1251'],
  [48, 'windows-1254'],
  [51, 'windows-1257'],
];

const isControl = (character: string): boolean => /^[\u0080-\u009f\ufffd]$/u.test(character);

function fromTable(name: string, upperHalf: string): CodePage {
  return { name, decode: (byte) => (byte < 0x80 ? String.fromCharCode(byte) : upperHalf[byte - 0x80]) };
}

function fromPlatform(label: string): CodePage {
  const decoder = new TextDecoder(label);
  const upperHalf = Array.from({ length: 128 }, (_, index) => decoder.decode(Uint8Array.of(0x80 + index)));
  return {
    name: label,
    decode(byte) {
      const character = byte < 0x80 ? String.fromCharCode(byte) : upperHalf[byte - 0x80];
      return character === undefined || isControl(character) ? undefined : character;
    },
  };
}

/** The code pages this printer has, by Epson's numbers. */
export function loadCodePages(): ReadonlyMap<number, CodePage> {
  const pages = new Map<number, CodePage>();
  for (const [number, name, upperHalf] of DOS_PAGES) pages.set(number, fromTable(name, upperHalf));
  for (const [number, label] of PLATFORM_PAGES) pages.set(number, fromPlatform(label));
  return pages;
}
