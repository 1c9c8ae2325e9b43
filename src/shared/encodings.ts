/**
 * The code pages that receipts can be printed with: those of the languages of Europe that printers have. Pages whose
 * tables differ between makers (ISO 8859-7 lacks the euro on older ones) are left out.
 */
export const encodings = [
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'iso-8859-2',
  'iso-8859-15',
  'cp437',
  'cp737',
  'cp775',
  'cp850',
  'cp852',
  'cp855',
  'cp857',
  'cp858',
  'cp860',
  'cp863',
  'cp865',
  'cp866',
  'cp869',
  'cp1125',
] as const;
export type Encoding = (typeof encodings)[number];
