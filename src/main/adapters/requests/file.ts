import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';
import { z } from 'zod';
import { purposes, type RememberedBudget } from '../../core/polling/budget.ts';
import type { Log } from '../../ports/log.ts';
import type { RequestMemory } from '../../ports/requests.ts';

/** How this machine tells time across processes. */
export interface MachineTime {
  /** Changes with every boot. */
  readonly boot: string;
  /** Milliseconds since the boot. */
  readonly uptimeMs: () => number;
  /** Milliseconds since 1970, as the machine believes. */
  readonly wall: () => number;
}

/** The machine's own time. On systems without a boot id every start counts as a boot. */
export function machineTime(): MachineTime {
  return { boot: bootId(), uptimeMs: () => uptime() * 1000, wall: () => Date.now() };
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Not Linux: the wall clock has to do.
    return `process-${process.pid}`;
  }
}

const fileSchema = z.object({
  form: z.literal(1),
  boot: z.string(),
  uptimeMs: z.number(),
  wall: z.number(),
  pausedForMs: z.number().min(0).max(86_400_000),
  blocks: z.int().min(0),
  /** Milliseconds before the moment of writing, and the index of the purpose. */
  sent: z
    .array(
      z.tuple([
        z.number().min(0),
        z
          .int()
          .min(0)
          .max(purposes.length - 1),
      ]),
    )
    .max(10_000),
});
type Written = z.infer<typeof fileSchema>;

/** When nothing can be known, the last minute counts as spent. Milliseconds. */
const carefulPauseMs = 60_000;

/**
 * The request budget in a small file, written with each request and not synchronised: it survives a killed process, which
 * is what restarts in a loop. A damaged file is told and treated with care.
 * @param path the file; its folder exists
 */
export function openRequestFile(path: string, log: Log, time: MachineTime = machineTime()): RequestMemory {
  let file: number | undefined;
  let told = false;
  const give = (error: unknown, what: string) => {
    if (!told)
      log.warn(`The request budget cannot be ${what}, so a restart may forget it.`, { path, error: String(error) });
    told = true;
  };
  return {
    load: () => {
      try {
        return ageing(fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))), time);
      } catch (error) {
        if (isMissing(error)) return null;
        log.warn('The remembered request budget is damaged: the terminal waits a minute before it asks the API.', {
          path,
        });
        return { sent: [], pausedForMs: carefulPauseMs, blocks: 0 };
      }
    },
    save: (budget) => {
      try {
        file ??= openSync(path, 'a+', 0o600);
        const text = Buffer.from(JSON.stringify(written(budget, time)));
        ftruncateSync(file, 0);
        writeSync(file, text);
      } catch (error) {
        give(error, 'written');
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function written({ sent, pausedForMs, blocks }: RememberedBudget, time: MachineTime): Written {
  return {
    form: 1,
    boot: time.boot,
    uptimeMs: time.uptimeMs(),
    wall: time.wall(),
    pausedForMs,
    blocks,
    sent: sent.map(({ agoMs, purpose }) => [Math.floor(agoMs), purposes.indexOf(purpose)]),
  };
}

/** As old as it is now: by the time since the boot, or by the wall clock after another boot; never younger than it was. */
function ageing(file: Written, time: MachineTime): RememberedBudget {
  const passed = file.boot === time.boot ? time.uptimeMs() - file.uptimeMs : time.wall() - file.wall;
  const age = Math.max(0, passed);
  return {
    sent: file.sent.map(([agoMs, purpose]) => ({ agoMs: agoMs + age, purpose: purposes[purpose] ?? 'spot' })),
    pausedForMs: Math.max(0, file.pausedForMs - age),
    blocks: file.blocks,
  };
}
