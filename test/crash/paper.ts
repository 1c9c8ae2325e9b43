import { receiptTexts } from '../../src/main/core/receipt/texts.ts';

const { copy, receipt, terminal, thanks } = receiptTexts.en;

/** One receipt as it stands on paper, perhaps cut off where a printer or a terminal went away. */
export interface Printed {
  readonly number: number;
  /** Whether COPY stands on top of it. */
  readonly marked: boolean;
  /** Whether it is there to its last line. */
  readonly whole: boolean;
}

/**
 * The receipts of one terminal on these papers, in order. What is left of a receipt that was cut off stays on the roll, so
 * that one paper may hold several.
 * @param heading the first line that the terminal prints on each, below the mark
 */
export function receiptsOn(papers: readonly string[], { heading, name }: { heading: string; name: string }): Printed[] {
  return papers.flatMap((text) => {
    const lines = text.split('\n').map((line) => line.trim());
    const tops = lines.flatMap((line, index) => (line === heading ? [index] : []));
    return tops.flatMap((top, index) => {
      const part = lines.slice(top, tops[index + 1]);
      const number = part.map((line) => new RegExp(`^${receipt}\\s*(\\d+)$`).exec(line)?.[1]).find(Boolean);
      // A piece without a number or a name tells of no receipt; one with another name is of an earlier run.
      if (number === undefined || !part.some((line) => new RegExp(`^${terminal}\\s*${name}$`).test(line))) return [];
      return [{ number: Number(number), marked: lines[top - 1] === copy, whole: part.includes(thanks) }];
    });
  });
}
