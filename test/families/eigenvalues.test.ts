import { describe, expect, test } from 'vitest';
import { covarianceEigenvalues } from '../../src/families/eigenvalues.ts';
import reference from '../fixtures/eigenvalues.json' with { type: 'json' };

describe('eigenvalues of a covariance', () => {
  test.each(reference.cases)('$name', async ({ n, matrix, exact, numpy, scaled }) => {
    const values = await covarianceEigenvalues(Float64Array.from(matrix), n);
    const largest = exact[n - 1];
    values.forEach((value, i) => {
      // numpy is right to the digits of the largest
      expect(Math.abs(value - numpy[i])).toBeLessThanOrEqual(1e-14 * n * largest);
      // each to its own digits, as far as the entries have them; where they have none, 0
      const allowed = scaled === null ? 1e-14 * largest : 1e-15 * n * scaled * exact[i];
      expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(allowed);
    });
  });

  test('an exactly singular matrix has as many zeros as it lacks rank, and no negative values', async () => {
    const of = async (name: string) => {
      const { n, matrix } = reference.cases.find((one) => one.name.startsWith(name))!;
      return covarianceEigenvalues(Float64Array.from(matrix), n);
    };
    expect((await of('an outer product alone')).filter((value) => value === 0).length).toBe(3);
    expect((await of('fewer samples than features')).filter((value) => value === 0).length).toBe(3);
    expect(Array.from(await of('zero'))).toEqual([0, 0, 0]);
  });

  test('the caller may pause it, and stop it by throwing there', async () => {
    const { n, matrix } = reference.cases.find(({ name }) => name === 'random 40')!;
    const stop = new Error('stop');
    const stopped = covarianceEigenvalues(Float64Array.from(matrix), n, () => Promise.reject(stop));
    await expect(stopped).rejects.toBe(stop);
  });
});
