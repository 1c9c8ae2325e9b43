import { WebSocket } from 'ws';
import type { TerminalReady } from '../../scripts/sandbox-configuration.ts';
import { downSchema, type Answer, type IntentInput, type IntentName } from '../../src/shared/contract.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';

const patienceMs = 10_000;

/** Staff at the terminal's own screen, over its WebSocket. */
export class StaffScreen {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #snapshot: Snapshot | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const down = downSchema.parse(JSON.parse(data.toString('utf8')));
      if (down.type === 'snapshot') this.#snapshot = down.snapshot;
      else if (down.type === 'answer') this.#waiting.get(down.id)?.(down.answer);
    });
    // A terminal that is killed takes its screens with it; whoever asks then waits in vain, and is told so.
    socket.on('error', () => undefined);
  }

  /** Opens a screen and unlocks it. @throws Error when the terminal is not there or the PIN is refused */
  static async open({ screenUrl }: TerminalReady, pin: string): Promise<StaffScreen> {
    const letIn = await fetch(screenUrl, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
    const cookie = letIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { origin } = new URL(screenUrl);
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/screen`, { headers: { cookie, origin } });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const screen = new StaffScreen(socket);
    const answer = await screen.ask('unlockStaff', { pin });
    if (!answer.ok) throw new Error(`Staff are not let in: ${answer.message}`);
    return screen;
  }

  /** What the screen shows now; undefined before the first snapshot. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Sends an intent. @throws Error when it is not answered */
  ask<Name extends IntentName>(name: Name, input: IntentInput<Name>): Promise<Answer> {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        this.#socket.off('close', lost);
        settle();
      };
      const lost = () => {
        end(() => {
          reject(new Error('The screen has lost its terminal.'));
        });
      };
      const timer = setTimeout(lost, patienceMs);
      this.#socket.once('close', lost);
      this.#waiting.set(id, (answer) => {
        end(() => {
          resolve(answer);
        });
      });
      this.#socket.send(JSON.stringify({ type: 'intent', id, name, input }));
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
