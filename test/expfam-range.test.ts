import { expect, test } from 'vitest';
import { plainBernoulliRun } from './support/expfam-em.ts';
import { expfamIds, loadExpfam, type ExpfamFixture } from './support/expfam-fixtures.ts';
import { FLOAT32_RANGE, SMALLEST_FLOAT32 } from './support/expfam-range.ts';
import { relativeDifference } from './support/numbers.ts';

const fixtures = await Promise.all(expfamIds.map(loadExpfam));
const extended = fixtures.filter(({ float64Run }) => float64Run);

/** Per sample, against the 80-bit run. */
function differences({ run, nSamples }: ExpfamFixture, logLikelihoods: number[]): number[] {
  return logLikelihoods.map((l, t) =>
    relativeDifference(l / nSamples, run.logLikelihood[t] / nSamples),
  );
}

test.each(extended.map(({ id }) => id))(
  '%s in float64, zeros and ones counted apart, is the 80-bit run',
  async (id) => {
    const fixture = extended.find((fixture) => fixture.id === id)!;
    const apart = differences(fixture, await plainBernoulliRun(fixture));
    expect(apart.length).toBe(fixture.run.nIter + 1);
    expect(Math.max(...apart)).toBeLessThan(1e-13);
  },
);

test.each(Object.entries(FLOAT32_RANGE))(
  '%s, its responsibilities below the range of float32 left out, parts after iteration %i',
  async (id, last) => {
    const apart = await partsInFloat32Range(id);
    expect(Math.max(...apart.slice(0, last + 1))).toBeLessThan(1e-9);
    expect(Math.max(...apart.slice(last + 1, last + 6))).toBeGreaterThan(1e-4);
  },
);

test('the other run never needs them', async () => {
  const others = extended.filter(({ id }) => !(id in FLOAT32_RANGE));
  expect(others.map(({ id }) => id)).toEqual(['digits_bin-miss0.2-seed5-bernoulli-k10-ml']);
  expect(Math.max(...(await partsInFloat32Range(others[0].id)))).toBeLessThan(1e-12);
});

async function partsInFloat32Range(id: string): Promise<number[]> {
  const fixture = extended.find((fixture) => fixture.id === id)!;
  const range = { smallestResponsibility: SMALLEST_FLOAT32 };
  return differences(fixture, await plainBernoulliRun(fixture, range));
}

test.each(['digits_bin-bernoulli-k10-ml', 'plants_valid-bernoulli-k8-ml'])(
  '%s with 1 - theta by subtraction leaves the exact run even in float64',
  async (id) => {
    const fixture = extended.find((fixture) => fixture.id === id)!;
    const apart = differences(fixture, await plainBernoulliRun(fixture, { bySubtraction: true }));
    expect(Math.max(...apart)).toBeGreaterThan(1e-4);
  },
);
