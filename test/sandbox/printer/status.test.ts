import { describe, expect, it } from 'vitest';
import { automaticStatus, concerns, identity, queuedStatus, realTimeStatus } from '../../../sandbox/printer/status.ts';
import { HEALTHY, type PrinterState } from '../../../sandbox/printer/types.ts';

/** DLE EOT 1 to 4, GS r 1, the four bytes of automatic status. Bits from Epson's command reference. */
const ANSWERS: readonly (readonly [Partial<PrinterState>, number[], number, number[]])[] = [
  [{}, [0x12, 0x12, 0x12, 0x12], 0x00, [0x10, 0, 0, 0]],
  [{ paper: 'near-end' }, [0x12, 0x12, 0x12, 0x1e], 0x03, [0x10, 0, 0x03, 0]],
  [{ paper: 'out' }, [0x1a, 0x32, 0x12, 0x7e], 0x0f, [0x18, 0, 0x0f, 0]],
  [{ coverOpen: true }, [0x1a, 0x16, 0x12, 0x12], 0x00, [0x38, 0, 0, 0]],
  [{ cutterError: true }, [0x1a, 0x52, 0x1a, 0x12], 0x00, [0x18, 0x08, 0, 0]],
  [{ offline: true }, [0x1a, 0x12, 0x12, 0x12], 0x00, [0x18, 0, 0, 0]],
];

describe('the status answers', () => {
  it.each(ANSWERS)('of a printer with %j', (change, ...[realTime, queued, automatic]) => {
    const state = { ...HEALTHY, ...change };
    expect([1, 2, 3, 4].map((kind) => realTimeStatus(state, kind))).toEqual(realTime);
    expect(queuedStatus(state, 1)).toBe(queued);
    expect([...automaticStatus(state)]).toEqual(automatic);
  });

  it.each(ANSWERS)('can be told apart by their fixed bits, with %j', (change) => {
    const state = { ...HEALTHY, ...change };
    for (const kind of [1, 2, 3, 4]) expect((realTimeStatus(state, kind) ?? 0) & 0x93).toBe(0x12);
    const [first = 0, ...others] = automaticStatus(state);
    expect(first & 0x93).toBe(0x10);
    for (const byte of others) expect(byte & 0x90).toBe(0);
    expect((queuedStatus(state, 1) ?? 0xff) & 0x90).toBe(0);
  });

  it('leave a question nobody asks without an answer', () => {
    expect([realTimeStatus(HEALTHY, 9), queuedStatus(HEALTHY, 7), identity(99)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('name the printer', () => {
    expect(identity(67)?.toString('latin1')).toBe('_VIRTUAL-80\0');
    expect(identity(1)).toHaveLength(1);
  });

  it.each([
    [0xff, { paper: 'out' } as const, true],
    [0x08, { paper: 'near-end' } as const, true],
    [0x04, { paper: 'near-end' } as const, false],
    [0x02, { coverOpen: true } as const, true],
    [0x04, { cutterError: true } as const, true],
    [0x00, { cutterError: true } as const, false],
    [0xff, {} as const, false],
  ])('mask %i and a change to %j: sent by itself is %s', (mask, change, sent) => {
    expect(concerns(mask, automaticStatus(HEALTHY), automaticStatus({ ...HEALTHY, ...change }))).toBe(sent);
  });
});
