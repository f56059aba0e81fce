import { describe, expect, test } from 'vitest';
import { readRow } from '../../src/data/samples.ts';
import { standardise } from '../../src/data/standardisation.ts';
import type { Parameters } from '../../src/families/family.ts';
import { sumAbout, type Statistics } from '../../src/families/statistics.ts';
import { relativeDifference } from '../support/numbers.ts';
import type { ContractCase } from './contract-cases.ts';
import { directionsOf, moved, valueAt } from './contract-directions.ts';
import {
  densityOf,
  parametersOf,
  problemOf,
  responsibilitiesOf,
  statisticsOf,
  toCoordinates,
  type Problem,
} from './contract-problem.ts';
import { expectClose } from './contract.ts';

/** What a family promises of its statistics beyond being added: what incremental and stepwise EM stand on. */
export function describeStatistics(one: ContractCase): void {
  const { family, nFeatures } = one;
  const shares = family.missing === 'observed' ? [0, 0.2] : [0];

  /** The M-step by maximum likelihood, in the user's units. */
  function maximum(problem: Problem, statistics: Statistics): Parameters {
    const { standardisation, parameters } = problem;
    const previous = problem.family.standardise(parameters, standardisation);
    const regCovar = new Float64Array(nFeatures);
    const next = problem.family.mStep(statistics, previous, { regCovar, standardisation });
    return problem.family.restore(next, standardisation);
  }

  describe(`statistics of ${one.name}`, () => {
    test.each(shares)(
      'about another origin are those summed about it (missing: %d)',
      async (missing) => {
        const problem = await problemOf(one, 150, { missing });
        const { gamma } = responsibilitiesOf(problem, problem.parameters);
        const elsewhere = otherParameters(one);
        const there = statisticsOf(problem, elsewhere, gamma);
        const here = statisticsOf(problem, problem.parameters, gamma, 0, 90);
        // the first 90 samples, summed elsewhere and brought there, and the others
        const rest = statisticsOf(problem, elsewhere, gamma, 90);
        const both = sumAbout(problem.family, [here, 1], [rest, 1]);
        expect(both.origin).toEqual(there.origin);
        expectClose(maximum(problem, both), maximum(problem, there), 1e-12);
      },
    );

    test('are the same in the user’s units and back', async () => {
      const problem = await problemOf(one, 100);
      const { gamma } = responsibilitiesOf(problem, problem.parameters);
      const statistics = statisticsOf(problem, problem.parameters, gamma);
      const { rescale } = problem.family;
      const wanted = maximum(problem, statistics);
      const units = rescale?.(statistics, problem.standardisation, true) ?? statistics;
      const again = rescale?.(units, problem.standardisation, false) ?? units;
      expectClose(maximum(problem, again), wanted, 1e-11);
      if (problem.family.coordinates !== 'standardised') return;
      // and in the standardisation of other samples
      const { samples } = await problemOf(one, 40, { seed: 8 });
      const standardisation = standardise(samples);
      const other = { ...problem, standardisation };
      expectClose(maximum(other, rescale!(units, standardisation, false)), wanted, 1e-11);
    });

    test('that the parameters expect give them back', async () => {
      const problem = await problemOf(one, 60);
      const density = densityOf(problem, problem.parameters);
      const parameters = problem.family.standardise(problem.parameters, problem.standardisation);
      const statistics = problem.family.expectedStatistics(density, parameters, 1000);
      const mass = statistics.componentMass.reduce((sum, value) => sum + value, 0);
      expect(mass).toBeCloseTo(1000, 9);
      // a family whose E[T] is found numerically has it to six digits
      const near = JSON.stringify(one.own ?? []).length > 2 ? 1e-6 : 1e-12;
      expectClose(maximum(problem, statistics), problem.parameters, near);
    });

    test.each(shares)(
      'give the expected log-density of their samples under any parameters (missing: %d)',
      async (missing) => {
        const problem = await problemOf(one, 80, { missing });
        const { gamma } = responsibilitiesOf(problem, problem.parameters);
        const statistics = statisticsOf(problem, problem.parameters, gamma);
        for (const parameters of [problem.parameters, otherParameters(one)]) {
          const found = problem.family.expectedLogDensity(
            densityOf(problem, parameters),
            statistics,
          );
          const wanted = summedLogDensity(problem, parameters, gamma);
          expect(relativeDifference(found, wanted)).toBeLessThan(1e-12);
        }
      },
    );
  });
}

/** Parameters not far from the case's, but with the other value the likelier one of each binary feature. */
function otherParameters(one: ContractCase): Parameters {
  return directionsOf(one).reduce((at, direction, i) => {
    const value = valueAt(at, direction);
    const binary = direction.array.endsWith('probabilities') && direction.tied.length === 0;
    const step = (i % 2 === 0 ? 0.1 : -0.1) * Math.min(3, Math.max(0.1, Math.abs(value)));
    return moved(at, direction, binary ? 1 - 2 * value : step);
  }, parametersOf(one));
}

function summedLogDensity(problem: Problem, parameters: Parameters, gamma: Float64Array): number {
  const { family, samples, nFeatures } = problem;
  const density = densityOf(problem, parameters);
  const row = new Float64Array(nFeatures);
  const own = new Float64Array(nFeatures);
  const scratch = new Float64Array(nFeatures);
  let sum = 0;
  for (let n = 0; n < samples.nSamples; n++) {
    readRow(samples, n, row);
    toCoordinates(problem, row, own);
    for (let k = 0; k < density.nComponents; k++) {
      const weight = gamma[n * density.nComponents + k];
      if (weight > 0) sum += weight * family.logDensity(density, k, own, scratch);
    }
  }
  return sum;
}
