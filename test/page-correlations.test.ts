import { describe, expect, test } from 'vitest';
import { correlationColour } from '../src/app/results/correlation-colour.ts';
import {
  canBeMapped,
  correlationsOf,
  correlationText,
  strongestCorrelations,
} from '../src/app/results/correlations.ts';
import { luminance, textColourOn } from '../src/app/shared/palette.ts';
import { GaussianMixture } from '../src/index.ts';

/** One component of D features with unit variances 1, 4, 9, ... and the correlations r(i, j) = (-1)^(i+j) / (i + j + 2). */
function mixtureOf(nFeatures: number, covarianceType = 'full'): GaussianMixture {
  const row = (i: number) =>
    Array.from({ length: nFeatures }, (_, j) => (i + 1) * (j + 1) * correlation(i, j));
  const covariance = Array.from({ length: nFeatures }, (_, i) => row(i));
  return GaussianMixture.fromJSON({
    format: 'webgpu-em/gaussian-mixture',
    version: 1,
    covarianceType,
    weights: [1],
    means: [Array.from({ length: nFeatures }, () => 0)],
    covariances: covarianceType === 'full' ? [covariance] : covariance,
  });
}
const correlation = (i: number, j: number) =>
  i === j ? 1 : (i + j) % 2 === 0 ? 0.1 / (i + j + 2) : -0.1 / (i + j + 2);

describe('correlations of a component', () => {
  test.each(['full', 'tied'])('are those of its covariance, %s', (type) => {
    const mixture = mixtureOf(30, type);
    correlationsOf(mixture, 0).forEach((value, at) =>
      expect(value).toBeCloseTo(correlation(Math.floor(at / 30), at % 30), 12),
    );
    const [first] = strongestCorrelations(mixture, 0, 1);
    expect([first.row, first.column]).toEqual([0, 1]);
  });

  test('are mapped from 3 to 30 features', () => {
    expect([2, 3, 30, 31].map((nFeatures) => canBeMapped(mixtureOf(nFeatures)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test.each([false, true])('the numbers are read on every colour (dark: %s)', (dark) => {
    const steps = Array.from({ length: 201 }, (_, i) => i / 100 - 1);
    for (const value of steps) {
      const colour = luminance(correlationColour(value, dark));
      const text = textColourOn(correlationColour(value, dark)) === '#000' ? 0 : 1;
      const [low, high] = [colour, text].sort((a, b) => a - b);
      expect((high + 0.05) / (low + 0.05), String(value)).toBeGreaterThanOrEqual(4.5);
    }
    // the stronger, the further from the page: what colour says is said in grey too
    const away = (value: number) =>
      Math.abs(luminance(correlationColour(value, dark)) - luminance(correlationColour(0, dark)));
    for (const sign of [-1, 1]) {
      const sizes = [0, 0.25, 0.5, 0.75, 1].map((size) => away(sign * size));
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    }
  });

  test('in words have two decimals, and no negative zero', () => {
    expect([0.534, -0.004, -0.5, 1].map(correlationText)).toEqual([
      '0.53',
      '0.00',
      '−0.50',
      '1.00',
    ]);
  });
});
