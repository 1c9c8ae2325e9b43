import { readonly, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Answer } from '../../../shared/contract.ts';
import { LinkError } from '../link/link-error.ts';

type Accepted = Extract<Answer, { ok: true }>;

/** Sends what staff ask, one at a time, and has the sentence for what was refused. */
export function useIntent() {
  const { t, te } = useI18n();
  const busy = shallowRef(false);
  /** Of the last refusal; empty when the last one was accepted. */
  const complaint = shallowRef('');

  function sentenceOf(answer: Answer): string {
    if (answer.ok) return '';
    return te(`refused.${answer.code}`, 'en') ? t(`refused.${answer.code}`) : answer.message;
  }

  /**
   * Gives whether it was accepted, and hands an accepted answer to `use`. A second touch while the first is under way is
   * not sent.
   */
  async function send(what: () => Promise<Answer>, use?: (answer: Accepted) => void): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      const answer = await what();
      complaint.value = sentenceOf(answer);
      if (answer.ok) use?.(answer);
      return answer.ok;
    } catch (error) {
      complaint.value = t(`link.${error instanceof LinkError ? error.code : 'unanswered'}`);
      return false;
    } finally {
      busy.value = false;
    }
  }

  function complain(sentence: string): void {
    complaint.value = sentence;
  }

  return { send, complain, busy: readonly(busy), complaint: readonly(complaint) };
}
