import { describe, expect, test } from 'vitest';
import {
  bernoulli,
  categorical,
  createDataset,
  gaussian,
  GaussianMixture,
  poisson,
  selectComponents,
  type CovarianceType,
  type Family,
} from '../../../src/index.ts';
import { hashgen, uniform } from '../hashgen.ts';
import { fitted, tableOf } from '../selection-rows.ts';
import { threeClusters, useSide } from './side.ts';

/** 2000 samples of three clusters that are well apart. */
const { data } = hashgen({
  seed: 1,
  n: 2000,
  k: 3,
  d: 2,
  kind: 'full',
  sep: 12,
  corr: 0.4,
  smin: 0.5,
  smax: 1,
});
const clusters = { data, nSamples: 2000, nFeatures: 2 };
const { samples } = threeClusters();

const noise = Array.from({ length: 400 }, (_, n) =>
  [0, 1, 2, 3].map((d) => uniform(9, 1, 4 * n + d)),
);
const counts = noise.map((u, n) => u.map((x, d) => Math.floor(x * 6) + ((n + d) % 2) * 30));
/** Samples of two kinds, in turn. */
const TWO_KINDS: Readonly<Record<string, { rows: number[][]; family: Family }>> = {
  counts: { rows: counts, family: poisson() },
  bits: {
    rows: noise.map((u, n) => u.map((x) => Number(x < (n % 2 === 0 ? 0.05 : 0.95)))),
    family: bernoulli(),
  },
  words: { rows: noise.map((u, n) => u.map((x) => (x < 0.9 ? n % 2 : 2))), family: categorical() },
  numbers: { rows: counts, family: gaussian({ covarianceType: 'tied' }) },
};

/** Choosing the number of components. */
export function describeSelection(backend: 'cpu' | 'webgpu'): void {
  describe(`choosing the number of components, on the ${backend} backend`, () => {
    const side = useSide(backend);
    /** Of criteria, relative to their size. */
    const close = backend === 'cpu' ? 1e-12 : 1e-6;

    function expectClose(value: number, expected: number): void {
      expect(Math.abs(value - expected) / Math.abs(expected)).toBeLessThan(close);
    }

    test.each(['bic', 'icl'] as const)(
      'three clusters are found among 1 to 6 by %s',
      async (by) => {
        const selection = await selectComponents(clusters, {
          nComponents: [1, 2, 3, 4, 5, 6],
          criterion: by,
          nInit: 2,
          seed: 1,
          context: side.context,
        });
        expect(selection.best.nComponents).toBe(3);
        expect(selection.mixture).toBe(selection.best.mixture);
        expect(selection.mixture).toBeInstanceOf(GaussianMixture);
        expect(selection.candidates.map(({ nComponents }) => nComponents)).toEqual([
          1, 2, 3, 4, 5, 6,
        ]);
        const values = selection.candidates.map((candidate) => fitted(candidate)[by]);
        expect(Math.min(...values)).toBe(selection.best[by]);
        expect(selection.warnings.map(({ code }) => code)).not.toContain('K_AT_EDGE');
      },
    );

    test('a row is the fit by itself, with its criteria', async () => {
      const common = { nInit: 2, seed: 5, tol: 1e-4, maxIter: 50, regCovar: 1e-5 };
      const at = { context: side.context };
      const types: CovarianceType[] = ['diag', 'full', 'tied'];
      const selection = await selectComponents(samples, {
        ...common,
        ...at,
        nComponents: [3, 1],
        covarianceTypes: types,
        criterion: 'aic',
      });
      const order = types.flatMap((type) => [3, 1].map((K) => `${K} ${type}`));
      expect(selection.candidates.map((row) => `${row.nComponents} ${row.covarianceType}`)).toEqual(
        order,
      );
      for (const row of selection.candidates.map(fitted)) {
        const { nComponents, covarianceType } = row;
        const alone = await GaussianMixture.fit(samples, {
          ...common,
          ...at,
          nComponents,
          covarianceType,
        });
        expect(row.mixture.parameters).toEqual(alone.parameters);
        const { nIter, converged, lowerBound, nParameters } = alone;
        expect(row).toMatchObject({ nIter, converged, lowerBound, nParameters });
        expectClose(row.bic, await alone.bic(samples, at));
        expectClose(row.aic, await alone.aic(samples, at));
        expectClose(row.icl, await alone.icl(samples, at));
        expectClose(row.logLikelihood, 300 * (await alone.score(samples, at)));
        // the entropy of the responsibilities, counted from them
        const responsibilities = await alone.predictProba(samples, at);
        const entropy = responsibilities.reduce(
          (sum, r) => (r > 0 ? sum - r * Math.log(r) : sum),
          0,
        );
        expect(Math.abs(row.icl - row.bic - 2 * entropy)).toBeLessThan(1e-3);
        expect(row.milliseconds).toBeGreaterThan(0);
      }
    });

    test('the same seed gives the same table, another one another', async () => {
      const select = (seed: number) =>
        selectComponents(samples, {
          nComponents: [4, 5],
          initParams: 'random_from_data',
          maxIter: 5,
          seed,
          context: side.context,
        });
      const first = tableOf(await select(3));
      expect(tableOf(await select(3))).toEqual(first);
      expect(tableOf(await select(4))).not.toEqual(first);
    });

    test('a weight of 2 is the sample twice, in every column of the table', async () => {
      const twice = new Float64Array(1200);
      twice.set(samples.data);
      twice.set(samples.data, 600);
      const options = {
        nComponents: [1],
        covarianceTypes: ['full', 'diag'] as const,
        context: side.context,
      };
      const weighted = await selectComponents(samples, {
        ...options,
        sampleWeights: Array.from({ length: 300 }, () => 2),
      });
      const doubled = await selectComponents({ data: twice, nSamples: 600, nFeatures: 2 }, options);
      weighted.candidates.map(fitted).forEach((row, i) => {
        const expected = fitted(doubled.candidates[i]);
        for (const name of ['bic', 'aic', 'icl', 'logLikelihood'] as const) {
          expect(Math.abs(row[name] - expected[name]) / expected.bic).toBeLessThan(close * 10);
        }
      });
      // unequal ones, against the mixture's own criteria, which know them from the dataset
      const sampleWeights = Array.from({ length: 300 }, (_, n) => (n % 5) / 2);
      const uneven = await createDataset(samples, { context: side.context, sampleWeights });
      const { best } = await selectComponents(uneven, { nComponents: [2, 3] });
      expectClose(best.bic, await best.mixture.bic(uneven));
      expectClose(best.icl, await best.mixture.icl(uneven));
      expectClose(best.bic, -2 * best.logLikelihood + 17 * Math.log(300));
      uneven.dispose();
    });

    test('a best K at the edge of the range is a warning', async () => {
      const codes = async (nComponents: number[]) => {
        const { warnings } = await selectComponents(samples, {
          nComponents,
          nInit: 2,
          context: side.context,
        });
        return warnings.filter(({ code }) => code === 'K_AT_EDGE');
      };
      expect(await codes([2, 3, 4])).toEqual([]);
      // one number of components is no range, and none is below 1
      expect(await codes([2])).toEqual([]);
      const [largest] = await codes([1, 3]);
      expect(largest.message).toMatch(/by BIC, 3, is the largest that was tried: larger ones/);
      expect(largest.details).toMatchObject({ nComponents: 3, edge: 'largest', criterion: 'bic' });
      const [smallest] = await codes([3, 5]);
      expect(smallest.details).toMatchObject({ edge: 'smallest', smallest: 3, largest: 5 });
    });

    test('candidates that did not converge are named', async () => {
      const { warnings } = await selectComponents(samples, {
        nComponents: [1, 5],
        maxIter: 2,
        tol: 1e-9,
        context: side.context,
      });
      const warning = warnings.find(({ code }) => code === 'CANDIDATES_NOT_CONVERGED');
      expect(warning?.details['candidates']).toContainEqual({
        nComponents: 5,
        covarianceType: 'full',
      });
    });

    // kernels take a second each to compile on SwiftShader: two families there, more on the CPU
    const kinds = ['counts', 'bits', ...(backend === 'cpu' ? ['words', 'numbers'] : [])];
    test.each(kinds)('two kinds of %s, by a family', async (kind) => {
      const { rows, family } = TWO_KINDS[kind];
      const options = { nComponents: [1, 2, 3], nInit: 3, context: side.context };
      const { best, candidates } = await selectComponents(rows, { ...options, family });
      expect(best.nComponents).toBe(2);
      for (const row of candidates.map(fitted)) {
        expect(row.covarianceType).toBeUndefined();
        expectClose(row.bic, await row.mixture.bic(rows, { context: side.context }));
        expect(row.icl).toBeGreaterThanOrEqual(row.bic - Math.abs(row.bic) * close);
      }
    });

    test('a prior goes to each candidate', async () => {
      const { best } = await selectComponents(TWO_KINDS['bits'].rows, {
        nComponents: [1, 2],
        family: bernoulli(),
        prior: { alpha: 2, a: 2, b: 2 },
        context: side.context,
      });
      expect(best.mixture.logPrior).not.toBe(0);
    });
  });
}
