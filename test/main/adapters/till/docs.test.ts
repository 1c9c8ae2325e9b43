/** The handbook's examples work as they stand there. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { BillView } from '../../../../src/shared/bill.ts';
import { billStatuses } from '../../../../src/shared/bill.ts';
import { startBench, token } from './bench.ts';

const handbook = readFileSync(new URL('../../../../docs/till.md', import.meta.url), 'utf8');
const run = promisify(execFile);

/** The handbook's curl calls, each a whole example. */
const examples = [...handbook.matchAll(/```sh\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text)
  .filter((text) => text.includes('curl '));

function exampleWith(text: string): string {
  const found = examples.filter((example) => example.includes(text));
  expect(found, text).toHaveLength(1);
  return found[0] ?? '';
}

describe('docs/till.md', () => {
  it('leads through the whole life of a bill', async () => {
    const bench = await startBench();
    const shell = async (script: string, id = ''): Promise<BillView> => {
      const env = { ...process.env, TILL: bench.url, TOKEN: token, ID: id };
      const { stdout } = await run(
        'sh',
        ['-e', '-c', script.replace(/^ID=.*$/m, '').replaceAll('curl ', 'curl -sSf ')],
        { env },
      );
      return JSON.parse(stdout) as BillView;
    };
    const { id } = await shell(exampleWith('-X POST $TILL/v1/bills -H'));
    expect(await shell(exampleWith('\ncurl $TILL/v1/bills/$ID'), id)).toMatchObject({
      number: '2026-0017',
      total: 1090,
    });
    expect(await shell(exampleWith('-X PUT'), id)).toMatchObject({ version: 2, total: 640 });
    expect(await shell(exampleWith('/v1/state'))).toMatchObject({ bills: [{ id }] });
    expect(await shell(exampleWith('paid-otherwise'), id)).toMatchObject({ status: 'paid', paid: { how: 'cash' } });
    expect(await shell(exampleWith('-X DELETE'), id)).toMatchObject({ status: 'withdrawn' });
  });

  it('shows events as they are told', async () => {
    const bench = await startBench();
    const script = exampleWith('/v1/events').replace('curl ', 'curl -sS --max-time 10 ');
    const env = { ...process.env, TILL: bench.url, TOKEN: token };
    const asked = run('sh', ['-c', script.replace('/v1/events', '/v1/events?after=0')], { env });
    await bench.create({ number: '1', lines: [{ title: 'Tea', total: 200 }], total: 200, currency: 'EUR' });
    const listener = await bench.listen('/v1/events?after=0');
    await expect.poll(() => listener.ids).toEqual([1]);
    await expect.poll(() => bench.desk.listeners).toBe(2);
    await bench.stop();
    expect((await asked).stdout).toMatch(
      /^id: 1\nevent: bill\.preparing\ndata: \{"id":1,"at":\d+,"type":"bill\.preparing","bill":\{/m,
    );
  });

  it.each(billStatuses)('explains the status %s', (status) => {
    expect(handbook).toContain(`\`${status}\``);
  });

  it.each([
    ...['invalid', 'bill_unknown', 'bill_ended', 'bill_foreign', 'number_in_use', 'payment_in_progress'],
    ...['too_many_bills', 'idempotency_conflict', 'journal_failed', 'stopping'],
  ])('names the refusal %s', (code) => {
    expect(handbook).toContain(`\`${code}\``);
  });
});
