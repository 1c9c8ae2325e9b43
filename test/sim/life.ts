import type { Mischief } from './mischief.ts';

/** Thrown where a killed process would have gone on: nothing that it does counts any more. */
export class Died extends Error {
  constructor() {
    super('The process was killed.');
  }
}

/** One life of the terminal's process, from its start to its end. */
export class Life {
  readonly #mischief: Mischief;
  readonly #likely: number;
  readonly #onDeath: () => void;
  alive = true;

  constructor(mischief: Mischief, likely: number, onDeath: () => void) {
    this.#mischief = mischief;
    this.#likely = likely;
    this.#onDeath = onDeath;
  }

  /** A place where a kill would hurt: whether it struck here (or the process is dead already). */
  mayDie(where: string): boolean {
    if (this.alive && this.#mischief.happens(`killed ${where}`, this.#likely)) this.die();
    return !this.alive;
  }

  /** As `mayDie`, for code that cannot go on. @throws Died */
  dieOrGoOn(where: string): void {
    if (this.mayDie(where)) throw new Died();
  }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#onDeath();
  }
}
