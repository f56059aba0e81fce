import { describe, expect, test } from 'vitest';
import { guideByLabels, guideByPriors, type Guidance } from '../../src/em/guidance.ts';
import type { Responsibilities } from '../../src/em/responsibilities.ts';
import type { EStepResult, SampleRange } from '../../src/em/seam.ts';
import { makeSeam } from '../../src/em/make-seam.ts';
import { mStep } from '../../src/em/m-step.ts';
import type { Family, Parameters } from '../../src/families/family.ts';
import { createDataset, Mixture, type Context } from '../../src/index.ts';
import { atOnce } from '../../src/data/pause.ts';
import { largestDifference, relativeDifference } from '../support/numbers.ts';
import { readBuffer } from '../support/read-buffer.ts';
import type { ContractCase } from './contract-cases.ts';
import { drawn, parametersOf } from './contract-problem.ts';

/** Relative to max(1, |l|), a sample's log-density; of a statistic, to its component's mass. */
const TOLERANCE = 1e-5;

/** Shared by all cases, so that kernels are compiled once; there when the tests run. */
export interface Contexts {
  readonly cpu: Context;
  readonly webgpu: Context;
}

type DrawnSamples = ReturnType<typeof drawn>;

/** The two sides of the seam say the same of the same parameters. Families without kernels are left to the reference. */
export function describeSeams(one: ContractCase, contextsOf: () => Contexts): void {
  const { family, nFeatures } = one;
  const shares = family.missing === 'observed' ? [0, 0.2] : [0];
  describe(`${one.name}: the kernels and the float64 reference`, () => {
    const both = async <T>(
      run: (context: Context) => Promise<T>,
    ): Promise<{ cpu: T; webgpu: T }> => ({
      cpu: await run(contextsOf().cpu),
      webgpu: await run(contextsOf().webgpu),
    });

    test.each(shares)(
      'agree on log-densities and responsibilities (missing: %d)',
      async (missing) => {
        const samples = drawn(one, 700, { seed: 12, missing });
        const mixture = await mixtureOf(one, samples);
        const scores = await both((context) => mixture.scoreSamples(samples, { context }));
        scores.cpu.forEach((score, n) => {
          expect(relativeDifference(scores.webgpu[n], score), `sample ${n}`).toBeLessThan(
            TOLERANCE,
          );
        });
        const gamma = await both((context) => mixture.predictProba(samples, { context }));
        expect(largestDifference(gamma.webgpu, gamma.cpu)).toBeLessThan(1e-4);
        if (family.deviceless === undefined) {
          await expectBuffers(mixture, samples, contextsOf().webgpu, gamma.cpu);
        }
        // log-likelihood and entropy, summed where they arise
        const icl = await both((context) => mixture.icl(samples, { context }));
        expect(relativeDifference(icl.webgpu, icl.cpu)).toBeLessThan(TOLERANCE);
      },
    );

    test.each(shares)('agree on the statistics (missing: %d)', async (missing) => {
      const samples = drawn(one, 700, { seed: 13, missing });
      const sampleWeights = Float64Array.from({ length: 700 }, (_, n) => 0.5 + (n % 3));
      const { cpu, webgpu } = await both((context) =>
        eStep(one, samples, context, { sampleWeights }),
      );
      expect(relativeDifference(webgpu.logLikelihood, cpu.logLikelihood)).toBeLessThan(1e-6);
      expectSame(webgpu, cpu, TOLERANCE);
    });

    // (in an irregular order: the kernels' rows must meet the right samples)
    const labels = Int32Array.from({ length: 700 }, (_, n) => [-1, 0, -1, 1, -1][(n * 7) % 5]);
    const tau = Float64Array.from({ length: 1400 }, (_, i) =>
      i % 6 === 3 ? 0 : Math.exp(-0.37 * (i % 5)),
    );
    const asked: readonly [string, EStepAsked][] = [
      ['hard', { how: { assignment: 'hard' } }],
      ['annealed', { how: { inverseTemperature: 0.3 } }],
      ['guided by labels', { guidance: guideByLabels(labels) }],
      ['guided by priors', { guidance: guideByPriors(tau.map(Math.log), 2) }],
      [
        'guided, hard',
        { how: { assignment: 'hard' }, guidance: guideByPriors(tau.map(Math.log), 2) },
      ],
    ];
    test.each(asked)('agree on %s statistics', async (_, options) => {
      const samples = drawn(one, 700, { seed: 16, missing: shares.at(-1)! });
      const { cpu, webgpu } = await both((context) => eStep(one, samples, context, options));
      expect(relativeDifference(webgpu.logLikelihood, cpu.logLikelihood)).toBeLessThan(1e-6);
      expectSame(webgpu, cpu, TOLERANCE);
    });

    test('give of several models at once, over chunks, what they give of each, to the bit', async () => {
      const samples = drawn(one, 4500, { seed: 17, missing: shares.at(-1)! });
      for (const context of [contextsOf().webgpu, contextsOf().cpu]) {
        const { together, alone } = await severalESteps(one, samples, context);
        expect(together).toEqual(alone);
      }
    });

    test('add up over chunks of samples', async () => {
      const samples = drawn(one, 9000, { seed: 14, missing: shares.at(-1)! });
      const whole = await eStep(one, samples, contextsOf().webgpu);
      const cut = await eStep(one, samples, contextsOf().webgpu, { maxChunkSamples: 4096 });
      expect(relativeDifference(cut.logLikelihood, whole.logLikelihood)).toBeLessThan(1e-7);
      expectSame(cut, whole, 1e-6);
    });

    test('agree on parts of the samples, which add up to the whole', async () => {
      // (drawn component by component: every part is to have some of each)
      const samples = mixed(drawn(one, 5000, { seed: 18, missing: shares.at(-1)! }));
      const options = {
        sampleWeights: Float64Array.from({ length: 5000 }, (_, n) => 0.5 + (n % 3)),
        maxChunkSamples: 4096,
        guidance: guideByPriors(
          Float64Array.from({ length: 10000 }, (_, i) => -0.37 * (i % 5)),
          2,
        ),
      };
      const whole = await eStep(one, samples, contextsOf().webgpu, options);
      // the second lies in two chunks, and ends within a slab of the second
      const bounds = [0, 3840, 4352, 5000];
      let total = 0;
      for (const [b, firstSample] of bounds.slice(0, -1).entries()) {
        const range = { firstSample, nSamples: bounds[b + 1] - firstSample };
        const { cpu, webgpu } = await both((context) =>
          eStep(one, samples, context, { ...options, range }),
        );
        expect(relativeDifference(webgpu.logLikelihood, cpu.logLikelihood)).toBeLessThan(1e-6);
        expectSame(webgpu, cpu, TOLERANCE);
        total += webgpu.logLikelihood;
      }
      expect(relativeDifference(total, whole.logLikelihood)).toBeLessThan(1e-7);
    });

    test('agree on a fit of ten iterations', async () => {
      const samples = drawn(one, 500, { seed: 15, missing: shares.at(-1)! });
      const start = Object.fromEntries(
        Object.entries(one.parameters).filter(([name]) => name !== 'weights'),
      );
      const { cpu, webgpu } = await both((context) =>
        Mixture.fit(samples, {
          family,
          nComponents: 2,
          weightsInit: [0.5, 0.5],
          parametersInit: start,
          tol: 0,
          maxIter: 10,
          regCovar: 0,
          context,
        }),
      );
      expect(webgpu.contextInfo?.backend).toBe(family.deviceless === undefined ? 'webgpu' : 'cpu');
      cpu.lowerBounds.forEach((bound, t) => {
        expect(relativeDifference(webgpu.lowerBounds[t], bound)).toBeLessThan(TOLERANCE);
      });
      for (const [name, values] of Object.entries(cpu.parameters)) {
        const size = Math.max(...values.map(Math.abs));
        expect(largestDifference(webgpu.parameters[name], values) / size, name).toBeLessThan(1e-4);
      }
    });
  });

  /** Statistics as what an M-step makes of them: the two sides may take them about different origins. */
  function expectSame(found: Measured, wanted: Measured, tolerance: number): void {
    const mass = wanted.statistics.componentMass;
    found.statistics.componentMass.forEach((value, k) => {
      expect(Math.abs(value / mass[k] - 1)).toBeLessThan(tolerance);
    });
    const { observed } = wanted.statistics;
    expect(found.statistics.observed?.length).toBe(observed?.length);
    observed?.forEach((value, i) => {
      const share =
        Math.abs(found.statistics.observed![i] - value) / mass[Math.floor(i / nFeatures)];
      expect(share).toBeLessThan(tolerance);
    });
    for (const [name, values] of Object.entries(wanted.next)) {
      const size = Math.max(...(values as Float64Array).map(Math.abs));
      const other = (found.next as unknown as Record<string, Float64Array>)[name];
      expect(largestDifference(other, values as Float64Array) / size, name).toBeLessThan(tolerance);
    }
  }
}

interface Measured extends EStepResult {
  /** After one M-step, in the user's units. */
  readonly next: Parameters;
}

/** The samples in another order. */
function mixed({ data, nSamples, nFeatures }: DrawnSamples): DrawnSamples {
  const moved = new Float64Array(data.length);
  for (let n = 0; n < nSamples; n++) {
    const from = ((n * 7919) % nSamples) * nFeatures;
    moved.set(data.subarray(from, from + nFeatures), n * nFeatures);
  }
  return { data: moved, nSamples, nFeatures };
}

async function resolvedFamily({ family }: ContractCase, samples: DrawnSamples): Promise<Family> {
  if (!family.resolve) return family;
  const dataset = await createDataset(samples);
  return atOnce(family.resolve(dataset.samples));
}

async function mixtureOf(one: ContractCase, samples: DrawnSamples): Promise<Mixture> {
  return new Mixture(await resolvedFamily(one, samples), parametersOf(one), one.nFeatures);
}

interface EStepAsked {
  readonly sampleWeights?: Float64Array;
  readonly maxChunkSamples?: number;
  readonly how?: Responsibilities;
  readonly guidance?: Guidance;
  readonly range?: SampleRange;
}

/** E-steps of five models, each an M-step from the one before, at once and one by one. */
async function severalESteps(
  one: ContractCase,
  samples: DrawnSamples,
  context: Context,
): Promise<{ together: EStepResult[]; alone: EStepResult[] }> {
  const family = await resolvedFamily(one, samples);
  const dataset = await createDataset(samples, { context, maxChunkSamples: 4096 });
  const seam = await makeSeam(dataset, family);
  try {
    const standardisation = dataset.standardisationFor(family);
    let parameters = family.standardise(parametersOf(one), standardisation);
    const list: Parameters[] = [];
    const alone: EStepResult[] = [];
    for (let m = 0; m < 5; m++) {
      list.push(parameters);
      alone.push(await seam.eStep(parameters));
      parameters = mStep(family, alone[m].statistics, parameters, {
        regCovar: new Float64Array(one.nFeatures),
        standardisation,
        massScale: 1,
      });
    }
    return { together: await seam.eSteps(list), alone };
  } finally {
    seam.dispose();
    dataset.dispose();
  }
}

async function eStep(
  one: ContractCase,
  samples: DrawnSamples,
  context: Context,
  options: EStepAsked = {},
): Promise<Measured> {
  const family = await resolvedFamily(one, samples);
  const { sampleWeights, maxChunkSamples } = options;
  const dataset = await createDataset(samples, {
    context,
    sampleWeights,
    ...(maxChunkSamples !== undefined && { maxChunkSamples }),
  });
  const seam = await makeSeam(dataset, family, undefined, options.guidance);
  try {
    const standardisation = dataset.standardisationFor(family);
    const parameters = family.standardise(parametersOf(one), standardisation);
    const result = await seam.eStep(parameters, undefined, options.how, options.range);
    const next = mStep(family, result.statistics, parameters, {
      regCovar: new Float64Array(one.nFeatures),
      standardisation,
      massScale: 1,
    });
    return { ...result, next: family.restore(next, standardisation) };
  } finally {
    seam.dispose();
    dataset.dispose();
  }
}

/** What stays on the device, a number a sample, is what the float64 reference says. */
async function expectBuffers(
  mixture: Mixture,
  samples: DrawnSamples,
  context: Context,
  gamma: Float32Array,
): Promise<void> {
  const { nComponents } = mixture;
  const dataset = await createDataset(samples, { context });
  const last = nComponents - 1;
  const asked = [
    {
      kept: await mixture.responsibilityBuffers(dataset, last),
      expected: (row: Float32Array) => row[last],
    },
    {
      kept: await mixture.entropyBuffers(dataset),
      expected: (row: Float32Array) =>
        row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0),
    },
  ];
  for (const { kept, expected } of asked) {
    const values = new Float32Array(await readBuffer(context.device!, kept.buffers[0]));
    const rows = Float32Array.from({ length: samples.nSamples }, (_, n) =>
      expected(gamma.subarray(n * nComponents, (n + 1) * nComponents)),
    );
    expect(largestDifference(values.subarray(0, samples.nSamples), rows)).toBeLessThan(2e-4);
    kept.dispose();
  }
  dataset.dispose();
}
