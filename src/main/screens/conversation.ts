import { z } from 'zod';
import { refusal, upSchema, type Down, type ScreenSession, type Up } from '../../shared/contract.ts';

const busy = {
  ok: false,
  code: 'busy',
  message: 'The terminal is still working on earlier touches: wait a moment and try again.',
} as const;

/** Intents of one screen that may be under way at once: a person's fingers need two, a flood gets no further. */
export const mostIntentsUnderWay = 8;

/** One screen's side of the contract, whatever carries the messages. */
export interface Conversation {
  /**
   * Takes one message as it came and gives what is to be sent back. Never throws and never rejects. Undefined for
   * what is not a message at all, not even one with an id to answer to.
   */
  receive(message: unknown): Promise<Down | undefined>;
}

/** Parses what a screen sends, carries it out in its session, and bounds how much is under way. */
export function converse(session: ScreenSession): Conversation {
  let underWay = 0;

  async function bounded<Result>(work: () => Promise<Result>): Promise<Result | typeof busy> {
    if (underWay >= mostIntentsUnderWay) return busy;
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  }

  async function carryOut(up: Exclude<Up, { type: 'snapshot' }>): Promise<Down> {
    const { id, name, input } = up;
    if (up.type === 'admin') return { type: 'admin', id, reply: await bounded(() => session.admin(name, input)) };
    return { type: 'answer', id, answer: await bounded(() => session.intent(name, input)) };
  }

  return {
    async receive(message) {
      const parsed = upSchema.safeParse(message);
      if (!parsed.success) return refuse(message);
      const up = parsed.data;
      if (up.type === 'snapshot') return { type: 'snapshot', id: up.id, snapshot: session.snapshot() };
      return carryOut(up);
    },
  };
}

/** As much of a message as tells whom to answer, and what it meant to be. */
const addressedSchema = z.object({ id: z.int().min(0), type: z.unknown().optional(), name: z.unknown().optional() });

/** An answer for a message that does not parse, when it has an id to answer to. */
function refuse(message: unknown): Down | undefined {
  const parsed = addressedSchema.safeParse(message);
  if (!parsed.success) return undefined;
  const { id, type, name } = parsed.data;
  const named = type === 'intent' && typeof name === 'string';
  const answer = named
    ? refusal(
        'unknown_intent',
        'The terminal does not know this intent, or it came with parts that do not belong to it.',
      )
    : refusal('invalid', 'This is not a message that the terminal understands.');
  return { type: 'answer', id, answer };
}
