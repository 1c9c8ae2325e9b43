import { expect, it } from 'vitest';
import type { PaperStage, Receipt } from '../../../../src/main/core/bill/state.ts';
import { receiptOnScreen } from '../../../../src/main/core/receipt/shown.ts';
import { facts } from './facts.ts';

const receipt = (paper: PaperStage, copy = false): Receipt => ({
  number: 12,
  billId: 'bill_1',
  facts,
  jobId: 'job_12.1',
  papers: 1,
  copy,
  queuedAt: 0,
  paper,
});

it.each<[PaperStage, boolean]>([
  [{ name: 'queued', notBefore: 0 }, true],
  [{ name: 'printed', proof: 'process_id' }, true],
  [{ name: 'doubtful', problem: 'It was switched off.' }, true],
  [{ name: 'failed', problem: 'No receipt printer is configured.' }, false],
])('a receipt whose paper is $name says COPY: %s', (paper, copy) => {
  expect(receiptOnScreen(receipt(paper)).copy).toBe(copy);
});

it('a receipt whose earlier paper may have come out says COPY although its newest failed', () => {
  expect(receiptOnScreen(receipt({ name: 'failed', problem: 'It waited too long.' }, true)).copy).toBe(true);
});
