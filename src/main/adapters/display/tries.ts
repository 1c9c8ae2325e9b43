import { displayError } from './problems.ts';

/** Tries at anything before it is given up. */
const mostTries = 4;

interface Talk {
  readonly isClosed: boolean;
}

/** Does it again when the line has swallowed something. @throws DisplayError */
export async function tries<Value>(talk: Talk, signal: AbortSignal, attempt: () => Promise<Value>): Promise<Value> {
  for (let index = 1; ; index += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (index === mostTries || talk.isClosed) throw error;
      if (signal.aborted) throw displayError('display_given_up', error);
    }
  }
}
