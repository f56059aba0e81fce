import { expect, test } from 'vitest';
import { discreteDataNames, loadBits, loadBytes, loadMatrix } from './support/binary-data.ts';
import { expfamIds, loadExpfam } from './support/expfam-fixtures.ts';

test.each(discreteDataNames)(
  'data set %s has the bytes that its checksum promises',
  async (name) => {
    // (the loader compares SHA-256 and the number of missing entries)
    const { data, nSamples, nFeatures } = await loadMatrix(name);
    expect(data.length).toBe(nSamples * nFeatures);
  },
);

test('packed samples say what the bytes say, and observe what is not missing', async () => {
  const name = 'mnist_t10k_bin-miss0.3-seed7';
  const bytes = await loadBytes(name);
  const { bits, mask, nSamples, nFeatures } = await loadBits(name);
  expect([nSamples, nFeatures, bits.length]).toEqual([10_000, 784, 250_000]);
  let wrong = 0;
  let missing = 0;
  for (let i = 0; i < bytes.length; i++) {
    const d = i % nFeatures;
    const word = Math.floor(i / nFeatures) * 25 + (d >> 5);
    const observed = (mask![word] >>> (d & 31)) & 1;
    if (observed === 0) missing++;
    if (bytes[i] !== (observed ? (bits[word] >>> (d & 31)) & 1 : 255)) wrong++;
  }
  expect(wrong).toBe(0);
  expect(missing).toBe(2_350_982);
  expect((await loadBits('plants_valid')).mask).toBeUndefined();
});

test('every fixture names a data set that is here, and the set covers families, priors and missing entries', async () => {
  const fixtures = await Promise.all(expfamIds.map(loadExpfam));
  expect(fixtures.length).toBe(27);
  for (const { dataName, run } of fixtures) {
    expect(discreteDataNames).toContain(dataName);
    expect(run.logLikelihood.length).toBe(run.nIter + 1);
    expect(run.objective.length).toBe(run.nIter + 1);
  }
  expect(new Set(fixtures.map(({ family }) => family)).size).toBe(5);
  expect(fixtures.filter(({ prior }) => prior).length).toBe(17);
});

test('the 80-bit runs start as the float64 runs do, which lose their smallest probabilities later', async () => {
  const fixtures = await Promise.all(expfamIds.map(loadExpfam));
  const extended = fixtures.filter(({ float64Run }) => float64Run);
  expect(extended.length).toBe(3);
  for (const { float64Run, run, nSamples } of extended) {
    const { trusted, logLikelihood } = float64Run!;
    expect(trusted).toBeGreaterThanOrEqual(9);
    const apart = run.logLikelihood.map((l, t) => Math.abs(l - logLikelihood[t]) / nSamples);
    expect(Math.max(...apart.slice(0, trusted))).toBeLessThan(2e-9);
    expect(Math.max(...apart)).toBeGreaterThan(0.03);
  }
});
