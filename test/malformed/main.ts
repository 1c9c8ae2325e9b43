import { parseArgs } from 'node:util';
import { edges } from './edges.ts';

const help = `Sends malformed messages to each edge of the terminal, and says what that cost.

  npm run -s test:malformed -- [--runs N] [--edge NAME]

  --runs N     messages for each edge (100000)
  --edge NAME  only those whose name has this in it

Fails when a message crashes something, has an effect, is not answered within 20 s, or when the heap after it is more than 8 MB larger
than after the first tenth. Messages are drawn by fast-check, which prints the shortest that fails and its seed.
`;

/** What the heap may grow by between the first tenth and the end, bytes. */
const mostGrowth = 8_000_000;

/** What waits for an answer lets go of it when its time is over: so long it may take until all is free, in seconds. */
const restSeconds = 20;

/** Bytes that are in use after everything that could be freed was; looked at again until they are no more than wanted. */
async function heap(wanted = 0): Promise<number> {
  for (let seconds = 0; ; seconds += 1) {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed } = process.memoryUsage();
    if (heapUsed <= wanted || seconds === restSeconds) return heapUsed;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    edge: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(help);
else {
  const runs = Number(values.runs);
  for (const edge of edges.filter(({ name }) => name.includes(values.edge))) {
    const begun = performance.now();
    await edge.attack(Math.ceil(runs / 10));
    const before = await heap();
    await edge.attack(Math.floor(runs * 0.9));
    const grown = (await heap(before)) - before;
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
    const figures = `${runs} messages, ${seconds} s, heap ${(grown / 1e6).toFixed(1)} MB larger`;
    process.stdout.write(`${edge.name.padEnd(40)}${figures}\n`);
    if (grown > mostGrowth) process.exitCode = 1;
  }
  process.exit();
}
