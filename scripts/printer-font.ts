/**
 * Draws the virtual printer's two fonts once, into sandbox/printer/font.json: `node scripts/printer-font.ts`.
 * Needs Debian's fonts-dejavu-core and chromium. Chromium draws DejaVu Sans Mono without grey levels, so that the font's own
 * hinting decides each dot, as a print head would have it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { PNG } from 'pngjs';
import { loadCodePages } from '../sandbox/printer/code-pages.ts';

interface Face {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly size: number;
}

/** Epson's font A and font B. The sizes make DejaVu's advance (0.602 em) fill the cell. */
const FACES: readonly Face[] = [
  { name: 'A', width: 12, height: 24, size: 20 },
  { name: 'B', width: 9, height: 17, size: 15 },
];
const COLUMNS = 32;
/** Letters of Europe that no code page has: they come as pictures, and are read by these. */
const europeanRanges = [
  [0xa1, 0x24f],
  [0x2bc, 0x2bc],
  [0x384, 0x3ce],
  [0x400, 0x45f],
  [0x490, 0x491],
  [0x1e00, 0x1e9b],
  [0x20a0, 0x20bf],
] as const;

const WITHOUT_GREY = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir>
<match target="pattern"><edit name="antialias" mode="assign"><bool>false</bool></edit></match>
<match target="font"><edit name="antialias" mode="assign"><bool>false</bool></edit>
<edit name="hinting" mode="assign"><bool>true</bool></edit><edit name="autohint" mode="assign"><bool>false</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintfull</const></edit></match></fontconfig>`;

function neededCharacters(): readonly string[] {
  const needed = new Set<string>(['\ufffd']);
  for (const [first, last] of europeanRanges) {
    for (let code = first; code <= last; code += 1) needed.add(String.fromCharCode(code));
  }
  for (const page of loadCodePages().values()) {
    for (let byte = 0x20; byte < 0x100; byte += 1) {
      const character = byte === 0x7f ? undefined : page.decode(byte);
      if (character !== undefined) needed.add(character);
    }
  }
  return [...needed].sort((one, other) => (one.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0));
}

function pageOf(face: Face, characters: readonly string[]): string {
  const cells = characters.map((character, index) => {
    const left = (index % COLUMNS) * face.width;
    const top = Math.floor(index / COLUMNS) * face.height;
    return `<i style="left:${String(left)}px;top:${String(top)}px">&#${String(character.codePointAt(0))};</i>`;
  });
  const cell = `width:${String(face.width)}px;height:${String(face.height)}px`;
  const font = `${String(face.size)}px/${String(face.height)}px 'DejaVu Sans Mono'`;
  return `<style>body{margin:0;background:#fff;color:#000}
    i{position:absolute;overflow:hidden;white-space:pre;font:${font};${cell}}</style>${cells.join('')}`;
}

/** The dots of one cell, row after row, one bit each, as base64. */
function packCell(image: PNG, face: Face, index: number): string {
  const packed = Buffer.alloc(Math.ceil((face.width * face.height) / 8));
  const [left, top] = [(index % COLUMNS) * face.width, Math.floor(index / COLUMNS) * face.height];
  for (let dot = 0; dot < face.width * face.height; dot += 1) {
    const x = left + (dot % face.width);
    const y = top + Math.floor(dot / face.width);
    const dark = (image.data[(y * image.width + x) * 4] ?? 255) < 128;
    if (dark) packed[dot >> 3] = (packed[dot >> 3] ?? 0) | (0x80 >> (dot & 7));
  }
  return packed.toString('base64');
}

async function drawFonts(folder: string): Promise<unknown> {
  const configuration = join(folder, 'fonts.conf');
  writeFileSync(configuration, WITHOUT_GREY);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--font-render-hinting=full', '--disable-font-subpixel-positioning', '--disable-lcd-text'],
    env: { ...process.env, FONTCONFIG_FILE: configuration },
  });
  const characters = neededCharacters();
  const faces: Record<string, unknown> = {};
  for (const face of FACES) {
    const viewport = { width: face.width * COLUMNS, height: face.height * Math.ceil(characters.length / COLUMNS) };
    const page = await browser.newPage({ viewport });
    await page.setContent(pageOf(face, characters));
    const image = PNG.sync.read(await page.screenshot());
    const glyphs = Object.fromEntries(characters.map((character, index) => [character, packCell(image, face, index)]));
    faces[face.name] = { width: face.width, height: face.height, glyphs };
  }
  await browser.close();
  return faces;
}

const folder = mkdtempSync(join(tmpdir(), 'printer-font-'));
const fonts = await drawFonts(folder);
writeFileSync(new URL('../sandbox/printer/font.json', import.meta.url), `${JSON.stringify(fonts, null, 2)}\n`);
rmSync(folder, { recursive: true });
