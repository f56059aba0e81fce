import { describe, expect, test } from 'vitest';
import { GaussianMixture, selectComponents, type CovarianceType } from '../src/index.ts';
import { loadInteroperation, loadSamples, type FixtureSamples } from './support/fixtures.ts';
import { relativeDifference } from './support/numbers.ts';

interface Row {
  readonly bic: number;
  readonly aic: number;
  readonly icl: number;
  readonly n_iter: number;
  readonly converged: boolean;
}
interface Candidate {
  readonly K: number;
  readonly covariance_type: CovarianceType;
  readonly fixed: Row;
  readonly free?: Row;
}
type Tables = Readonly<Record<'faithful' | 'iris', Candidate[]>>;

/** The start of test/fixtures/scripts/selection_ref.py. */
function start({ data, nSamples, nFeatures }: FixtureSamples, K: number, type: CovarianceType) {
  const column = (d: number) => Array.from({ length: nSamples }, (_, n) => data[n * nFeatures + d]);
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const variances = Array.from({ length: nFeatures }, (_, d) => {
    const centre = mean(column(d));
    return mean(column(d).map((x) => (x - centre) ** 2));
  });
  const matrix = variances.flatMap((variance, i) =>
    variances.map((_, j) => (i === j ? variance : 0)),
  );
  const each = (values: number[]) => Array.from({ length: K }, () => values).flat();
  return {
    weightsInit: each([1 / K]),
    meansInit: Array.from({ length: K }, (_, k) => {
      const n = Math.floor(((2 * k + 1) * nSamples) / (2 * K));
      return Array.from(data.slice(n * nFeatures, (n + 1) * nFeatures));
    }).flat(),
    covariancesInit: {
      full: each(matrix),
      tied: matrix,
      diag: each(variances),
      spherical: each([mean(variances)]),
    }[type as 'full' | 'tied' | 'diag' | 'spherical'],
  };
}

describe("criteria beside scikit-learn's, K = 1 to 6, four covariance types", () => {
  test.each(['faithful', 'iris'] as const)('%s, from the same starts', async (name) => {
    const samples = await loadSamples(name);
    const tables = (await loadInteroperation('selection')) as Tables;
    expect(tables[name]).toHaveLength(24);
    for (const { K, covariance_type: covarianceType, fixed } of tables[name]) {
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: K,
        covarianceType,
        ...start(samples, K, covarianceType),
      });
      const at = `${K} ${covarianceType}`;
      expect([at, mixture.nIter, mixture.converged]).toEqual([at, fixed.n_iter, fixed.converged]);
      for (const criterion of ['bic', 'aic', 'icl'] as const) {
        const difference = relativeDifference(await mixture[criterion](samples), fixed[criterion]);
        expect([at, criterion, difference < 1e-9]).toEqual([at, criterion, true]);
      }
    }
  });

  test('iris, from free starts: the same choice, and no candidate to K = 4 worse by more than 1 %', async () => {
    const samples = await loadSamples('iris');
    const { iris } = (await loadInteroperation('selection')) as Tables;
    const { best, candidates } = await selectComponents(samples, {
      nComponents: [1, 2, 3, 4, 5, 6],
      covarianceTypes: ['full', 'tied', 'diag', 'spherical'],
      nInit: 20,
      regCovar: 1e-3,
    });
    const chosen = iris.reduce((a, b) => (a.free!.bic <= b.free!.bic ? a : b));
    expect([best.nComponents, best.covarianceType]).toEqual([chosen.K, chosen.covariance_type]);
    expect(relativeDifference(best.bic, chosen.free!.bic)).toBeLessThan(1e-4);
    candidates.forEach(({ nComponents, covarianceType, bic }, i) => {
      const { K, covariance_type: type, free } = iris[i];
      expect([nComponents, covarianceType]).toEqual([K, type]);
      const excess = (bic! - free!.bic) / free!.bic;
      expect([K, type, K > 4 || excess < 0.01 ? '' : excess]).toEqual([K, type, '']);
    });
  });
});
