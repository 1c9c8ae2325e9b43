/** Ends what was started. Calling it again does nothing. */
export type Stop = () => void;

/** Time for doubles: the machine's, or a test's own. */
export interface Timer {
  /** Milliseconds from some fixed point. */
  monotonic(): number;
  /** Calls back once after that many milliseconds. */
  after(milliseconds: number, callback: () => void): Stop;
}

/** What a person sees on the glass. */
export interface Glass {
  /** False while it is dark: switched off, asleep, starting. */
  readonly lit: boolean;
  /** What the QR code on it says when it is scanned; null when there is none. */
  readonly code: string | null;
  /** Its lines of text, from the top; empty ones are left out. */
  readonly lines: readonly string[];
}

/** Faults that every double knows; each has more of its own. */
export interface CommonFaults {
  /** Obeys, but says nothing. */
  readonly silent: boolean;
  /** Takes this long for each command, milliseconds. */
  readonly slowMs: number;
}

/** A display that is not there: behaves like the device, mistakes included, and tells what was wrong with what it was told. */
export interface DisplayDouble<Faults extends object = object> {
  /** What comes down the cable. */
  receive(bytes: Uint8Array): void;
  /** Calls back with what it says. */
  onSend(callback: (bytes: Uint8Array) => void): Stop;
  /** Calls back whenever the glass may have changed. */
  onChange(callback: () => void): Stop;
  glass(): Glass;
  /** The glass as a picture. */
  png(): Buffer;
  /** Sentences about bytes that a real display would not have understood. Empty is right. */
  problems(): readonly string[];
  faults(): Faults;
  setFaults(change: Partial<Faults>): void;
  /** Off and on again, as after a dip of its supply: it forgets what it showed. */
  powerCycle(): void;
  stop(): void;
}
