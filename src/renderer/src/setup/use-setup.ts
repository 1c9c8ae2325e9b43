import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue';
import { z } from 'zod';
import { foundFileSchema, setupAnswerSchema, type SetupAnswer, type SetupState } from '../../../shared/setup.ts';

const filesSchema = z.array(foundFileSchema);
export type FoundFile = z.infer<typeof foundFileSchema>;

/** Why something was not done. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
}

/** Between two looks at how it stands, and until no answer means that nobody is there; milliseconds. */
const lookEveryMs = 400;
const lostAfterMs = 6_000;
const answerWithinMs = 60_000;

/** The set-up files that the terminal sees; none when it cannot be asked, which the page says otherwise. */
async function found(): Promise<readonly FoundFile[]> {
  try {
    const response = await fetch('./setup/files', { signal: AbortSignal.timeout(lostAfterMs) });
    return filesSchema.parse(await response.json());
  } catch {
    return [];
  }
}

async function told(path: string, body: object): Promise<SetupAnswer> {
  const response = await fetch(`./setup/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  return setupAnswerSchema.parse(await response.json());
}

/** The set-up as the terminal has it: looked at again and again, so that a page that is loaded anew goes on where it was. */
export function useSetup(): {
  readonly state: ShallowRef<SetupState | null>;
  readonly files: ShallowRef<readonly FoundFile[]>;
  readonly complaint: ShallowRef<Complaint | null>;
  readonly busy: ShallowRef<boolean>;
  readonly lost: ShallowRef<boolean>;
  readonly look: () => Promise<void>;
  readonly send: (path: string, body?: object) => Promise<void>;
} {
  const state = shallowRef<SetupState | null>(null);
  const files = shallowRef<readonly FoundFile[]>([]);
  const complaint = shallowRef<Complaint | null>(null);
  const busy = shallowRef(false);
  const lost = shallowRef(false);
  let heardAt = performance.now();
  let timer: number | undefined;

  function hear(answer: SetupAnswer): void {
    heardAt = performance.now();
    lost.value = false;
    if (answer.ok) state.value = answer.state;
    else complaint.value = { code: answer.code, message: answer.message };
  }

  async function follow(): Promise<void> {
    try {
      const response = await fetch('./setup/state', { signal: AbortSignal.timeout(lostAfterMs) });
      hear(setupAnswerSchema.parse(await response.json()));
    } catch {
      // The page says so once it has lasted.
      lost.value = state.value?.step !== 'started' && performance.now() - heardAt > lostAfterMs;
    }
    timer = window.setTimeout(() => void follow(), lookEveryMs);
  }

  async function look(): Promise<void> {
    files.value = await found();
  }

  async function send(path: string, body: object = {}): Promise<void> {
    busy.value = true;
    complaint.value = null;
    try {
      hear(await told(path, body));
    } catch {
      lost.value = true;
    } finally {
      busy.value = false;
    }
  }

  onMounted(() => {
    void follow();
    void look();
  });
  onBeforeUnmount(() => {
    window.clearTimeout(timer);
  });
  return { state, files, complaint, busy, lost, look, send };
}
