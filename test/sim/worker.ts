import { parentPort, workerData } from 'node:worker_threads';
import { playEvening } from './evening.ts';

/** Plays every nth evening of a range and tells each outcome. */
const { first, last, step } = workerData as { first: number; last: number; step: number };
for (let seed = first; seed <= last; seed += step) parentPort?.postMessage(await playEvening({ seed }));
