/**
 * A printer without its connector: any duplex stream can be plugged in.
 *
 *   stream ── bytes ──▶ parser ──▶ real-time commands ─────────────▶ answer at once
 *                          └─────▶ queue ─▶ paper, at its speed ─▶ answer in turn, sheet at each cut
 *
 * The queue halts while the printer is offline, and a stream is no longer read when too much waits in it.
 */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { chanceFrom } from '../world/chance.ts';
import { loadCodePages } from './code-pages.ts';
import { loadFonts } from './font.ts';
import type { Sheet } from './desk.ts';
import { changeOf } from './mishap.ts';
import { createReader } from './reading.ts';
import { createPaper, type Paper } from './paper.ts';
import { hex } from './parser.ts';
import { createSession, forget, type Plug, type Session } from './session.ts';
import { answerInTurn, automaticStatus, concerns, isOffline, realTimeStatus, symbolSizeAnswer } from './status.ts';
import {
  type Command,
  HEALTHY,
  type MishapName,
  type PrinterDesk,
  type PrinterState,
  type ReceiptRecord,
  type Stop,
} from './types.ts';

/** Bytes that may wait before the printer stops reading, as small printers have. */
const RECEIVE_BUFFER = 4_096;
const DOTS_PER_MILLIMETRE = 8;
/** Paper movement is waited for in steps of this many dots: two millimetres. */
const STEP = 16;
/** A printer that reads slowly takes a piece this often, in milliseconds. */
const READ_EVERY_MS = 10;

interface EngineOptions {
  /** Whose numbers of code pages it has; Epson's when left out. */
  readonly maker?: string;
  readonly state?: Partial<PrinterState>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Engine extends PrinterDesk {
  /**
   * Plugs a stream in. `cut` is how the connector breaks the connection; for a line nothing, or a moment's unplugging.
   * The stop ends the stream at once.
   */
  attach(stream: Duplex, cut: Session['cut'], plug?: Plug): Stop;
  setState(change: Partial<PrinterState>): void;
  /** Lets that happen now. */
  suffer(what: MishapName): void;
  /** Ends every stream and stops printing. Idempotent. */
  stop(): void;
}

interface Job {
  readonly session: Session;
  readonly command: Command;
}

const IN_TURN: ReadonlySet<string> = new Set(['GS r', 'GS I', 'GS a', 'GS ( H']);
const MUST_SETTLE: ReadonlySet<string> = new Set([...IN_TURN, 'GS V', 'ESC i', 'ESC m']);

const isNothing = ({ name, bytes }: Command): boolean => name === 'unknown' && bytes.length === 1 && bytes[0] === 0;
const isStatusQuestion = (bytes: Buffer): boolean => bytes.length === 3 && bytes[0] === 0x10 && bytes[1] === 0x04;

class PrinterEngine implements Engine {
  readonly #paper: Paper;
  readonly #now: () => number;
  readonly #chance = chanceFrom(1);
  readonly #sessions = new Set<Session>();
  readonly #events = new EventEmitter<{ receipt: [ReceiptRecord] }>();
  #state: PrinterState;
  #queue: Job[] = [];
  #receipts: ReceiptRecord[] = [];
  #problems: string[] = [];
  #cuts = 0;
  #printing = false;
  #stopped = false;
  #starting: NodeJS.Timeout | undefined;
  /** Grows with each loss of power: what was begun before it is not finished after it. */
  #life = 0;
  /** Dots of movement not yet waited for. */
  #owed = 0;
  /** Ends the wait for moving paper. */
  #wake: Stop | undefined;
  /** Ends the wait for a printer that was stopped within a command. */
  #goOn: Stop | undefined;

  constructor(options: EngineOptions) {
    this.#state = { ...HEALTHY, ...options.state };
    this.#now = options.now ?? Date.now;
    const fonts = loadFonts();
    this.#paper = createPaper({
      fonts,
      codePages: loadCodePages(options.maker),
      reader: createReader(fonts),
      report: (sentence) => this.#problems.push(sentence),
    });
  }

  receipts(): readonly ReceiptRecord[] {
    return [...this.#receipts];
  }

  problems(): readonly string[] {
    return [...this.#problems];
  }

  state(): PrinterState {
    return this.#state;
  }

  onReceipt(callback: (receipt: ReceiptRecord) => void): Stop {
    this.#events.on('receipt', callback);
    return () => this.#events.off('receipt', callback);
  }

  clear(): void {
    this.#receipts = [];
    this.#problems = [];
    this.#cuts = 0;
  }

  powerCycle(): void {
    this.#life += 1;
    this.#queue = [];
    this.#owed = 0;
    this.#paper.powerCycle();
    for (const session of [...this.#sessions]) {
      forget(session);
      if (session.plug === 'connection') this.#drop(session);
    }
    clearTimeout(this.#starting);
    this.#starting = undefined;
    if (this.#state.startMs > 0 && !this.#stopped) {
      this.#starting = setTimeout(() => {
        this.#starting = undefined;
        this.#goOn?.();
        void this.#print();
      }, this.#state.startMs);
    }
    this.#wake?.();
    this.#goOn?.();
  }

  attach(stream: Duplex, cut: Session['cut'], plug: Plug = 'connection'): Stop {
    const session = createSession(stream, cut, plug);
    this.#sessions.add(session);
    stream.on('data', (bytes: Buffer) => {
      this.#receive(session, bytes);
    });
    stream.on('end', () => {
      session.finishing = true;
      this.#look(session);
    });
    stream.on('error', () => undefined); // its 'close' follows and says all that matters here
    stream.on('close', () => {
      clearTimeout(session.timer);
      if (!session.closed) this.#end(session);
      this.#sessions.delete(session);
    });
    if (this.#starting !== undefined && plug === 'connection') this.#drop(session);
    else this.#steer(session);
    return () => {
      this.#drop(session);
    };
  }

  setState(change: Partial<PrinterState>): void {
    const before = automaticStatus(this.#state);
    const wasHalfOpen = this.#state.halfOpen;
    this.#state = { ...this.#state, ...change };
    const after = automaticStatus(this.#state);
    for (const session of [...this.#sessions]) {
      if (this.#state.halfOpen !== wasHalfOpen) this.#lose(session, this.#state.halfOpen);
      if (concerns(session.automatic, before, after)) this.#answer(session, after);
      this.#look(session);
    }
    if (!this.#halted) this.#goOn?.();
    void this.#print();
  }

  suffer(what: MishapName): void {
    if (what === 'power-cycle') this.powerCycle();
    else if (what === 'reset' || what === 'end') {
      for (const session of [...this.#sessions]) this.#drop(session, what);
    } else this.setState(changeOf(what));
  }

  stop(): void {
    this.#stopped = true;
    this.powerCycle();
    for (const session of [...this.#sessions]) this.#drop(session);
    this.#events.removeAllListeners();
  }

  get #halted(): boolean {
    return isOffline(this.#state) || this.#starting !== undefined;
  }

  /** Breaks one session off; what it had begun to say is forgotten without blame. */
  #drop(session: Session, how: 'reset' | 'end' = 'reset'): void {
    session.closed = true;
    clearTimeout(session.timer);
    this.#sessions.delete(session);
    session.cut(how);
  }

  /** The printer has forgotten it, or (a line) finds it again. */
  #lose(session: Session, lost: boolean): void {
    if (!lost && session.plug === 'connection') return;
    session.lost = lost;
    const { queued } = session;
    forget(session);
    session.queued = queued;
    if (lost) session.cut('forget');
  }

  #end(session: Session): void {
    if (session.ended) return;
    session.ended = true;
    const unfinished = session.lost ? undefined : session.parser.end();
    if (unfinished !== undefined) this.#problems.push(unfinished);
    this.#farewell(session);
  }

  /** Closes our half once everything of that session is printed, or cannot be for now. */
  #farewell(session: Session): void {
    if (!session.ended || session.closed || session.lost) return;
    if (session.queued > 0 && !this.#halted) return;
    session.stream.end();
  }

  #receive(session: Session, bytes: Buffer): void {
    if (session.lost || session.closed || this.#starting !== undefined) return;
    session.inbox = Buffer.concat([session.inbox, bytes]);
    this.#look(session);
  }

  /** Takes from the inbox what the printer would take now. */
  #look(session: Session): void {
    while (session.inbox.length > 0 && this.#reads(session) && session.timer === undefined) {
      const { bytesPerSecond } = this.#state;
      const most =
        bytesPerSecond === 'unlimited'
          ? RECEIVE_BUFFER - session.queued
          : Math.ceil((bytesPerSecond * READ_EVERY_MS) / 1_000);
      const taken = session.inbox.subarray(0, Math.min(most, this.#untilMishap()));
      session.inbox = session.inbox.subarray(taken.length);
      this.#understand(session, taken);
      this.#passed('bytes', taken.length);
      if (bytesPerSecond !== 'unlimited') this.#readLater(session);
    }
    if (session.finishing && session.inbox.length === 0 && !session.closed) this.#end(session);
    this.#steer(session);
    void this.#print();
  }

  #readLater(session: Session): void {
    if (session.closed || session.lost) return;
    session.timer = setTimeout(() => {
      session.timer = undefined;
      this.#look(session);
    }, READ_EVERY_MS);
  }

  #understand(session: Session, bytes: Buffer): void {
    if (isStatusQuestion(bytes) && session.parser.pending() > 0) {
      // Real printers hear it all the same, and take it for data as well.
      this.#problems.push('DLE EOT came inside the data of another command, and became a part of it.');
      this.#answerRealTime(session, bytes[2] ?? 0, bytes);
    }
    for (const command of session.parser.push(bytes)) this.#take(session, command);
  }

  /** Bytes that it may take before something is to happen. */
  #untilMishap(): number {
    const { mishap, resetAfterBytes } = this.#state;
    const until = mishap?.unit === 'bytes' ? mishap.after : Infinity;
    return Math.max(1, Math.min(until, resetAfterBytes ?? Infinity));
  }

  /** That many bytes have come, or dots gone by; what was to happen then happens. */
  #passed(unit: 'bytes' | 'dots', count: number): void {
    const { mishap, resetAfterBytes } = this.#state;
    if (unit === 'bytes' && resetAfterBytes !== null) {
      const left = resetAfterBytes - count;
      this.#state = { ...this.#state, resetAfterBytes: left > 0 ? left : null };
      if (left <= 0) this.suffer('reset');
    }
    if (mishap?.unit !== unit) return;
    const after = mishap.after - count;
    this.#state = { ...this.#state, mishap: after > 0 ? { ...mishap, after } : null };
    if (after <= 0) this.suffer(mishap.what);
  }

  #take(session: Session, command: Command): void {
    if (isNothing(command)) return;
    if (command.name === 'DLE EOT') {
      this.#answerRealTime(session, command.parameters[0] ?? 0, command.bytes);
      return;
    }
    if (command.name === 'DLE ENQ' && command.parameters[0] === 2) this.#forget();
    session.queued += command.bytes.length;
    this.#queue.push({ session, command });
  }

  #answerRealTime(session: Session, kind: number, bytes: Uint8Array): void {
    const status = realTimeStatus(this.#state, kind);
    if (status === undefined) this.#problems.push(`DLE EOT asks for nothing known (${hex(bytes)}).`);
    else this.#answer(session, Buffer.of(status));
  }

  /** `DLE ENQ 2` recovers from an error by clearing the buffers: what waited is never printed. */
  #forget(): void {
    this.#queue = [];
    for (const session of this.#sessions) session.queued = 0;
  }

  #reads(session: Session): boolean {
    if (session.closed || session.lost || this.#state.stalled) return false;
    return session.queued + (isOffline(this.#state) ? session.parser.pending() : 0) < RECEIVE_BUFFER;
  }

  /** Lets the stream flow, or not. */
  #steer(session: Session): void {
    if (session.closed) return;
    if (session.lost || (this.#reads(session) && session.inbox.length < RECEIVE_BUFFER)) session.stream.resume();
    else session.stream.pause();
  }

  #answer(session: Session, bytes: Buffer): void {
    if (this.#state.silent || session.closed || session.lost || !session.stream.writable) return;
    session.stream.write(this.#state.garbage ? bytes.map(() => Math.floor(this.#chance() * 256)) : bytes);
  }

  async #print(): Promise<void> {
    if (this.#printing) return;
    this.#printing = true;
    try {
      while (this.#queue.length > 0 && !this.#halted && !this.#stopped) {
        const next = this.#queue[0];
        if (next !== undefined && MUST_SETTLE.has(next.command.name) && this.#owed > 0) await this.#settle();
        else await this.#printNext();
      }
    } finally {
      this.#printing = false;
    }
    for (const session of this.#sessions) this.#farewell(session);
  }

  async #printNext(): Promise<void> {
    const job = this.#queue.shift();
    if (job === undefined) return;
    const { session, command } = job;
    session.queued -= command.bytes.length;
    if (IN_TURN.has(command.name)) this.#answerInTurn(session, command);
    else await this.#move(session, command);
    this.#look(session);
  }

  async #move(session: Session, command: Command): Promise<void> {
    const life = this.#life;
    const { dots, sheet, symbolDots } = this.#paper.apply(command);
    this.#owed += dots;
    if (command.name === 'ESC @') session.automatic = 0;
    if (symbolDots !== undefined) this.#answer(session, symbolSizeAnswer(symbolDots));
    if (this.#owed >= STEP || sheet !== undefined) await this.#settle();
    // It may have stopped just before the cutter.
    while (sheet !== undefined && this.#halted && life === this.#life) await this.#change();
    if (sheet !== undefined && life === this.#life) this.#record(sheet);
  }

  #answerInTurn(session: Session, command: Command): void {
    const first = command.parameters[0] ?? 0;
    if (command.name === 'GS a') {
      session.automatic = first;
      if (first !== 0) this.#answer(session, automaticStatus(this.#state));
      return;
    }
    const answer = answerInTurn(this.#state, command);
    if (answer === undefined) this.#problems.push(`${command.name} asks for nothing known (${hex(command.bytes)}).`);
    else this.#answer(session, answer);
  }

  /** Waits until the paper has moved as far as was asked. */
  async #settle(): Promise<void> {
    const { speed } = this.#state;
    const dots = this.#owed;
    this.#owed = 0;
    if (dots > 0 && speed !== 'instant') await this.#pause(((dots / DOTS_PER_MILLIMETRE) * 1_000) / speed);
    if (dots > 0) this.#passed('dots', dots);
  }

  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** Waits until it may print again, or has lost its power. */
  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    this.#goOn = undefined;
  }

  #record(sheet: Sheet): void {
    if (this.#stopped) return;
    const { text, qr, commands, bytes } = sheet;
    const record = { index: this.#cuts, at: this.#now(), text, qr, png: sheet.png(), commands, bytes };
    this.#cuts += 1;
    this.#receipts.push(record);
    this.#events.emit('receipt', record);
  }
}

/** A printer with paper in it and nothing plugged in. */
export function createEngine(options: EngineOptions = {}): Engine {
  return new PrinterEngine(options);
}
