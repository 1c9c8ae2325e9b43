import { expect, test } from 'vitest';
import { placePages, type Output } from '../../../src/main/window/outputs.ts';

const monitor = (id: number, label: string): Output => ({
  id,
  label,
  bounds: { x: id * 1_000, y: 0, width: 800, height: 480 },
});
const own = monitor(1, 'HDMI-1');
const page = (name: string, output?: string) => ({ name, output });
const placed = (pages: readonly { name: string; output: string | undefined }[], outputs: readonly Output[]) =>
  Object.fromEntries(
    [...placePages(pages, outputs, own.id)].map(([name, placement]) => [
      name,
      'output' in placement ? placement.output.id : placement.trouble,
    ]),
  );

test('takes the only monitor beside the terminal’s own', () => {
  expect(placed([page('a')], [own, monitor(2, 'HDMI-2')])).toEqual({ a: 2 });
});

test('never takes the terminal’s own, not even by its name', () => {
  expect(placed([page('a')], [own])).toEqual({ a: 'display_not_found' });
  expect(placed([page('a', 'HDMI-1')], [own, monitor(2, 'HDMI-2')])).toEqual({ a: 'display_not_found' });
});

test('takes a monitor by its name or its number', () => {
  const outputs = [own, monitor(2, 'HDMI-2'), monitor(3, 'USB')];
  expect(placed([page('a', 'USB')], outputs)).toEqual({ a: 3 });
  expect(placed([page('a', '2')], outputs)).toEqual({ a: 2 });
  expect(placed([page('a', 'VGA')], outputs)).toEqual({ a: 'display_not_found' });
});

test('guesses neither between several nor between two of one name', () => {
  expect(placed([page('a')], [own, monitor(2, 'HDMI-2'), monitor(3, 'USB')])).toEqual({ a: 'display_ambiguous' });
  const equal = [own, monitor(2, 'Panel'), monitor(3, 'Panel')];
  expect(placed([page('a', 'Panel')], equal)).toEqual({ a: 'display_ambiguous' });
  expect(placed([page('a', '3')], equal)).toEqual({ a: 3 });
});

test('two displays have two monitors, and those with a name choose first', () => {
  const outputs = [own, monitor(2, 'HDMI-2'), monitor(3, 'USB')];
  expect(placed([page('a'), page('b', 'HDMI-2')], outputs)).toEqual({ a: 3, b: 2 });
  expect(placed([page('a', 'USB'), page('b', 'USB')], outputs)).toEqual({ a: 3, b: 'display_not_found' });
});
