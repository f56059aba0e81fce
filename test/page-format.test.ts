import { expect, test } from 'vitest';
import { measured } from '../src/app/shared/format.ts';

test.each([
  [0, 0.1, '<0.1 ms'],
  [0, 1, '<1 ms'],
  [2.5, 0.1, '2.50 ms'],
  [14, 1, '14 ms'],
  [123.4, 1, '123 ms'],
  [2345, 1, '2.3 s'],
])('%f ms by a clock of %f ms is told as %s', (milliseconds, tick, told) => {
  expect(measured(milliseconds, tick).replace('\u00a0', ' ')).toBe(told);
});
