import { expect, test } from 'vitest';
import { REFERENCE_TOLERANCES } from './support/compare-fixture.ts';
import { loadMclust, mclustIds } from './support/mclust-fixtures.ts';
import { describeMclust } from './support/mclust-suite.ts';

describeMclust({
  backend: 'cpu',
  tolerances: { ...REFERENCE_TOLERANCES, fall: 1e-13, defaultPrior: 1e-11 },
});

test('the fixtures cover every covariance type with and without a prior', async () => {
  const fixtures = await Promise.all(mclustIds.map(loadMclust));
  expect(fixtures.length).toBe(52);
  const kinds = fixtures.map(
    ({ covarianceType, prior }) => `${covarianceType} ${prior ? 'prior' : ''}`,
  );
  expect(new Set(kinds).size).toBe(8);
  // the ids ending in "-prior" have mclust's defaults, whose kappa is 0.01
  const defaults = fixtures.filter(({ id }) => id.endsWith('-prior'));
  expect(defaults.length).toBe(20);
  for (const { prior } of defaults) expect(prior!.kappa).toBe(0.01);
});
