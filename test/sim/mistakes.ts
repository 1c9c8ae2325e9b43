/** A mistake that was made on purpose: what in the terminal's code becomes what, and which invariants it must break. */
export interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  /** What the wrong code needs at the beginning of the file. */
  readonly besides?: string;
  readonly invariants: readonly number[];
}

/** Each was a way to lose somebody's money in a product of this kind. */
export const mistakes: readonly Mistake[] = [
  {
    name: 'confirms without comparing',
    file: 'src/main/core/bill/reads.ts',
    right: 'if (!asksExactly(offer, transaction)) return differs(turn, offer, transaction);',
    wrong: '',
    invariants: [1, 2],
  },
  {
    name: 'prints before the journal has it',
    file: 'src/main/terminal/loop.ts',
    right: '    const notices = this.#options.journal.commit({',
    wrong:
      "    const papers = decision.effects.filter((effect) => effect.type === 'print');\n" +
      '    this.#options.onEffects(papers);\n' +
      '    const notices = this.#options.journal.commit({',
    invariants: [4],
  },
  {
    name: 'sends again after a timeout',
    file: 'src/main/core/bill/calls.ts',
    right: "  if (failure.retry === 'unknown') {\n    turn.stage(offer, { name: 'searching', since: turn.revision });",
    wrong: "  if (failure.retry === 'unknown') {\n    turn.stage(offer, { name: 'createLater', notBefore: turn.at });",
    invariants: [2],
  },
  {
    name: 'prints a doubtful paper again without a mark',
    file: 'src/main/core/receipt/printing.ts',
    right: '    doubtful(turn, receipt, result.problem);\n  }\n}',
    wrong:
      "    stage(turn, receipt, { name: 'queued', notBefore: turn.at + turn.state.settings.printRetryEveryMs });\n  }\n}",
    invariants: [4],
  },
  {
    name: 'forgets the old transaction after an edit',
    file: 'src/main/core/bill/retire.ts',
    right: "  if (released.stage.name === 'superseded') revoke(turn, released);",
    wrong: "  if (released.stage.name === 'superseded') turn.stage(released, { name: 'settled' });",
    invariants: [2, 3, 6],
  },
  {
    name: 'takes the answer to a confirmation for the payment',
    file: 'src/main/core/bill/calls.ts',
    right: "  turn.stage(offer, { name: 'readingBack', since: turn.revision }, { failures: offer.failures });",
    wrong:
      "  turn.stage(offer, { name: 'confirmed' });\n" +
      '  const bill = turn.bill(billId);\n' +
      "  if (bill) billPaid(turn, bill, 'wallet', offer.key);",
    besides: "import { billPaid } from './outcome.ts';\n",
    invariants: [2],
  },
];
