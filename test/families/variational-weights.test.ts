import { expect, test } from 'vitest';
import { weightPosteriors } from '../../src/families/variational-weights.ts';

const MASS = Float64Array.of(12, 0, 3.5, 4.5);
const { dirichlet_process: process, dirichlet_distribution: distribution } = weightPosteriors;

test('a Dirichlet distribution counts samples of each component beside the prior', () => {
  const concentrations = distribution.update(MASS, 0.25);
  expect(Array.from(concentrations)).toEqual([12.25, 0.25, 3.75, 4.75]);
  expect(Array.from(distribution.means(concentrations))).toEqual(
    [12.25, 0.25, 3.75, 4.75].map((a) => a / 21),
  );
});

test('a stick breaks where samples do: those of the component against those after it', () => {
  expect(Array.from(process.update(MASS, 0.25))).toEqual([13, 1, 4.5, 5.5, 8.25, 8.25, 4.75, 0.25]);
});

test.each(['dirichlet_process', 'dirichlet_distribution'] as const)(
  '%s: E[ln pi] lies below ln E[pi], and comes to it as samples grow',
  (type) => {
    const gap = (factor: number): number => {
      const concentrations = weightPosteriors[type].update(
        MASS.map((n) => factor * (n + 1)),
        1,
      );
      const means = weightPosteriors[type].means(concentrations);
      const logs = weightPosteriors[type].expectedLogs(concentrations);
      expect(means.reduce((sum, mean) => sum + mean, 0)).toBeCloseTo(1, 14);
      return Math.max(...logs.map((log, k) => Math.abs(log - Math.log(means[k]))));
    };
    const concentrations = weightPosteriors[type].update(MASS, 1);
    const means = weightPosteriors[type].means(concentrations);
    weightPosteriors[type]
      .expectedLogs(concentrations)
      .forEach((log, k) => expect(log).toBeLessThan(Math.log(means[k])));
    expect(gap(1e6)).toBeLessThan(1e-5);
    expect(gap(1e3)).toBeLessThan(gap(1));
  },
);

test.each(['dirichlet_process', 'dirichlet_distribution'] as const)(
  "%s: the density's normaliser is the one that its integral asks for",
  (type) => {
    // K = 2: one number in (0, 1) says all, with density x^(a - 1) (1 - x)^(b - 1)
    const concentrations = Float64Array.of(3, 2.5, 4.5, 1.5);
    const pairs =
      type === 'dirichlet_process'
        ? [
            [3, 4.5],
            [2.5, 1.5],
          ]
        : [[3, 2.5]];
    const given = type === 'dirichlet_process' ? concentrations : concentrations.subarray(0, 2);
    const steps = 200000;
    const integrals = pairs.map(([a, b]) => {
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const x = (i + 0.5) / steps;
        sum += x ** (a - 1) * (1 - x) ** (b - 1);
      }
      return Math.log(sum / steps);
    });
    const expected = -integrals.reduce((sum, value) => sum + value, 0);
    expect(weightPosteriors[type].logNormaliser(given)).toBeCloseTo(expected, 6);
  },
);
