/**
 * What is taken to be left when the sensor first speaks, in millimetres of paper: a roll that has shrunk to 22 mm on a core
 * of 18 mm, of paper 0.065 mm thick. An assumption: the place of the sensor can be set on most printers, and papers differ.
 */
const leftAtNearEndMm = 1_900;
/** Receipts whose mean length tells how long the next ones will be. */
const countedReceipts = 20;
/** A short receipt with a code, while none was printed. */
const usualReceiptMm = 150;

/** Guesses how many receipts a roll is still good for, once its sensor says that it is nearly used up. */
export class Roll {
  #standing: 'unknown' | 'enough' | 'nearEnd' = 'unknown';
  /** Since the sensor spoke; null when it spoke before anybody listened. */
  #usedMm: number | null = null;
  readonly #lengths: number[] = [];

  /** What the sensor says now. Gives true when the roll has just become nearly used up. */
  sees(nearEnd: boolean): boolean {
    const before = this.#standing;
    this.#standing = nearEnd ? 'nearEnd' : 'enough';
    if (!nearEnd || before === 'nearEnd') return false;
    this.#usedMm = before === 'enough' ? 0 : null;
    return true;
  }

  /** So much paper went by for one receipt. */
  used(millimetres: number): void {
    this.#lengths.push(millimetres);
    if (this.#lengths.length > countedReceipts) this.#lengths.shift();
    if (this.#usedMm !== null) this.#usedMm += millimetres;
  }

  get isNearEnd(): boolean {
    return this.#standing === 'nearEnd';
  }

  /** A guess; null when nobody knows since when the sensor speaks. */
  receiptsLeft(): number | null {
    if (this.#usedMm === null) return null;
    const count = this.#lengths.length;
    const mean = count === 0 ? usualReceiptMm : this.#lengths.reduce((sum, length) => sum + length, 0) / count;
    return Math.max(0, Math.floor((leftAtNearEndMm - this.#usedMm) / mean));
  }
}
