/** The tester's side of the sandbox: what the API knows, the printer's paper, and ways to disturb both. */
import { byId } from '../shared/dom.ts';
import { keepAsking, request } from '../shared/request.ts';
import { createCallbacksView } from './callbacks.ts';
import { createDesk } from './desk.ts';
import { createDisplaysView } from './displays.ts';
import { createFaultsView } from './faults.ts';
import { createPaperView } from './paper.ts';
import { parsePaper, parseWorld } from './state.ts';
import { createWorldView } from './world.ts';

const ASK_EVERY = 1_000;
const PATHS = ['state', 'faults', 'switches', 'printer', 'receipts', 'callbacks', 'callbacks/faults', 'displays'];

const desk = createDesk(refresh);
const showWorld = createWorldView(desk);
const showFaults = createFaultsView(desk);
const showPaper = createPaperView(desk);
const showCallbacks = createCallbacksView(desk);
const showDisplays = createDisplaysView(desk);

async function refresh(): Promise<void> {
  const answers = await Promise.all(PATHS.map((path) => request('GET', `/control/${path}`)));
  const [world, faults, switches, printer, receipts, callbacks, callbackFaults, displays] = answers;
  showWorld(parseWorld(world));
  showFaults(faults, switches);
  showPaper(printer, parsePaper(receipts));
  showCallbacks(callbacks, callbackFaults);
  showDisplays(displays);
}

byId('reset', HTMLButtonElement).addEventListener('click', () => {
  void desk.act('The sandbox is as it was at its start.', { path: '/control/reset' });
});

let unreachable = false;
keepAsking(ASK_EVERY, async () => {
  try {
    await refresh();
    if (unreachable) desk.answered();
    unreachable = false;
  } catch (error) {
    unreachable = true;
    desk.complain(error);
  }
});
