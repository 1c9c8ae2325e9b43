import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { createReceiptPictures } from '../src/main/adapters/receipt-picture/pictures.ts';
import { root } from './build-if-stale.ts';
import { kinds, type Kind } from './receipt-kinds.ts';

const help = `Makes docs/receipts: a picture of every kind of receipt, and one receipt as PDF and as text.

  npm run receipts             writes them
  npm run receipts -- --check  writes nothing; fails when one is not as the terminal draws it
`;

/** Wrong options, as sysexits.h names it. */
const exitUsage = 64;

const folder = 'docs/receipts';
/** The kind that is also there as PDF and text. */
const inAllForms = 'wallet';

/** Between and around papers that lie side by side, in dots. */
const gap = 24;

/** Papers side by side on something darker than paper. */
function sideBySide(files: readonly Uint8Array[]): Buffer {
  const papers = files.map((file) => PNG.sync.read(Buffer.from(file)));
  const width = papers.reduce((sum, paper) => sum + paper.width + gap, gap);
  const image = new PNG({ width, height: Math.max(...papers.map(({ height }) => height)) + 2 * gap });
  image.data.fill(0xc8);
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 0xff;
  let left = gap;
  for (const paper of papers) {
    PNG.bitblt(paper, image, 0, 0, paper.width, paper.height, left, gap);
    left += paper.width + gap;
  }
  return PNG.sync.write(image, { colorType: 0 });
}

async function draw({ columns, documents }: Kind): Promise<Uint8Array> {
  const pictures = createReceiptPictures({ columns, folder });
  return sideBySide(await Promise.all(documents.map((document) => pictures.draw(document))));
}

/** Each file of docs/receipts and what it should hold. */
export async function receiptFiles(): Promise<Readonly<Record<string, Uint8Array>>> {
  const files: Record<string, Uint8Array> = {};
  for (const kind of kinds) {
    files[`${folder}/${kind.name}.png`] = await draw(kind);
    const [document] = kind.documents;
    if (kind.name !== inAllForms || !document) continue;
    const pictures = createReceiptPictures({ columns: kind.columns, folder });
    for (const form of ['pdf', 'txt'] as const)
      files[`${folder}/${kind.name}.${form}`] = await pictures.write(document, form);
  }
  return { ...files, [`${folder}/README.md`]: Buffer.from(readme(files[`${folder}/${inAllForms}.txt`])) };
}

function readme(text: Uint8Array | undefined): string {
  const pictures = kinds.map(({ name, title, about }) => `## ${title}\n\n${about}\n\n![${title}](${name}.png)\n`);
  return `# Receipts

What comes out of the printer, drawn dot by dot: the same document, the same columns and the same wrapping. A picture is as
wide as the paper, 8 dots to the millimetre; printed at its own size it is as large as the paper.

Staff see a receipt like this under **Receipts**, with **Show**, and save it from there:

| File | What it is |
| --- | --- |
| PDF | one page of the paper's size; its text can be selected, searched and copied; the font is inside |
| PNG | the picture, one bit for each dot, a few kilobytes |
| TXT | plain text in UTF-8, in the same columns; the code is written out |

Files are written to \`terminal.receiptFolder\` ([configuration](../configuration.md)) as \`receipt-000041.pdf\` and so on; saving
again replaces the file. What staff see and save says COPY, as a second paper would, unless no paper of the receipt
has come out: a terminal without a printer gives its receipts like that.

Letters are DejaVu Sans Mono's, which comes with the terminal: all of Latin, Greek, Cyrillic, Georgian and Armenian that
Europe writes. What the font lacks is shown as a sign that something is there, and is still copied right from the PDF.

These files are made by \`npm run receipts\`; the example below is also there as [PDF](wallet.pdf) and [text](wallet.txt):

\`\`\`text
${Buffer.from(text ?? []).toString('utf8')}\`\`\`

${pictures.join('\n')}`;
}

function isAsItShould(path: string, content: Uint8Array): boolean {
  try {
    return readFileSync(join(root, path)).equals(content);
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  const unknown = args.find((argument) => argument !== '--check');
  if (unknown !== undefined) {
    process.stderr.write(`receipts: There is no option ${unknown}. Try --help.\n`);
    process.exitCode = exitUsage;
    return;
  }
  mkdirSync(join(root, folder), { recursive: true });
  for (const [path, content] of Object.entries(await receiptFiles())) {
    if (isAsItShould(path, content)) continue;
    if (args.includes('--check')) {
      process.stderr.write(`${path} is not as the terminal draws it. Run npm run receipts.\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(join(root, path), content);
      process.stdout.write(`${path} written\n`);
    }
  }
}

if (import.meta.main) await main();
