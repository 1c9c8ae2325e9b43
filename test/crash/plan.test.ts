import { expect, test } from 'vitest';
import { planRun } from './plan.ts';

const plans = Array.from({ length: 300 }, (_, seed) => planRun(seed));

test('the same seed gives the same plan, another seed another one', () => {
  expect(planRun(5)).toEqual(plans[5]);
  expect(new Set(plans.map((plan) => JSON.stringify(plan.lives))).size).toBe(plans.length);
});

test('in every run somebody puts a bill in and the terminal is killed', () => {
  for (const { lives, endings } of plans) {
    const deeds = lives.flatMap(({ steps }) => steps.map(({ deed }) => deed.type));
    expect(deeds.filter((type) => type === 'putIn' || type === 'staffPutIn')).toHaveLength(endings.length);
    expect(endings.length).toBeGreaterThan(0);
    expect(lives.length).toBeGreaterThan(0);
  }
});

test('everything that can be done, go wrong and be hit by a kill comes about', () => {
  const lives = plans.flatMap((plan) => plan.lives);
  const deeds = lives.flatMap(({ steps }) => steps.map(({ deed }) => deed));
  expect(new Set(lives.map(({ kill }) => kill.after)).size).toBe(4);
  expect(new Set(deeds.map(({ type }) => type)).size).toBe(14);
  const faults = deeds.flatMap((deed) => (deed.type === 'network' ? [deed.rule.fault.type] : []));
  expect(new Set(faults).size).toBe(9);
});
