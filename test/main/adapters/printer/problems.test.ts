import { describe, expect, it } from 'vitest';
import {
  printerProblem,
  problemOfLine,
  problemOfStatus,
  type RealTimeStatus,
} from '../../../../src/main/adapters/printer/problems.ts';
import { TransportError, type TransportErrorCode } from '../../../../src/main/adapters/transport/transport.ts';

const healthy: RealTimeStatus = { printer: 0x12, cause: 0x12, paper: 0x12 };

describe('what the status bytes mean', () => {
  it.each<[string, Partial<RealTimeStatus>, string | null]>([
    ['all well', {}, null],
    ['a drawer that is open', { printer: 0x16 }, null],
    ['paper near its end', { paper: 0x1e }, null],
    ['paper out', { printer: 0x1a, cause: 0x32, paper: 0x7e }, 'paper_out'],
    ['paper out, told by the cause alone', { printer: 0x1a, cause: 0x32 }, 'paper_out'],
    ['an open cover', { printer: 0x1a, cause: 0x16 }, 'cover_open'],
    ['an open cover and no paper', { printer: 0x1a, cause: 0x36, paper: 0x7e }, 'cover_open'],
    ['a jammed cutter', { printer: 0x1a, cause: 0x52, error: 0x1a }, 'cutter_jammed'],
    ['another error', { printer: 0x1a, cause: 0x52, error: 0x32 }, 'error'],
    ['offline for no known cause', { printer: 0x1a }, 'offline'],
    ['the feed button held', { printer: 0x1a, cause: 0x1a }, 'offline'],
  ])('%s', (_, status, code) => {
    expect(problemOfStatus({ ...healthy, ...status })?.code ?? null).toBe(code);
  });
});

describe('what a failed line means', () => {
  it.each<[TransportErrorCode, string]>([
    ['unreachable', 'not_answering'],
    ['timeout', 'not_answering'],
    ['busy', 'not_answering'],
    ['wrong_device', 'wrong_device'],
    ['closed', 'disconnected'],
    ['aborted', 'timeout'],
  ])('%s', (code, problem) => {
    expect(problemOfLine(new TransportError(code, 'x')).code).toBe(problem);
  });
  it('any other error is one', () => {
    expect(problemOfLine(new Error('x')).code).toBe('error');
  });
});

it('staff are told what to do', () => {
  expect(printerProblem('paper_out').message).toBe(
    'The receipt printer is out of paper. Put a new roll in and close the cover.',
  );
});
