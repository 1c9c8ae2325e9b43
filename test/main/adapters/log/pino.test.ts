import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel } from '../../../../src/main/adapters/log/pino.ts';
import { redacted } from '../../../../src/shared/ids.ts';

function keeping(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, destination: { write: (line) => void lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
}

describe('a line of the log', () => {
  it('is one JSON object with time, level, sentence and fields', () => {
    const { log, lines, last } = keeping();
    log.info('The spot was closed.', { spotId: 4711 });
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      spotId: 4711,
      msg: 'The spot was closed.',
    });
  });

  it('is written only from its level on', () => {
    const { log, lines } = keeping('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['c', 'd']);
    expect(keeping('silent').lines).toEqual([]);
  });

  it('stays one line whatever is in it', () => {
    const { log, lines, last } = keeping();
    log.warn('Two\nlines', { text: 'a\r\nb\u2028' });
    expect(lines[0]?.trimEnd()).not.toMatch(/[\r\n]/);
    expect(last()['text']).toBe('a\r\nb\u2028');
  });

  it('keeps its own names', () => {
    const { log, last } = keeping();
    log.info('Sentence.', { msg: 'x', level: 'y', time: 1 });
    expect(last()).toMatchObject({ msg: 'Sentence.', level: 'info', msg_: 'x', level_: 'y', time_: 1 });
  });

  it('shows an error with its causes', () => {
    const { log, last } = keeping();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', authorization: 'MAC id="x"' });
    log.error('Failed.', { error: new Error('outer', { cause }) });
    expect(last()['error']).toMatchObject({
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('outer') as string,
      cause: { message: 'refused', code: 'ECONNREFUSED', authorization: '[redacted]' },
    });
  });

  it('survives circles, depth, bytes and big numbers', () => {
    const { log, last } = keeping();
    const circle: Record<string, unknown> = {
      big: 10n,
      bytes: new Uint8Array(3),
      at: new URL('http://x/'),
      on: new Date(0),
    };
    circle['self'] = circle;
    log.info('Odd.', { circle, nothing: undefined, none: null });
    expect(last()).toMatchObject({
      circle: { big: '10', bytes: '[3 bytes]', at: 'http://x/', on: '1970-01-01T00:00:00.000Z' },
      none: null,
    });
  });
});

describe('secrets', () => {
  it.each([
    'key',
    'macKey',
    'mac_key',
    'MAC-KEY',
    'tillToken',
    'access_token',
    'tokens',
    'pin',
    'PIN',
    'staffPin',
    'secret',
    'clientSecret',
    'password',
    'authorization',
    'Authorization',
    'mac',
    'Cookie',
  ])('%s is hidden, at the top, deep inside and in lists', (name) => {
    const { log, lines, last } = keeping();
    log.info('x', { [name]: 'S3CRET', deep: { list: [{ [name]: ['S3CRET'] }] } });
    expect(lines.join('')).not.toContain('S3CRET');
    expect(last()).toMatchObject({ [name]: '[redacted]', deep: { list: [{ [name]: '[redacted]' }] } });
  });

  it.each(['macId', 'keyFile', 'pinLockedUntil', 'spinning', 'monkey', 'code'])('%s is no secret', (name) => {
    const { log, last } = keeping();
    log.info('x', { [name]: 'shown' });
    expect(last()[name]).toBe('shown');
  });

  it('what was shortened already stays readable; nothing stays nothing', () => {
    const { log, last } = keeping();
    log.info('x', { transactionKey: redacted('Qm4xT0aZr7LkW2vN'), tillToken: null });
    expect(last()).toMatchObject({ transactionKey: '…W2vN', tillToken: null });
  });
});

describe('without a destination', () => {
  it('lines go to standard error at once, nothing to standard output', () => {
    const module = fileURLToPath(new URL('../../../../src/main/adapters/log/pino.ts', import.meta.url));
    const script = `
      import { createLog } from ${JSON.stringify(module)};
      createLog({ level: 'info' }).info('Last words.');
      process.kill(process.pid, 'SIGKILL');`;
    let shown: { stdout: string; stderr: string } | undefined;
    try {
      execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      shown = error as { stdout: string; stderr: string };
    }
    expect(shown?.stdout).toBe('');
    expect(shown?.stderr).toContain('"msg":"Last words."');
  });
});
