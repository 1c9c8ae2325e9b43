import { Double } from '../base.ts';
import type { CommonFaults, Glass, Timer } from '../types.ts';

/** What may go wrong with a box: it answers nothing but how loud it is. */
export interface LineBoxFaults extends CommonFaults {
  /** Bytes of a code that it keeps; the rest is lost. */
  readonly longestCode: number;
}

/** The firmware's line buffer, and the fields it looks at. */
const [lineBuffer, mostFields] = [409, 6];
const screens: Readonly<Record<string, (fields: readonly string[]) => Omit<Glass, 'lit'>>> = {
  WelcomeScreen: ([text = '']) => ({ code: null, lines: [text] }),
  DisplayQRCodeScreen: ([code = '', amount = '', payee = '']) => ({ code, lines: [payee, amount] }),
  DisplaySuccessQRCodeScreen: (fields) => ({ code: null, lines: fields }),
  DisplayFailQRCodeScreen: (fields) => ({ code: null, lines: fields }),
  DisplayCancelQRCodeScreen: (fields) => ({ code: null, lines: fields }),
  DisplayTotalScreen: (fields) => ({ code: null, lines: fields }),
};

/** A payment box that reads lines and parts them at every asterisk, as its public firmware does. */
export class LineBoxDouble extends Double<LineBoxFaults> {
  #held = '';
  #shown: Omit<Glass, 'lit'> = { code: null, lines: [] };
  #volume = '18';
  /** Its splash takes long. */
  protected override readonly startMs = 2_000;

  constructor({ timer }: { readonly timer: Timer }) {
    super(timer, { silent: false, slowMs: 0, longestCode: lineBuffer });
    this.restart();
  }

  glass(): Glass {
    if (this.isOff) return { lit: false, code: null, lines: [] };
    const { code, lines } = this.#shown;
    return { lit: true, code: code === '' ? null : code, lines: lines.filter((line) => line !== '' && line !== '-') };
  }

  protected restart(): void {
    this.#held = '';
    this.#shown = { code: null, lines: [] };
  }

  protected started(): void {
    this.#held = '';
  }

  protected take(bytes: Uint8Array): void {
    this.#held += Buffer.from(bytes).toString('latin1');
    for (let at = this.#held.indexOf('\n'); at >= 0; at = this.#held.indexOf('\n')) {
      const line = this.#held.slice(0, at);
      this.#held = this.#held.slice(at + 1);
      if (line === '') continue;
      this.inTurn(() => {
        this.#obey(line.slice(0, lineBuffer));
      });
    }
  }

  #obey(line: string): void {
    const [name = '', ...fields] = line
      .split(/\*+/)
      .filter((field) => field !== '')
      .slice(0, mostFields);
    const screen = screens[name];
    if (screen) {
      const { code, lines } = screen(fields);
      this.#shown = { code: code === null ? null : code.slice(0, this.faults().longestCode), lines };
    } else if (name === 'getvolume') this.send(Buffer.from(`Current Volume: ${this.#volume}\n`));
    else if (name === 'setvolume') this.#volume = fields[0] ?? this.#volume;
    else if (name !== 'startrotation' && name !== 'stoprotation')
      this.complain(`It does not know "${line.slice(0, 60)}".`);
  }
}
