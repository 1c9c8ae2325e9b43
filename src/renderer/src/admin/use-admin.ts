import { onBeforeUnmount, onMounted, readonly, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { adminRequests, type AdminInput, type AdminName, type AdminOutput } from '../../../shared/admin.ts';
import { useTerminal } from '../composables/use-terminal.ts';
import { LinkError } from '../link/link-error.ts';

/** Asks main on behalf of one part of the admin screen, one thing at a time, and has the sentence for what went wrong. */
export function useAdmin() {
  const terminal = useTerminal();
  const { t, te } = useI18n();
  const busy = shallowRef(false);
  /** Of the last request that failed; empty when the last one went well. */
  const complaint = shallowRef('');
  /** What was wrong with single things that were sent: path -> sentence. */
  const faults = shallowRef<Readonly<Record<string, string>>>({});

  /** Gives the answer, and undefined when there is none: `complaint` says why. */
  async function ask<Name extends AdminName>(
    name: Name,
    input: AdminInput<Name>,
  ): Promise<AdminOutput<Name> | undefined> {
    busy.value = true;
    try {
      const reply = await terminal.admin[name](input);
      faults.value = reply.ok ? {} : (reply.fields ?? {});
      complaint.value = reply.ok
        ? ''
        : te(`admin.refused.${reply.code}`, 'en')
          ? t(`admin.refused.${reply.code}`)
          : reply.message;
      // What main gives fits the request's own schema; a page of an older version may see otherwise.
      return reply.ok ? (adminRequests[name].output.parse(reply.value) as AdminOutput<Name>) : undefined;
    } catch (error) {
      complaint.value = t(`link.${error instanceof LinkError ? error.code : 'unanswered'}`);
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return { ask, busy: readonly(busy), complaint: readonly(complaint), faults: readonly(faults) };
}

/**
 * Asks the same again and again while the part is shown, the next time so many milliseconds after the answer; gives the newest answer, and
 * a function that asks at once.
 */
export function usePolled<Name extends AdminName>(name: Name, input: () => AdminInput<Name>, everyMs: number) {
  const { ask, complaint } = useAdmin();
  const latest = shallowRef<AdminOutput<Name>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;
  let round = 0;

  async function look(): Promise<void> {
    clearTimeout(timer);
    const mine = ++round;
    const answer = await ask(name, input());
    // A look that was overtaken by a newer one says nothing any more.
    if (gone || mine !== round) return;
    if (answer !== undefined) latest.value = answer;
    timer = setTimeout(() => void look(), everyMs);
  }

  onMounted(() => void look());
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });
  return { latest, complaint, look };
}
