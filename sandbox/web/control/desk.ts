/** What every part of the page shares: telling the person, and acting on the sandbox one thing at a time. */
import { byId, setText } from '../shared/dom.ts';
import { request } from '../shared/request.ts';

/** A request that changes something. */
interface Order {
  readonly method?: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

export interface Desk {
  /** Does something to the sandbox, says so or says why not, and brings the page up to date. */
  act(said: string, order: Order): Promise<void>;
  complain(error: unknown): void;
  /** Takes back a complaint that the sandbox did not answer. */
  answered(): void;
}

/** `refresh` is called after each act. */
export function createDesk(refresh: () => Promise<void>): Desk {
  const problem = byId('problem', HTMLElement);
  const notice = byId('notice', HTMLElement);
  const complain = (error: unknown): void => {
    problem.hidden = false;
    setText(problem, error instanceof Error ? error.message : String(error));
  };
  return {
    complain,
    answered() {
      problem.hidden = true;
    },
    async act(said, { method = 'POST', path, body }) {
      try {
        await request(method, path, body);
        notice.hidden = false;
        setText(notice, said);
        await refresh();
      } catch (error) {
        complain(error);
      }
    },
  };
}
