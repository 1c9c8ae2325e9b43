import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/main/adapters/journal/read.ts';
import { Stage, spotCode, staffPin } from './stage.ts';

/** The journal that a real terminal leaves on the disk. */

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** A whole payment, from the till to the receipt. */
async function paid(on: Stage): Promise<string> {
  const billId = await on.putIn();
  await on.billIs(billId, 'offered');
  await on.checkInAndPay(spotCode);
  await on.billIs(billId, 'paid');
  return billId;
}

const folderOf = (on: Stage) => join(on.folder, 'data');
const path = (on: Stage) => join(folderOf(on), 'journal.db');

describe('after a payment', () => {
  it('it has no secret in it: no key, no token, no PIN', async () => {
    stage = await Stage.open();
    await paid(stage);
    const { tillToken } = stage.terminal.ready;
    const { macKey } = stage.sandbox.ready.merchant;
    await stage.terminal.stop();

    const reader = readJournal(path(stage));
    const entries = JSON.stringify([...reader.entries()]);
    expect(reader.verify().faults).toEqual([]);
    reader.close();
    const files = readdirSync(folderOf(stage)).filter((name) => name.startsWith('journal.db'));
    expect(files).toEqual(expect.arrayContaining(['journal.db', 'journal.db-head', 'journal.db-reserve']));
    const raw = files.map((name) => readFileSync(join(folderOf(stage as Stage), name), 'latin1')).join('');
    for (const secret of [macKey, tillToken]) {
      expect(entries).not.toContain(secret);
      expect(raw).not.toContain(secret);
    }
    expect(entries).not.toContain(`"${staffPin}"`);
    expect(entries).not.toMatch(/pinHash|macKey|authorization/i);
  });

  it('it can be read while the terminal runs, and it is not disturbed', async () => {
    stage = await Stage.open();
    const billId = await paid(stage);
    const reader = readJournal(path(stage));
    expect(reader.findBill('2026-0017')).toBe(billId);
    const last = [...reader.life(billId)].at(-1)?.after as { bills: Record<string, { status: { name: string } }> };
    expect(last.bills[billId]?.status.name).toBe('paid');
    reader.close();
    expect((await stage.bill(billId)).status).toBe('paid');
  });
});
