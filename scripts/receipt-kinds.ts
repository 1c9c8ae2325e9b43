import { composeReceipt } from '../src/main/core/receipt/compose.ts';
import { testSlip } from '../src/main/core/receipt/test-slip.ts';
import type { ReceiptDocument, ReceiptFacts } from '../src/main/core/receipt/document.ts';
import { money } from '../src/shared/money.ts';

/** One picture of the documentation. Several documents are laid side by side. */
export interface Kind {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen on it. */
  readonly about: string;
  readonly columns: number;
  readonly documents: readonly ReceiptDocument[];
}

type Line = ReceiptFacts['lines'][number];

const coffee: readonly Line[] = [
  { title: 'Flat white', quantity: 2, total: 720 },
  { title: 'Croissant', total: 280 },
  { title: 'Regulars’ discount', total: -100 },
];

/** The same receipt throughout: what differs is what the picture is about. */
function receipt(change: Partial<ReceiptFacts> & { readonly lines: readonly Line[] }, copy = false): ReceiptDocument {
  const facts: ReceiptFacts = {
    number: 41,
    terminal: 'TABLE-7',
    merchant: ['Kavinė „Prie tilto“', 'Pilies g. 1, Vilnius', 'PVM LT100000000001'],
    billNumber: '2026-0117',
    total: money(
      change.lines.reduce((sum, { total }) => sum + total, 0),
      'EUR',
    ),
    how: 'wallet',
    paidAt: Date.UTC(2026, 10, 23, 10, 4, 31),
    language: 'en',
    timeZone: 'Europe/Vilnius',
    ...((change.how ?? 'wallet') === 'wallet' ? { transactionKey: 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR' } : {}),
    ...change,
  };
  return composeReceipt(facts, { copy });
}

const lithuanian: readonly Line[] = [
  { title: 'Šaltibarščiai su bulvėmis', quantity: 2, total: 1180 },
  { title: 'Cepelinai su spirgučiais', total: 890 },
  { title: 'Gira', quantity: 0.5, total: 175 },
];

const long: readonly Line[] = [
  {
    title:
      'Slow-roasted beetroot with goat’s cheese, caramelised walnuts, orange segments and a honey and thyme dressing',
    quantity: 3,
    total: 3870,
  },
  { title: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz (a very long word)', total: 450 },
  { title: 'Anniversary menu of seven courses for the whole table', quantity: 12, total: 123_456_789 },
];

const dishes = [
  'Soup of the day',
  'Bread and butter',
  'Trout',
  'Potatoes',
  'Green salad',
  'Apple cake',
  'Coffee',
  'Tea',
];
const many: readonly Line[] = Array.from({ length: 32 }, (_, index) => ({
  title: `${dishes[index % dishes.length] ?? ''}, seat ${Math.floor(index / dishes.length) + 1}`,
  ...(index % 5 === 2 ? { quantity: 2 } : {}),
  total: 190 + ((index * 137) % 1400),
}));

const languages: readonly Line[] = [
  { title: 'Борщ із пампушками, вареники з вишнями (українська)', total: 940 },
  { title: 'Шопска салата, кьопоолу, ябълков сок (български)', total: 760 },
  { title: 'Μουσακάς, χωριάτικη σαλάτα, ούζο, Ώρα ΐΰ (ελληνικά)', total: 1320 },
  { title: 'Żurek z jajkiem, pączki, świeży sok (polski)', total: 810 },
  { title: 'Rūgušpiens, šķovētas pupiņas, ķirši, Ģipka (latviešu)', total: 640 },
  { title: 'Käsespätzle, Weißwürste, Öl (Deutsch)', total: 1150 },
  { title: 'Tőkehal, gyümölcsleves, sütőtök (magyar)', total: 990 },
  { title: 'Țuică, brânză, ceașcă de cafea (română)', total: 520 },
  { title: 'Smørrebrød, æbleskiver, rødgrød (dansk)', total: 870 },
  { title: 'Çılbır, İskender, şiş kebap, ağız tatlısı (Türkçe)', total: 1080 },
  { title: 'Þorskur, kæst skyr, bláber, ærfillé (íslenska)', total: 1410 },
  { title: 'Ћевапчићи, њоки, џем (српски)', total: 690 },
];

/** Every kind of receipt, in the order of the documentation. */
export const kinds: readonly Kind[] = [
  {
    name: 'wallet',
    title: 'Paid by wallet',
    about: 'How it was paid, the key of the transaction at Paysera, and the same key as a code.',
    columns: 48,
    documents: [receipt({ lines: coffee })],
  },
  {
    name: 'wallet-lithuanian',
    title: 'In Lithuanian',
    about: 'The receipt’s own words, amounts and times are in the terminal’s language.',
    columns: 48,
    documents: [receipt({ lines: lithuanian, language: 'lt' })],
  },
  {
    name: 'cash',
    title: 'Paid otherwise',
    about: 'In cash or by card: there is no transaction, and so no code.',
    columns: 48,
    documents: [receipt({ lines: coffee, how: 'cash' })],
  },
  {
    name: 'copy',
    title: 'A copy',
    about: 'Whatever is printed again, or may have been printed before, says so at both ends.',
    columns: 48,
    documents: [receipt({ lines: coffee }, true)],
  },
  {
    name: 'several-papers',
    title: 'Several papers of one receipt',
    about: 'The first paper and the one printed after it: same number, same contents, marked.',
    columns: 48,
    documents: [receipt({ lines: lithuanian, language: 'lt' }), receipt({ lines: lithuanian, language: 'lt' }, true)],
  },
  {
    name: 'long-lines',
    title: 'Long lines',
    about: 'Names go on in the next line; the amount stands at the end of the last one. A very long word is broken.',
    columns: 48,
    documents: [receipt({ lines: long })],
  },
  {
    name: 'narrow',
    title: 'On paper of 58 mm',
    about: '32 columns: the same receipt as above, with a transaction that needs a line of its own.',
    columns: 32,
    documents: [receipt({ lines: long })],
  },
  {
    name: 'many-items',
    title: 'Many items',
    about: 'A paper is as long as it has to be.',
    columns: 48,
    documents: [receipt({ lines: many })],
  },
  {
    name: 'languages',
    title: 'Letters of Europe',
    about: 'Items are printed as they were put in. Each of these names is right letter by letter.',
    columns: 48,
    documents: [receipt({ lines: languages, merchant: ['Їдальня · Ταβέρνα · Кафе · Żółw', 'Straße 1, Łódź'] })],
  },
  {
    name: 'other-currency',
    title: 'In another currency',
    about: 'Amounts are written as the receipt’s language writes them.',
    columns: 48,
    documents: [
      receipt({ lines: coffee, total: money(900, 'UAH') }),
      receipt({ lines: coffee, total: money(900, 'PLN'), how: 'card' }),
    ],
  },
  {
    name: 'test-slip',
    title: 'A test slip',
    about: 'For whoever sets a printer up: the ruler’s last digit stands at the right edge, all letters are there.',
    columns: 48,
    documents: [testSlip(48)],
  },
];
