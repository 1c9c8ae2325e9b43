/**
 * Draws the letters of receipt pictures once, into resources/letters/cells.json: `node scripts/receipt-font.ts`.
 * Needs Debian's chromium. Chromium draws the font beside that file without grey levels, so that the font's own hinting
 * decides each dot, as a print head would have it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { PNG } from 'pngjs';
import { readTrueType } from '../src/main/adapters/receipt-picture/truetype.ts';

const resources = new URL('../resources/letters/', import.meta.url);
/** Each letter is drawn in a box that is larger than its cell, for accents and cedillas that stand out of it. */
const cell = { width: 12, height: 24, left: 5, top: 2 };
const [width, height] = [20, 28];
/** The size at which the font's advance (0.602 em) fills the cell. */
const size = 20;
const columns = 64;

/** Europe's letters, and the signs that merchants write. Marks that stand over other letters are none of them. */
const ranges: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0x2ff],
  [0x370, 0x482],
  [0x48a, 0x58f],
  [0x10a0, 0x10ff],
  [0x1e00, 0x1fff],
  [0x2010, 0x205e],
  [0x2070, 0x209c],
  [0x20a0, 0x20bf],
  [0x2100, 0x218b],
  [0x2190, 0x21ff],
  [0x2212, 0x2212],
  [0x2260, 0x2265],
  [0x2500, 0x25ff],
  [0xfb00, 0xfb06],
  [0xfffd, 0xfffd],
];

const configuration = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir>
<match target="pattern"><edit name="antialias" mode="assign"><bool>false</bool></edit></match>
<match target="font"><edit name="antialias" mode="assign"><bool>false</bool></edit>
<edit name="hinting" mode="assign"><bool>true</bool></edit><edit name="autohint" mode="assign"><bool>false</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintfull</const></edit></match></fontconfig>`;

function pageOf(codes: readonly number[], font: Buffer): string {
  const cells = codes.map((code, index) => {
    const left = (index % columns) * width + cell.left;
    const place = `left:${left}px;top:${Math.floor(index / columns) * height + cell.top}px`;
    return `<i style="${place}">&#${code};</i>`;
  });
  return `<style>@font-face{font-family:receipt;src:url(data:font/ttf;base64,${font.toString('base64')})}
    body{margin:0;background:#fff;color:#000}
    i{position:absolute;white-space:pre;font:${size}px/${cell.height}px receipt;
    width:${cell.width}px;height:${cell.height}px}</style>${cells.join('')}`;
}

/** The dots of one box, row after row, one bit each, as base64. */
function packCell(image: PNG, index: number): string {
  const packed = Buffer.alloc(Math.ceil((width * height) / 8));
  const [left, top] = [(index % columns) * width, Math.floor(index / columns) * height];
  for (let dot = 0; dot < width * height; dot += 1) {
    const at = ((top + Math.floor(dot / width)) * image.width + left + (dot % width)) * 4;
    if ((image.data[at] ?? 255) < 128) packed[dot >> 3] = (packed[dot >> 3] ?? 0) | (0x80 >> (dot & 7));
  }
  return packed.toString('base64');
}

async function drawCells(file: Buffer, folder: string): Promise<Record<string, string>> {
  const font = readTrueType(file);
  const codes = ranges
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
    .filter((code) => font.glyphOf(code) !== undefined);
  writeFileSync(join(folder, 'fonts.conf'), configuration);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--font-render-hinting=full', '--disable-font-subpixel-positioning', '--disable-lcd-text'],
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  });
  try {
    const viewport = { width: width * columns, height: height * Math.ceil(codes.length / columns) };
    const page = await browser.newPage({ viewport });
    await page.setContent(pageOf(codes, file));
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const image = PNG.sync.read(await page.screenshot());
    return Object.fromEntries(codes.map((code, index) => [String.fromCodePoint(code), packCell(image, index)]));
  } finally {
    await browser.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'receipt-font-'));
try {
  const cells = await drawCells(readFileSync(new URL('DejaVuSansMono.ttf', resources)), folder);
  writeFileSync(
    new URL('cells.json', resources),
    `${JSON.stringify({ width, height, left: cell.left, top: cell.top, cells }, null, 2)}\n`,
  );
  console.log(`${Object.keys(cells).length} characters are drawn.`);
} finally {
  rmSync(folder, { recursive: true });
}
