import { describe, expect, test } from 'vitest';
import { readRow } from '../../src/data/samples.ts';
import { logPriorOf, mStep } from '../../src/em/m-step.ts';
import type { Parameters } from '../../src/families/family.ts';
import { addStatistics, zeroStatistics } from '../../src/families/statistics.ts';
import { readPrior } from '../../src/model/prior.ts';
import { atOnce } from '../../src/data/pause.ts';
import { uniform } from '../support/hashgen.ts';
import { largestDifference } from '../support/numbers.ts';
import type { ContractCase } from './contract-cases.ts';
import { directionsOf, distanceToMaximum } from './contract-directions.ts';
import {
  densityOf,
  jointOf,
  parametersOf,
  problemOf,
  responsibilitiesOf,
  statisticsOf,
  type Problem,
} from './contract-problem.ts';

/** What a family promises by itself (src/families/family.ts), in float64, without a fit. */
export function describeFamily(one: ContractCase): void {
  const { family, nFeatures } = one;
  describe(`the family ${one.name}`, () => {
    test('has densities that sum to 1 over its support', async () => {
      const problem = await problemOf(one, 50);
      const parameters = parametersOf(one);
      const joint = jointOf(problem, parameters);
      const totals = parameters.weights.map(() => 0);
      for (const [sample, weight] of one.domain()) {
        for (let k = 0; k < totals.length; k++) totals[k] += weight * Math.exp(joint(sample, k));
      }
      expect(largestDifference(totals, parameters.weights)).toBeLessThan(1e-9);
    });

    test('counts its free parameters, and their arrays have the shapes that it says', () => {
      const parameters = parametersOf(one) as unknown as Record<string, Float64Array>;
      const nComponents = parameters['weights'].length;
      const shapes = family.parameterShapes(nComponents, nFeatures);
      expect(Object.keys(parameters)).toEqual(['weights', ...Object.keys(shapes)]);
      for (const [name, shape] of Object.entries(shapes)) {
        expect(parameters[name], name).toHaveLength(shape.reduce((size, n) => size * n, 1));
      }
      const free = family.freeParameters(nComponents, nFeatures) + nComponents - 1;
      expect(directionsOf(one)).toHaveLength(free);
      expect(family.checkParameters(parametersOf(one), nFeatures)).toBeUndefined();
    });

    test('finds its parameters again in its own coordinates', async () => {
      const { standardisation, parameters, ...problem } = await problemOf(one, 60);
      const there = problem.family.standardise(parameters, standardisation);
      const back = problem.family.restore(there, standardisation);
      expectClose(back, parameters, 1e-13);
    });

    test.each(sharesMissing(one))('has statistics that add (missing: %d)', async (missing) => {
      const problem = await problemOf(one, 101, { missing });
      const { parameters, samples } = problem;
      const gamma = anyResponsibilities(samples.nSamples, parameters.weights.length);
      const whole = statisticsOf(problem, parameters, gamma);
      const first = statisticsOf(problem, parameters, gamma, 0, 40);
      const merged = addStatistics(first, statisticsOf(problem, parameters, gamma, 40));
      const tolerance = 1e-12 * Math.max(...whole.sums.map(Math.abs), 101);
      expect(largestDifference(merged.sums, whole.sums)).toBeLessThan(tolerance);
      expect(largestDifference(merged.componentMass, whole.componentMass)).toBeLessThan(1e-11);
      expect(merged.observed === undefined).toBe(missing === 0);
      const [observed, all] = [merged.observed ?? [], whole.observed ?? []];
      expect(largestDifference(observed, all)).toBeLessThan(1e-11);
      const zero = zeroStatistics(
        parameters.weights.length,
        problem.family.statisticsLength(nFeatures),
        whole.origin,
        whole.observed?.length,
      );
      expect(addStatistics(zero, whole)).toEqual(whole);
    });

    const priors = [undefined, ...one.priors];
    for (const prior of priors) {
      for (const missing of sharesMissing(one)) {
        const given = prior === undefined ? 'maximum likelihood' : JSON.stringify(prior);
        test(`maximises the expected log-density: ${given}, missing ${missing}`, async () => {
          const problem = await problemOf(one, 200, { missing });
          await expectMaximum(one, problem, prior);
        });
      }
    }
  });
}

/** Shares of missing entries that the family's own M-step understands. */
function sharesMissing({ family }: ContractCase): number[] {
  return family.missing === 'observed' ? [0, 0.2] : [0];
}

/** Numbers in (0, 1) whose rows sum to 1. */
function anyResponsibilities(nSamples: number, nComponents: number): Float64Array {
  const gamma = Float64Array.from({ length: nSamples * nComponents }, (_, i) => uniform(3, 5, i));
  for (let n = 0; n < nSamples; n++) {
    const row = gamma.subarray(n * nComponents, (n + 1) * nComponents);
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, k) => (row[k] = value / sum));
  }
  return gamma;
}

/**
 * The M-step gives the parameters at which sum_n sum_k gamma_nk ln(pi_k p(x_n | theta_k)) + ln p(theta) is largest: to a
 * thousandth of a standard error along every free number.
 */
async function expectMaximum(one: ContractCase, problem: Problem, prior: unknown): Promise<void> {
  const { family, samples, standardisation, parameters, nFeatures } = problem;
  const nComponents = parameters.weights.length;
  const mixturePrior = atOnce(
    readPrior(prior, family, nComponents, {
      samples,
      sampleWeights: undefined,
    }),
  );
  const { gamma } = responsibilitiesOf(problem, parameters);
  const statistics = statisticsOf(problem, parameters, gamma);
  const previous = family.standardise(parameters, standardisation);
  const next = mStep(family, statistics, previous, {
    regCovar: new Float64Array(nFeatures),
    standardisation,
    mixturePrior,
    massScale: 1,
  });
  const found = family.restore(next, standardisation);
  const objective = (at: Parameters): number =>
    expectedLogDensity(problem, at, gamma) + logPriorOf(family, at, mixturePrior);
  for (const direction of directionsOf(one)) {
    const where = `${direction.array}[${direction.index}]`;
    const distance = distanceToMaximum(objective, found, direction);
    expect(Math.abs(distance), where).toBeLessThan(1e-3);
  }
}

function expectedLogDensity(problem: Problem, at: Parameters, gamma: Float64Array): number {
  const { family, samples, nFeatures } = problem;
  const density = densityOf(problem, at);
  const { nComponents } = density;
  const { means, scales } = problem.standardisation;
  const row = new Float64Array(nFeatures);
  const scratch = new Float64Array(nFeatures);
  let sum = 0;
  for (let n = 0; n < samples.nSamples; n++) {
    readRow(samples, n, row);
    for (let d = 0; d < nFeatures; d++) row[d] = (row[d] - means[d]) / scales[d];
    for (let k = 0; k < nComponents; k++) {
      sum += gamma[n * nComponents + k] * family.logDensity(density, k, row, scratch);
    }
  }
  return sum;
}

/** Every array, each number within `tolerance` of the array's largest. */
export function expectClose(found: Parameters, wanted: Parameters, tolerance: number): void {
  const values = found as unknown as Readonly<Record<string, Float64Array>>;
  for (const [name, array] of Object.entries(wanted)) {
    const size = Math.max(...(array as Float64Array).map(Math.abs));
    expect(largestDifference(values[name], array as Float64Array), name).toBeLessThanOrEqual(
      tolerance * size,
    );
  }
}
