import { describe, expect, it } from 'vitest';
import { hashPin, verifyPin } from '../../../../src/main/adapters/pin/pin.ts';

describe('a staff PIN', () => {
  it('is known again by its hash, and no other is', async () => {
    const hash = await hashPin('123456');
    expect(await verifyPin('123456', hash)).toBe(true);
    expect(await verifyPin('123457', hash)).toBe(false);
    expect(await verifyPin('', hash)).toBe(false);
  });
  it('has another hash each time, which does not hold it', async () => {
    const [first, second] = await Promise.all([hashPin('123456'), hashPin('123456')]);
    expect(first).not.toBe(second);
    expect(first).not.toContain('123456');
  });
  it.each([
    '',
    '1234',
    'scrypt$1$2',
    'scrypt$x$8$1$c2FsdA$a2V5',
    'scrypt$99999999$8$1$c2FsdA$a2V5',
    'bcrypt$32768$8$1$c2FsdA$a2V5',
  ])('is not checked against something that is no hash: %s', async (hash) => {
    await expect(verifyPin('1234', hash)).rejects.toMatchObject({ code: 'pin_hash_invalid' });
  });
});
