import { expect, test } from 'vitest';
import { usualPatience, verdictOf, type Signs } from '../../../src/main/watchdog/verdict.ts';

const { firstSignWithinMs, nextSignWithinMs } = usualPatience;
const signs: Signs = { now: 1_000_000, startedAt: 0, screenAt: 999_000, coreProblem: null };
const codeOf = (changed: Partial<Signs>, patience: typeof usualPatience | null = usualPatience) => {
  const verdict = verdictOf({ ...signs, ...changed }, patience);
  return verdict.well ? 'well' : verdict.code;
};

test.each<[string, Partial<Signs>, string]>([
  ['a screen that answered a moment ago', {}, 'well'],
  ['a screen that answered just in time', { screenAt: signs.now - nextSignWithinMs }, 'well'],
  ['a screen that is silent for too long', { screenAt: signs.now - nextSignWithinMs - 1 }, 'screen_silent'],
  ['no screen yet, soon after the start', { screenAt: null, startedAt: signs.now - firstSignWithinMs }, 'well'],
  ['no screen for too long', { screenAt: null, startedAt: signs.now - firstSignWithinMs - 1 }, 'screen_never_came'],
  ['a core that fails behind a good screen', { coreProblem: 'out of memory' }, 'core_failing'],
])('%s: %s', (_name, changed, expected) => {
  expect(codeOf(changed)).toBe(expected);
});

test('where there is no screen, none is waited for, but a core that fails is seen', () => {
  expect(codeOf({ screenAt: null }, null)).toBe('well');
  expect(codeOf({ coreProblem: 'x' }, null)).toBe('core_failing');
});
