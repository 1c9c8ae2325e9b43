import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Answer } from '../../../shared/contract.ts';

/** Carries out what staff ask, one at a time, and says what was refused. */
export function useActs() {
  const { t, te } = useI18n();
  const busy = shallowRef(false);
  /** The sentence of the last refusal; empty when the last one was accepted. */
  const complaint = shallowRef('');

  /** Gives whether it was accepted. A second touch while the first is under way is not sent. */
  async function act(what: () => Promise<Answer>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      const answer = await what();
      complaint.value = answer.ok ? '' : te(`refused.${answer.code}`) ? t(`refused.${answer.code}`) : answer.message;
      return answer.ok;
    } finally {
      busy.value = false;
    }
  }

  return { act, busy, complaint };
}
