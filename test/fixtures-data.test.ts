import { expect, test } from 'vitest';
import { dataNames, fixtureIds, loadFixture, loadSamples } from './support/fixtures.ts';

test.each(dataNames)('data set %s has the bytes that its checksum promises', async (name) => {
  const { data, nSamples, nFeatures } = await loadSamples(name);
  expect(data.length).toBe(nSamples * nFeatures);
});

test('every fixture names a data set that is here, and the set covers all covariance types', async () => {
  const fixtures = await Promise.all(fixtureIds.map(loadFixture));
  expect(fixtures.length).toBe(142);
  for (const fixture of fixtures) expect(dataNames).toContain(fixture.dataName);
  expect(new Set(fixtures.map((fixture) => fixture.covarianceType)).size).toBe(4);
  expect(fixtures.filter((fixture) => fixture.run === undefined).length).toBe(4);
});
