import { expect } from 'vitest';
import type { Mixture } from '../../src/index.ts';

/** What docs/own-family.md says of its fits. */
export function wavesAreFound({ parameters, converged }: Mixture): void {
  expect(converged).toBe(true);
  const { weights, sigmas } = parameters;
  expect(sigmas[0]).toBeCloseTo(0.5, 3);
  expect(sigmas[1]).toBeCloseTo(2, 2);
  expect(weights[0]).toBeCloseTo(2 / 3, 3);
}

export function hoursAreFound({
  mixture,
  rushHours,
}: {
  mixture: Mixture;
  rushHours: number[];
}): void {
  expect(mixture.converged).toBe(true);
  const { weights, concentrations } = mixture.parameters;
  expect(rushHours[0]).toBeCloseTo(8.534, 3);
  expect(rushHours[1]).toBeCloseTo(17.205, 3);
  expect(concentrations[0]).toBeCloseTo(9.484, 2);
  expect(concentrations[1]).toBeCloseTo(2.954, 2);
  expect(weights[0]).toBeCloseTo(0.361, 3);
}
