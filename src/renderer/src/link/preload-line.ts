import { adminReplySchema, type AdminReply } from '../../../shared/admin.ts';
import { downSchema, type Answer, type TerminalBridge } from '../../../shared/contract.ts';
import { snapshotSchema, type Snapshot } from '../../../shared/snapshot.ts';
import { adminVerbs, verbs, type AdminVerb, type Verb } from '../../../shared/verbs.ts';
import { deadlines, within } from './deadlines.ts';
import { LinkError } from './link-error.ts';
import { Listeners } from './listeners.ts';
import { Presence } from './presence.ts';

/** Main over the preload's bridge: the line cannot break, but main may hang. */
export class PreloadLine {
  readonly snapshots = new Listeners<[Snapshot]>();
  readonly lines = new Listeners<[]>();
  readonly gone = new Listeners<[]>();
  readonly #main: TerminalBridge;
  readonly #presence: Presence;

  constructor(main: TerminalBridge) {
    this.#main = main;
    this.#presence = new Presence({
      ask: () => this.snapshot(),
      mute: () => undefined,
      gone: () => {
        this.gone.tell();
      },
    });
  }

  start(): void {
    this.#presence.watch();
    this.#main.onSnapshot((snapshot) => {
      this.#heard(snapshotSchema.safeParse(snapshot).data);
    });
  }

  /** @throws LinkError */
  async snapshot(): Promise<Snapshot> {
    const snapshot = snapshotSchema.parse(await within(deadlines.answer, this.#main.snapshot()));
    this.#heard(snapshot);
    return snapshot;
  }

  /** @throws LinkError */
  async intent(name: Verb, input: unknown): Promise<Answer> {
    const send = this.#main[name] as (input: unknown) => Promise<Answer>;
    const down = downSchema.safeParse({ type: 'answer', id: 0, answer: await within(deadlines.answer, send(input)) });
    if (!down.success || down.data.type !== 'answer') throw new LinkError('unanswered');
    return down.data.answer;
  }

  /** @throws LinkError */
  async admin(name: AdminVerb, input: unknown): Promise<AdminReply> {
    const reply = adminReplySchema.safeParse(await within(deadlines.admin, this.#main.admin[name](input)));
    if (!reply.success) throw new LinkError('unanswered');
    return reply.data;
  }

  #heard(snapshot: Snapshot | undefined): void {
    if (!snapshot) return;
    this.#presence.heard();
    this.snapshots.tell(snapshot);
  }
}

/** The verbs of the contract, each sent by the given function. */
export function verbsBy(send: (name: Verb, input: unknown) => Promise<Answer>): Pick<TerminalBridge, Verb> {
  // Object.fromEntries forgets which name leads to which input; `verbs` and the mapped type hold the same names.
  return Object.fromEntries(verbs.map((name) => [name, (input: unknown) => send(name, input)])) as unknown as Pick<
    TerminalBridge,
    Verb
  >;
}

/** What the admin screen asks, each sent by the given function. */
export function adminBy(send: (name: AdminVerb, input: unknown) => Promise<AdminReply>): TerminalBridge['admin'] {
  const asks: Partial<Record<AdminVerb, (input: unknown) => Promise<AdminReply>>> = {};
  for (const name of adminVerbs) asks[name] = (input) => send(name, input);
  return asks as TerminalBridge['admin'];
}
