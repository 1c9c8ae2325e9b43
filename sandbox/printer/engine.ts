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
import { loadCodePages } from './code-pages.ts';
import { loadFonts } from './font.ts';
import type { Sheet } from './desk.ts';
import { createReader } from './reading.ts';
import { createPaper, type Paper } from './paper.ts';
import { createParser, hex, type Parser } from './parser.ts';
import { answerInTurn, automaticStatus, concerns, isOffline, realTimeStatus, symbolSizeAnswer } from './status.ts';
import { type Command, HEALTHY, type PrinterDesk, type PrinterState, type ReceiptRecord, type Stop } from './types.ts';

/** Bytes that may wait before the printer stops reading, as small printers have. */
const RECEIVE_BUFFER = 4_096;
const DOTS_PER_MILLIMETRE = 8;
/** Paper movement is waited for in steps of this many dots: two millimetres. */
const STEP = 16;

interface EngineOptions {
  /** Whose numbers of code pages it has; Epson's when left out. */
  readonly maker?: string;
  readonly state?: Partial<PrinterState>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Engine extends PrinterDesk {
  /**
   * Plugs a stream in. `cut` is how the connector breaks the connection rudely (a reset on TCP).
   * The stop ends the stream at once.
   */
  attach(stream: Duplex, cut: () => void): Stop;
  setState(change: Partial<PrinterState>): void;
  /** Ends every stream and stops printing. Idempotent. */
  stop(): void;
}

interface Session {
  readonly stream: Duplex;
  readonly cut: () => void;
  readonly parser: Parser;
  /** `GS a` mask; 0 is off. */
  automatic: number;
  /** Bytes of its commands that wait in the queue. */
  queued: number;
  ended: boolean;
  closed: boolean;
}

interface Job {
  readonly session: Session;
  readonly command: Command;
}

const IN_TURN: ReadonlySet<string> = new Set(['GS r', 'GS I', 'GS a', 'GS ( H']);
const MUST_SETTLE: ReadonlySet<string> = new Set([...IN_TURN, 'GS V', 'ESC i', 'ESC m']);

class PrinterEngine implements Engine {
  readonly #paper: Paper;
  readonly #now: () => number;
  readonly #sessions = new Set<Session>();
  readonly #events = new EventEmitter<{ receipt: [ReceiptRecord] }>();
  #state: PrinterState;
  #queue: Job[] = [];
  #receipts: ReceiptRecord[] = [];
  #problems: string[] = [];
  #cuts = 0;
  #printing = false;
  #stopped = false;
  /** Dots of movement not yet waited for. */
  #owed = 0;
  #wake: Stop | undefined;

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
    this.#queue = [];
    this.#owed = 0;
    this.#paper.powerCycle();
    for (const session of [...this.#sessions]) this.#drop(session);
  }

  attach(stream: Duplex, cut: () => void): Stop {
    const parser = createParser();
    const session: Session = { stream, cut, parser, automatic: 0, queued: 0, ended: false, closed: false };
    this.#sessions.add(session);
    stream.on('data', (bytes: Buffer) => {
      this.#receive(session, bytes);
    });
    stream.on('end', () => {
      this.#end(session);
    });
    stream.on('error', () => undefined); // its 'close' follows and says all that matters here
    stream.on('close', () => {
      if (!session.closed) this.#end(session);
      this.#sessions.delete(session);
    });
    this.#steer(session);
    return () => {
      this.#drop(session);
    };
  }

  setState(change: Partial<PrinterState>): void {
    const before = automaticStatus(this.#state);
    this.#state = { ...this.#state, ...change };
    const after = automaticStatus(this.#state);
    for (const session of this.#sessions) {
      if (concerns(session.automatic, before, after)) this.#answer(session, after);
      this.#steer(session);
    }
    void this.#print();
  }

  stop(): void {
    this.#stopped = true;
    this.powerCycle();
    this.#wake?.();
    this.#events.removeAllListeners();
  }

  /** Breaks one session off; what it had begun to say is forgotten without blame. */
  #drop(session: Session): void {
    session.closed = true;
    this.#sessions.delete(session);
    session.cut();
  }

  #end(session: Session): void {
    if (session.ended) return;
    session.ended = true;
    const unfinished = session.parser.end();
    if (unfinished !== undefined) this.#problems.push(unfinished);
    this.#farewell(session);
  }

  /** Closes our half once everything of that session is printed, or cannot be for now. */
  #farewell(session: Session): void {
    if (!session.ended || session.closed) return;
    if (session.queued > 0 && !isOffline(this.#state)) return;
    session.stream.end();
  }

  #receive(session: Session, bytes: Buffer): void {
    const limit = this.#state.resetAfterBytes;
    const taken = limit === null ? bytes : bytes.subarray(0, limit);
    for (const command of session.parser.push(taken)) this.#take(session, command);
    if (limit !== null) {
      const left = limit - taken.length;
      this.#state = { ...this.#state, resetAfterBytes: left > 0 ? left : null };
      if (left <= 0) this.#drop(session);
    }
    this.#steer(session);
    void this.#print();
  }

  #take(session: Session, command: Command): void {
    if (command.name === 'DLE EOT') {
      const status = realTimeStatus(this.#state, command.parameters[0] ?? 0);
      if (status === undefined) this.#problems.push(`DLE EOT asks for nothing known (${hex(command.bytes)}).`);
      else this.#answer(session, Buffer.of(status));
      return;
    }
    if (command.name === 'DLE ENQ' && command.parameters[0] === 2) this.#forget();
    session.queued += command.bytes.length;
    this.#queue.push({ session, command });
  }

  /** `DLE ENQ 2` recovers from an error by clearing the buffers: what waited is never printed. */
  #forget(): void {
    this.#queue = [];
    for (const session of this.#sessions) session.queued = 0;
  }

  /** Lets the stream flow, or not. */
  #steer(session: Session): void {
    if (session.closed) return;
    const waiting = session.queued + (isOffline(this.#state) ? session.parser.pending() : 0);
    if (this.#state.stalled || waiting >= RECEIVE_BUFFER) session.stream.pause();
    else session.stream.resume();
  }

  #answer(session: Session, bytes: Buffer): void {
    if (this.#state.silent || session.closed || !session.stream.writable) return;
    session.stream.write(bytes);
  }

  async #print(): Promise<void> {
    if (this.#printing) return;
    this.#printing = true;
    try {
      while (this.#queue.length > 0 && !isOffline(this.#state) && !this.#stopped) {
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
    this.#steer(session);
  }

  async #move(session: Session, command: Command): Promise<void> {
    const { dots, sheet, symbolDots } = this.#paper.apply(command);
    this.#owed += dots;
    if (command.name === 'ESC @') session.automatic = 0;
    if (symbolDots !== undefined) this.#answer(session, symbolSizeAnswer(symbolDots));
    if (this.#owed >= STEP || sheet !== undefined) await this.#settle();
    if (sheet !== undefined) this.#record(sheet);
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
    if (speed === 'instant' || dots === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ((dots / DOTS_PER_MILLIMETRE) * 1_000) / speed);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
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
