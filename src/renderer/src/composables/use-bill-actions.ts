import { computed, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { BillView } from '../../../shared/bill.ts';
import type { Answer } from '../../../shared/contract.ts';
import type { BillAction } from '../components/StaffBill.vue';
import { useDraftStore } from '../stores/draft.ts';
import { useStaffStore } from '../stores/staff.ts';
import { useFormat } from './use-format.ts';
import { useIntent } from './use-intent.ts';
import { useTerminal } from './use-terminal.ts';

/** What staff do with bills and spot. What cannot be taken back is asked once, on the page itself. */
export function useBillActions() {
  const terminal = useTerminal();
  const place = useStaffStore();
  const draft = useDraftStore();
  const { t } = useI18n();
  const { money } = useFormat();
  const { send, complaint } = useIntent();
  const asked = shallowRef<{ readonly question: string; readonly act: () => Promise<Answer> }>();

  function ask(question: string, act: () => Promise<Answer>): void {
    asked.value = { question, act };
  }

  function answer(yes: boolean): void {
    const act = asked.value?.act;
    asked.value = undefined;
    if (yes && act) void send(act);
  }

  function choose(bill: BillView, action: BillAction): void {
    const billId = bill.id;
    const words = { number: bill.number, total: money(bill.total, bill.currency) };
    if (action === 'edit') {
      draft.edit(bill);
      place.show('editor');
    } else if (action === 'again') void send(() => terminal.offerBillAgain({ billId }));
    else if (action === 'withdraw') ask(t('staff.ask.withdraw', words), () => terminal.withdrawBill({ billId }));
    else ask(t(`staff.ask.${action}`, words), () => terminal.payBillOtherwise({ billId, how: action }));
  }

  function closeSpot(): void {
    ask(t('staff.ask.close'), () => terminal.closeSpot({}));
  }

  const question = computed(() => asked.value?.question);
  return { question, answer, choose, closeSpot, send, complaint };
}
