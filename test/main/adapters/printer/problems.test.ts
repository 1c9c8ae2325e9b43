import { describe, expect, it } from 'vitest';
import {
  isPaperStatus,
  printerProblem,
  problemOfAutomatic,
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

describe('what the printer tells by itself', () => {
  it.each<[string, number[], string | null]>([
    ['all well', [0x10, 0, 0, 0], null],
    ['a drawer that is open', [0x14, 0, 0, 0], null],
    ['paper near its end', [0x10, 0, 0x03, 0], null],
    ['paper out', [0x18, 0, 0x0f, 0], 'paper_out'],
    ['an open cover', [0x38, 0, 0, 0], 'cover_open'],
    ['a jammed cutter', [0x18, 0x08, 0, 0], 'cutter_jammed'],
    ['another error', [0x18, 0x20, 0, 0], 'error'],
    ['offline for no known cause', [0x18, 0, 0, 0], 'offline'],
  ])('%s', (_, status, code) => {
    expect(problemOfAutomatic(Uint8Array.from(status))?.code ?? null).toBe(code);
  });
  it('of 256 bytes only four are an answer about paper', () => {
    expect(Array.from({ length: 256 }, (_, byte) => byte).filter(isPaperStatus)).toEqual([0x00, 0x03, 0x0c, 0x0f]);
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
