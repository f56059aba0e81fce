import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guideByLabels, guideByPriors } from '../../../src/em/guidance.ts';
import { makeSeam } from '../../../src/em/make-seam.ts';
import { Threaded } from '../../../src/em/threaded.ts';
import { Reference } from '../../../src/em/reference.ts';
import type { Responsibilities } from '../../../src/em/responsibilities.ts';
import type { Seam } from '../../../src/em/seam.ts';
import type { Family, Parameters } from '../../../src/families/family.ts';
import { createContext, createDataset, type Context } from '../../../src/index.ts';
import { largestDifference } from '../numbers.ts';
import { problemOn, shape, type Problem } from './problems.ts';

/** What the fast side may differ from the reference by: of a sample's log-density, and of a component's mass times its spread. */
const NEAR = 1e-11;

const HOW: readonly Responsibilities[] = [{}, { assignment: 'hard' }, { inverseTemperature: 0.4 }];

/** The kernels on worker threads (or on the calling thread) say what the reference says, of every problem, in every way of asking. */
export function describeAgreement(
  problems: readonly Problem[],
  threads: number,
  leastWork = 0,
): void {
  const where = leastWork > 0 ? 'the calling thread' : `${threads} threads`;
  describe(`the float64 kernels on ${where} and the reference`, () => {
    let context: Context;
    beforeAll(async () => {
      context = await createContext({ backend: 'cpu', threads, leastWork });
    });
    afterAll(() => context.dispose());

    test.each(problems.map((problem) => [problem.name, problem] as const))(
      'agree: %s',
      async (_name, problem) => {
        const { samples, family, parameters, sampleWeights } = problemOn(problem);
        const dataset = await createDataset(samples, { context, sampleWeights });
        const fast = await makeSeam(dataset, family);
        expect(fast).toBeInstanceOf(Threaded);
        const reference = new Reference(dataset, family);
        const at = family.standardise(parameters, dataset.standardisationFor(family));
        for (const how of HOW) await expectEStep(fast, reference, at, family, how);
        const { nSamples } = dataset;
        const range = { firstSample: Math.floor(nSamples / 3), nSamples: Math.ceil(nSamples / 2) };
        await expectEStep(fast, reference, at, family, {}, range);
        await expectSayings(fast, reference, at, nSamples);
        dataset.dispose();
      },
    );

    test.each(['labels', 'priors'])('agree on what is known beforehand: %s', async (kind) => {
      for (const type of ['full', 'diag', 'bernoulli'] as const) {
        const problem = shape(type, 1500, 6, 5);
        const { samples, family, parameters } = problemOn(problem);
        const dataset = await createDataset(samples, { context });
        const at = family.standardise(parameters, dataset.standardisationFor(family));
        const guidance =
          kind === 'labels'
            ? guideByLabels(
                Int32Array.from({ length: 1500 }, (_, n) => Math.min(4, (n % 3) * (n % 5) - 1)),
              )
            : guideByPriors(
                Float64Array.from({ length: 7500 }, (_, i) =>
                  i % 11 === 0 ? -Infinity : -(i % 4),
                ),
                5,
              );
        const fast = await makeSeam(dataset, family, undefined, guidance);
        expect(fast).toBeInstanceOf(Threaded);
        const reference = new Reference(dataset, family, guidance);
        for (const how of HOW) await expectEStep(fast, reference, at, family, how);
        await expectSayings(fast, reference, at, 1500);
        fast.dispose();
        dataset.dispose();
      }
    });
  });
}

async function expectEStep(
  fast: Seam,
  reference: Seam,
  at: Parameters,
  family: Family,
  ...rest: [Responsibilities, { firstSample: number; nSamples: number }?]
): Promise<void> {
  const [how, range] = rest;
  const found = await fast.eStep(at, undefined, how, range);
  const wanted = await reference.eStep(at, undefined, how, range);
  expectNear([found.logLikelihood], [wanted.logLikelihood], NEAR, 'log-likelihood');
  const { nComponents, componentMass, sums, origin } = wanted.statistics;
  expect(found.statistics.origin).toEqual(origin);
  const total = componentMass.reduce((sum, mass) => sum + mass, 0);
  expectNear(found.statistics.componentMass, componentMass, NEAR * Math.max(1, total), 'masses', 0);
  const length = sums.length / nComponents;
  for (let k = 0; k < nComponents; k++) {
    const own = sums.subarray(k * length, (k + 1) * length);
    // (an even share of a boundary sample may go either way by rounding: of the largest sum)
    const size = Math.max(1e-300, ...own.map(Math.abs));
    const difference = largestDifference(
      found.statistics.sums.subarray(k * length, (k + 1) * length),
      own,
    );
    expect(difference / size, `sums of component ${k} of ${family.name}`).toBeLessThan(1e-9);
  }
}

async function expectSayings(
  fast: Seam,
  reference: Seam,
  at: Parameters,
  nSamples: number,
): Promise<void> {
  const [found, wanted] = [await fast.measure(at), await reference.measure(at)];
  expectNear([found.logLikelihood], [wanted.logLikelihood], NEAR, 'log-likelihood');
  expectNear([found.entropy], [wanted.entropy], NEAR * nSamples, 'entropy', 0);
  expectNear(await fast.scoreSamples(at), await reference.scoreSamples(at), NEAR, 'scores');
  const logs = await gather(reference, at, true);
  const labels = await fast.predict(at);
  const expected = await reference.predict(at);
  const nComponents = logs.length / nSamples;
  for (let n = 0; n < nSamples; n++) {
    if (labels[n] === expected[n]) continue;
    // as probable as the reference's choice
    const row = n * nComponents;
    expect(logs[row + labels[n]]).toBeCloseTo(logs[row + expected[n]], 9);
  }
  expectNear(await gather(fast, at, true), logs, NEAR, 'ln gamma');
  expectNear(await gather(fast, at, false), await gather(reference, at, false), NEAR, 'gamma');
}

async function gather(seam: Seam, at: Parameters, logarithms: boolean): Promise<Float64Array> {
  const parts: number[] = [];
  let next = 0;
  await seam.forEachResponsibilities(
    at,
    (firstSample, count, responsibilities) => {
      expect(firstSample).toBe(next);
      next += count;
      const { length } = at.weights;
      for (let i = 0; i < count * length; i++) parts.push(responsibilities[i]);
    },
    undefined,
    logarithms,
  );
  return Float64Array.from(parts);
}

/** Each number within `tolerance` of the wanted one's size, or of 1 (`least`) where that is smaller; infinities the same. */
function expectNear(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
  relative = 1,
): void {
  expect(found.length, what).toBe(wanted.length);
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (found[i] === wanted[i]) continue;
    const size = relative === 0 ? 1 : Math.max(1, Math.abs(wanted[i]));
    const difference = Math.abs(found[i] - wanted[i]) / size;
    worst = difference <= worst ? worst : difference;
  }
  expect(worst, what).toBeLessThanOrEqual(tolerance);
}
