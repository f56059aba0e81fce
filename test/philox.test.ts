import { describe, expect, test } from 'vitest';
import { KeyedUniforms, philox } from '../src/data/philox.ts';
import { KNOWN_ANSWERS } from './support/philox-answers.ts';

describe('Philox4x32-10 in TypeScript', () => {
  test.each(KNOWN_ANSWERS)('gives the published words for $name', ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    philox(counter, key, out);
    expect([...out]).toEqual(words);
  });

  test('may write over its own counter', () => {
    const { counter, key, words } = KNOWN_ANSWERS[2];
    const both = Uint32Array.from(counter);
    philox(both, key, both);
    expect([...both]).toEqual(words);
  });
});

describe('numbers keyed by an index', () => {
  test('do not depend on the order that they are asked for in', () => {
    const forwards = new KeyedUniforms([1, 2], 3);
    const backwards = new KeyedUniforms([1, 2], 3);
    const ahead = Array.from({ length: 50 }, (_, i) => forwards.at(i, i % 3));
    const back = Array.from({ length: 50 }, (_, i) => backwards.at(49 - i, (49 - i) % 3));
    expect(back.toReversed()).toEqual(ahead);
  });

  test('are uniform: the mean, the variance and the lag-one correlation of 100,000', () => {
    const uniforms = new KeyedUniforms([7, 0], 1);
    const count = 100_000;
    const centred = Array.from({ length: count }, (_, i) => uniforms.at(i) - 0.5);
    const mean = centred.reduce((sum, x) => sum + x, 0) / count;
    const variance = centred.reduce((sum, x) => sum + x * x, 0) / count;
    const lagged = centred.slice(1).reduce((sum, x, i) => sum + x * centred[i], 0) / count;
    // five standard errors each
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / count));
    expect(Math.abs(lagged)).toBeLessThan((5 * (1 / 12)) / Math.sqrt(count));
  });

  test('differ by key, by use and by round', () => {
    const at = (key: [number, number], use: number, round: number): number =>
      new KeyedUniforms(key, use).at(5, round);
    const all = [at([1, 0], 1, 0), at([0, 1], 1, 0), at([1, 0], 2, 0), at([1, 0], 1, 1)];
    expect(new Set(all).size).toBe(4);
  });
});
