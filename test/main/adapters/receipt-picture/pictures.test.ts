import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReceiptPictures } from '../../../../src/main/adapters/receipt-picture/pictures.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import { receiptForms } from '../../../../src/shared/contract.ts';
import { facts } from '../../core/receipt/facts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'receipt-save-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const document = composeReceipt(facts, { copy: false });

describe('saving a receipt', () => {
  it.each(receiptForms)('as %s writes what would be shown, for the terminal and its group to read', async (form) => {
    const pictures = createReceiptPictures({ columns: 48, folder: join(folder, 'deep', 'receipts') });
    const path = await pictures.save(document, form);
    expect(path).toBe(join(folder, 'deep', 'receipts', `receipt-000012.${form}`));
    expect(readFileSync(path).equals(Buffer.from(await pictures.write(document, form)))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('again replaces the file, and leaves nothing else', async () => {
    const pictures = createReceiptPictures({ columns: 48, folder });
    await pictures.save(document, 'txt');
    await Promise.all([pictures.save(document, 'txt'), pictures.save(document, 'txt')]);
    expect(readdirSync(folder)).toEqual(['receipt-000012.txt']);
  });

  it('says what to do when the folder cannot be written to', async () => {
    const taken = join(folder, 'taken');
    writeFileSync(taken, 'a file, not a folder');
    await expect(createReceiptPictures({ columns: 48, folder: taken }).save(document, 'pdf')).rejects.toMatchObject({
      code: 'receipt_not_saved',
      message: expect.stringMatching(/EEXIST|ENOTDIR/) as string,
    });
  });

  it('gives the same bytes each time', async () => {
    for (const form of receiptForms) {
      const [one, other] = await Promise.all(
        [0, 1].map(() => createReceiptPictures({ columns: 48, folder }).write(document, form)),
      );
      expect(Buffer.from(one ?? []).equals(Buffer.from(other ?? []))).toBe(true);
    }
  });
});
