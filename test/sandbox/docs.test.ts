/** The handbook names everything there is, and its examples work. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { callbackFaultSchema } from '../../sandbox/callbacks-faults.ts';
import { help } from '../../sandbox/control-help.ts';
import { faultRuleSchema } from '../../sandbox/faults.ts';
import { likeliest } from '../../sandbox/switches.ts';
import { bill, startScene } from './scene.ts';

const text = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
const run = promisify(execFile);

describe('docs/sandbox.md', () => {
  it.each(Object.keys(likeliest))('explains the switch %s', (name) => {
    expect(text).toContain(`\`${name}\``);
  });

  const faults = faultRuleSchema.shape.fault.options.map(({ shape }) => shape.type.value);
  it.each(faults)('explains the fault %s', (type) => {
    expect(text).toContain(`{"type":"${type}"`);
  });

  const callbackFaults = callbackFaultSchema.shape.fault.options.map(({ shape }) => shape.type.value);
  it.each(callbackFaults)('explains the fault %s of callbacks', (type) => {
    expect(text).toContain(`{"type":"${type}"`);
  });

  it.each(Object.keys(help))('and the help tell of %s', (call) => {
    const [path = ''] = /\/control\/[\w/:-]+/.exec(call) ?? [];
    expect(text).toContain(path);
  });

  it('has a signing example that works', async () => {
    const { sandbox, merchant } = await startScene({ now: Date.now });
    const { macId, macKey } = sandbox.merchant;
    const example = /```js\n(\/\/ sign\.mjs[\s\S]*?)```/.exec(text)?.[1] ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const program = join(folder, 'sign.mjs');
    writeFileSync(program, example);
    const env = { ...process.env, ID: macId, KEY: macKey };
    const body = JSON.stringify(bill());
    const calls = [
      ['GET', '/spots?status=waiting'],
      ['POST', '/transaction', body],
    ] as const;
    for (const [method, path, sent] of calls) {
      const signed = [method, `${sandbox.baseUrl}${path}`, ...(sent === undefined ? [] : [sent])];
      const { stdout } = await run(process.execPath, [program, ...signed], { env });
      const answer = await merchant(method, path, sent, { authorization: stdout.trim() });
      expect(answer.status).toBe(200);
    }
  });
});
