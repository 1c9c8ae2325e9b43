/** Every code that is printed is read from the paper's picture by two readers that share nothing: jsQR and zbar. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../../src/main/adapters/printer/encode.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { loadProfile } from '../../../../src/main/adapters/printer/profile.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import { loadCodePages, makerOfProfile } from '../../../../sandbox/printer/code-pages.ts';
import { loadFonts } from '../../../../sandbox/printer/font.ts';
import { createPaper } from '../../../../sandbox/printer/paper.ts';
import { createParser } from '../../../../sandbox/printer/parser.ts';
import { createReader } from '../../../../sandbox/printer/reading.ts';
import { readQr } from '../../../sandbox/printer/camera.ts';
import { readWithZbar } from '../../../sandbox/printer/zbar.ts';
import { facts } from '../../core/receipt/facts.ts';
import { documentOf, styleFor } from './profiles.ts';

const fonts = loadFonts();
const reader = createReader(fonts);
const profiles = readdirSync(new URL('../../../../resources/printers', import.meta.url)).map((file) =>
  basename(file, '.json'),
);

/** The paper of a document on the printers of a profile, as a picture. */
function pictureOf(document: ReturnType<typeof composeReceipt>, name: string): Buffer {
  const problems: string[] = [];
  const report = (sentence: string) => problems.push(sentence);
  const paper = createPaper({ fonts, reader, codePages: loadCodePages(makerOfProfile(name)), report });
  const commands = createParser().push(encode(layOut(document, styleFor(loadProfile(name)), { kind: 'bytes' })));
  const [sheet] = commands.flatMap((command) => paper.apply(command).sheet ?? []);
  // What has no cutter is torn off.
  const torn = sheet ?? paper.apply({ name: 'GS V', at: 0, bytes: Buffer.of(), parameters: Buffer.of(66, 0) }).sheet;
  expect(problems).toEqual([]);
  if (!torn) throw new Error('No paper came out.');
  return torn.png();
}

describe.each(profiles)('on the printers of the profile %s', (name) => {
  it('the code of a receipt is read by both', async () => {
    const picture = pictureOf(
      composeReceipt({ ...facts, how: 'wallet', transactionKey: 'pDWbQyT2nE8xkqXc' }, { copy: false }),
      name,
    );
    expect([readQr(picture), await readWithZbar(picture)]).toEqual(Array(2).fill('PAYSERA%pDWbQyT2nE8xkqXc'));
  });

  it.each(['PAYSERA*3:TABLE1', 'https://www.paysera.com/'.padEnd(150, 'x')])('%s is read by both', async (payload) => {
    const picture = pictureOf(documentOf({ type: 'qr', payload }), name);
    expect([readQr(picture), await readWithZbar(picture)]).toEqual([payload, payload]);
  });
});
