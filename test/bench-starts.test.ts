import { describe, expect, test } from 'vitest';
import {
  bestKnown,
  bestOfTens,
  complaints,
  median,
  toMarkdown,
  type Ends,
  type StartsProblem,
  type StartsResult,
} from '../bench/starts-report.ts';

const ends = (bounds: number[], eigenvalue = 1): Ends => ({
  bounds,
  ends: bounds,
  eigenvalues: bounds.map(() => eigenvalue),
});

/** scikit-learn stops at -2 always, and one start goes on from there; the library as given. */
function problemOf(bounds: number[], eigenvalue = 1): StartsProblem {
  const own = ends(bounds, eigenvalue);
  const stopped = new Array<number>(20).fill(-2);
  const peer = { ...ends(stopped), ends: stopped.map((bound, n) => (n === 3 ? -1.9995 : bound)) };
  return {
    name: 'made',
    nSamples: 1000,
    nFeatures: 2,
    covarianceType: 'full',
    nComponents: 3,
    scikitLearn: { one: peer, ten: bestOfTens(peer), standardised: ends([-2.25]) },
    library: { 'k-means++': { one: own, ten: bestOfTens(own) } },
  };
}

const resultOf = (problem: StartsProblem): StartsResult => ({
  stamp: { date: '2026-01-02T03:04:05Z', commit: 'abc' },
  scikitLearn: '1.0',
  tol: 1e-3,
  maxIter: 100,
  endTol: 1e-7,
  regCovar: 1e-6,
  problems: [problem],
});

describe('the table of bounds by seed', () => {
  test('ten restarts are the best of ten that follow one another, with its eigenvalue', () => {
    const bounds = Array.from({ length: 20 }, (_, n) => -Math.abs(n - 13));
    const tens = bestOfTens({ ...ends(bounds), eigenvalues: bounds.map((_, n) => n) });
    expect(tens.bounds.map((bound) => bound + 0)).toEqual([-4, 0]);
    expect(tens.eigenvalues).toEqual([9, 13]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });

  test('a mixture that regCovar holds up is not the best known, unless all are held up', () => {
    expect(bestKnown(problemOf([-1, -2], 1e-6), 1e-6)).toBe(-1.9995);
    expect(bestKnown(problemOf([-1, -2], 1), 1e-6)).toBe(-1);
    const held = ends([-5, -4], 1e-6);
    const program = { one: held, ten: held };
    const all = { ...problemOf([]), scikitLearn: { ...program, standardised: held } };
    expect(bestKnown({ ...all, library: { 'k-means++': program } }, 1e-6)).toBe(-4);
  });

  test('a median or best bound that is behind by more than tol is told, a little less is not', () => {
    const behind = (bounds: number[]) => complaints(resultOf(problemOf(bounds)));
    expect(behind(new Array<number>(20).fill(-2.0009))).toEqual([]);
    const late = [...new Array<number>(19).fill(-2.5), -1.5];
    expect(behind(late)).toEqual([
      "made, k-means++, nInit 1: the median bound is 0.500 below scikit-learn's.",
    ]);
    expect(behind(new Array<number>(20).fill(-3)).length).toBe(4);
    // a bound that is no number is behind
    expect(behind(new Array<number>(20).fill(Number.NaN)).length).toBe(4);
    expect(toMarkdown(resultOf(problemOf(late)))).toContain(
      '- made, k-means++, nInit 1: the median',
    );
  });

  test('a row says worst, median and best bound, who found the best known, and who is held up', () => {
    const page = toMarkdown(
      resultOf(
        problemOf([...new Array<number>(15).fill(-2), -2.5, -1.9996, -1.9997, -2.25, -2.125]),
      ),
    );
    expect(page).toContain('Best known: -1.9995.');
    expect(page).toContain(
      '| 1 | webgpu-em, k-means++ | -2.5000 | -2.0000 | -1.9996 | 85 % | 0 % |',
    );
    expect(page).toContain(
      '| 10 | scikit-learn, kmeans | -2.0000 | -2.0000 | -2.0000 | 100 % | 0 % |',
    );
  });
});
