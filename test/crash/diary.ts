/** What was done in a run, in order, with the time since it began. */
export class Diary {
  readonly #begun = performance.now();
  readonly #lines: string[] = [];

  note(line: string): void {
    const milliseconds = Math.round(performance.now() - this.#begun);
    this.#lines.push(`${String(milliseconds).padStart(6)} ms  ${line}`);
  }

  /** One line each. */
  text(): string {
    return this.#lines.join('\n');
  }

  get milliseconds(): number {
    return performance.now() - this.#begun;
  }
}
