/** Ends what was started. Calling it again does nothing. */
export type Stop = () => void;

/** Time, injected everywhere so that tests and simulations own it (style.md 20). */
export interface Clock {
  /** Milliseconds since 1970. Never runs backwards while the process lives; corrected by the API's clock when known. */
  now(): number;
  /** Milliseconds from some fixed point; for durations. */
  monotonic(): number;
  /** Calls back once after that many milliseconds. */
  after(milliseconds: number, callback: () => void): Stop;
}
