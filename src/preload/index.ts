import { contextBridge, ipcRenderer } from 'electron';
import type { AdminReply } from '../shared/admin.ts';
import type { Answer, Down, TerminalBridge, Up } from '../shared/contract.ts';
import type { Snapshot } from '../shared/snapshot.ts';
import { adminVerbs, channels, verbs, type AdminVerb, type Verb } from '../shared/verbs.ts';

/**
 * The only door between the page and main: verbs of the terminal, built from the contract's list. The page sees no
 * channel, no Electron and no Node (style.md 4).
 */

const callbacks = new Set<(snapshot: Snapshot) => void>();
let lastId = 0;

async function ask(up: Up): Promise<Down> {
  return (await ipcRenderer.invoke(channels.up, up)) as Down;
}

async function intent(name: Verb, input: unknown): Promise<Answer> {
  const down = await ask({ type: 'intent', id: ++lastId, name, input });
  if (down.type !== 'answer') throw new Error('The terminal answered an intent with something else.');
  return down.answer;
}

async function askAdmin(name: AdminVerb, input: unknown): Promise<AdminReply> {
  const down = await ask({ type: 'admin', id: ++lastId, name, input });
  if (down.type === 'admin') return down.reply;
  throw new Error('The terminal answered the admin screen with something else.');
}

async function snapshot(): Promise<Snapshot> {
  const down = await ask({ type: 'snapshot', id: ++lastId });
  if (down.type !== 'snapshot') throw new Error('The terminal answered with something else than its snapshot.');
  return down.snapshot;
}

function onSnapshot(callback: (snapshot: Snapshot) => void): () => void {
  callbacks.add(callback);
  // Asking opens this page's session, and with it the pushes; the answer is the present snapshot.
  void snapshot().then((present) => {
    if (callbacks.has(callback)) callback(present);
  });
  return () => {
    callbacks.delete(callback);
  };
}

ipcRenderer.on(channels.down, (_event, down: Down) => {
  if (down.type === 'snapshot') for (const callback of callbacks) callback(down.snapshot);
});

const intents = Object.fromEntries(verbs.map((name) => [name, (input: unknown) => intent(name, input)]));
const admin = Object.fromEntries(adminVerbs.map((name) => [name, (input: unknown) => askAdmin(name, input)]));
// Object.fromEntries forgets which name leads to which function; `verbs` and the mapped type hold the same names.
const bridge = { ...intents, snapshot, onSnapshot, admin } as unknown as TerminalBridge;
contextBridge.exposeInMainWorld('terminal', bridge);
