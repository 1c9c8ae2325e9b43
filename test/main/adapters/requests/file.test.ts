import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineTime, openRequestFile, type MachineTime } from '../../../../src/main/adapters/requests/file.ts';
import type { RememberedBudget } from '../../../../src/main/core/polling/budget.ts';
import { keepingLog } from '../../../fakes/log.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'requests-'));
  path = join(folder, 'requests.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A machine whose times are set by hand, in milliseconds. */
function machine(boot: string, uptime: number, wall = 1_790_000_000_000): MachineTime {
  return { boot, uptimeMs: () => uptime, wall: () => wall };
}

const budget: RememberedBudget = {
  sent: [
    { agoMs: 2000, purpose: 'spot' },
    { agoMs: 10, purpose: 'payments' },
  ],
  pausedForMs: 30_000,
  blocks: 2,
};

function kept(time: MachineTime, value = budget): void {
  const memory = openRequestFile(path, keepingLog(), time);
  memory.save(value);
  memory.close();
}

describe('the request budget in its file', () => {
  it('is nothing at the very first start', () => {
    const log = keepingLog();
    expect(openRequestFile(path, log).load()).toBeNull();
    expect(log.lines).toEqual([]);
  });

  it('has grown older when it is read again, by the time since the boot, whatever the wall clock says', () => {
    kept(machine('a', 100_000));
    const later = openRequestFile(path, keepingLog(), machine('a', 105_000, 0)).load();
    expect(later).toEqual({
      sent: [
        { agoMs: 7000, purpose: 'spot' },
        { agoMs: 5010, purpose: 'payments' },
      ],
      pausedForMs: 25_000,
      blocks: 2,
    });
  });

  it('goes by the wall clock after another boot, and is never younger than it was', () => {
    kept(machine('a', 100_000, 1_000_000));
    expect(openRequestFile(path, keepingLog(), machine('b', 9000, 1_060_000)).load()).toMatchObject({
      sent: [{ agoMs: 62_000 }, { agoMs: 60_010 }],
      pausedForMs: 0,
    });
    expect(openRequestFile(path, keepingLog(), machine('b', 9000, 5)).load()).toMatchObject({
      sent: [{ agoMs: 2000 }, { agoMs: 10 }],
      pausedForMs: 30_000,
    });
  });

  it('holds what was saved last, also when that is less', () => {
    const memory = openRequestFile(path, keepingLog(), machine('a', 0));
    memory.save(budget);
    memory.save({ sent: [], pausedForMs: 0, blocks: 0 });
    expect(memory.load()).toEqual({ sent: [], pausedForMs: 0, blocks: 0 });
    memory.close();
    memory.close();
  });

  it.each(['', '{', '{"form":1}', '[]', '{"form":2,"sent":[]}', '\0'.repeat(100)])(
    'damaged to %j, is told, and the last minute counts as spent',
    (text) => {
      writeFileSync(path, text);
      const log = keepingLog();
      expect(openRequestFile(path, log).load()).toEqual({ sent: [], pausedForMs: 60_000, blocks: 0 });
      expect(log.lines).toMatchObject([{ level: 'warn' }]);
    },
  );

  it('that cannot be written is told once, and nothing fails', () => {
    const log = keepingLog();
    const memory = openRequestFile(join(folder, 'nowhere', 'requests.json'), log);
    memory.save(budget);
    memory.save(budget);
    expect(log.lines).toHaveLength(1);
    memory.close();
  });

  it('knows the boot of this machine', () => {
    const time = machineTime();
    expect(time.boot).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(time.uptimeMs()).toBeGreaterThan(0);
  });
});
