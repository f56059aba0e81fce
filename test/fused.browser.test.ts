import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataset, type DatasetOptions } from '../src/em/create-dataset.ts';
import { Device } from '../src/em/device.ts';
import { guideAtRandom, guideByLabels, guideByPriors, type Guidance } from '../src/em/guidance.ts';
import { fuses } from '../src/em/kernel-shape.ts';
import { Reference } from '../src/em/reference.ts';
import type { Responsibilities } from '../src/em/responsibilities.ts';
import type { SampleRange, Seam } from '../src/em/seam.ts';
import type { GaussianFamily } from '../src/families/gaussian-common.ts';
import { gaussianFamilies } from '../src/families/gaussian-types.ts';
import type { GaussianParameters } from '../src/families/gaussian.ts';
import { type Context } from '../src/index.ts';
import { hashgen, uniform } from './support/hashgen.ts';
import { contextOn } from './support/context.ts';

let context: Context;
beforeAll(async () => {
  context = await contextOn('webgpu');
});
afterAll(() => context.dispose());

interface Problem {
  readonly type: 'full' | 'tied' | 'diag' | 'spherical';
  readonly nFeatures: number;
  readonly nComponents?: number;
  readonly nSamples?: number;
  /** Two halves far apart beside the components (small data goes as pairs of float32 in any case). */
  readonly far?: boolean;
  readonly how?: Responsibilities;
  readonly guidance?: Guidance;
  readonly range?: SampleRange;
  readonly options?: DatasetOptions & { readonly maxChunkSamples?: number };
}

/** The same family without the sums of the fused kernel: log_joint, normalise, and the family's own sums. */
function unfused(family: GaussianFamily): GaussianFamily {
  return {
    ...family,
    device(nFeatures, missing) {
      const {
        fusedSums: _fused,
        shortSums: _short,
        linear: _linear,
        ...twin
      } = family.device(nFeatures, missing);
      return twin;
    },
  };
}

function dataOf({ nFeatures, nSamples = 1025, far }: Problem): Float64Array {
  const spec = { seed: 5, n: nSamples, k: 3, d: nFeatures, kind: 'full' } as const;
  const { data } = hashgen({ ...spec, sep: 3, corr: 0.6, smin: 0.6, smax: 1.2 });
  return far
    ? data.map((value, i) => value + (Math.floor(i / nFeatures) % 2 === 0 ? 0 : 3e5))
    : data;
}

/** What both kinds of kernels and float64 make of one E-step, at parameters that an M-step gave. */
async function eSteps(
  problem: Problem,
  threeKernels: boolean,
  models: number,
): Promise<{ fused: Found[]; unfused: Found[] | undefined; reference: Found[] }> {
  const { type, nFeatures, nComponents = 7, nSamples = 1025, how = {}, guidance, range } = problem;
  const family = gaussianFamilies[type];
  const samples = { data: dataOf(problem), nSamples, nFeatures };
  const dataset = await createDataset(samples, { ...problem.options, context });
  const { standardisation } = dataset;
  const reference = new Reference(dataset, family, guidance);
  const free = new Reference(dataset, family);
  const regCovar = new Float64Array(nFeatures).fill(problem.far ? 1e-11 : 0.01);
  const list: GaussianParameters[] = [];
  for (let m = 0; m < models; m++) {
    const means = new Float64Array(nComponents * nFeatures);
    for (let k = 0; k < nComponents; k++) {
      const sample = Math.floor(uniform(9, m, k) * nSamples);
      const row = means.subarray(k * nFeatures, (k + 1) * nFeatures);
      dataset.readStandardised(sample, row);
    }
    const start = family.narrow!(means, nComponents, nFeatures, problem.far ? 1e-5 : 0.5);
    const { statistics } = await free.eStep(start);
    list.push(family.mStep(statistics, start, { regCovar, standardisation }));
  }
  const seams: Record<Side, Seam> = {
    fused: new Device(dataset, family, context, undefined, guidance),
    unfused: new Device(dataset, unfused(family), context, undefined, guidance),
    reference,
  };
  try {
    const run = async (seam: Seam): Promise<Found[]> => {
      const results =
        models > 1
          ? await seam.eSteps(list, undefined, how)
          : [await seam.eStep(list[0], undefined, how, range)];
      return results.map(({ logLikelihood, statistics }, m) => {
        const { means, covariances } = family.mStep(statistics, list[m], {
          regCovar,
          standardisation,
        });
        return { logLikelihood, masses: statistics.componentMass, means, covariances };
      });
    };
    return {
      fused: await run(seams.fused),
      unfused: threeKernels ? await run(seams.unfused) : undefined,
      reference: await run(seams.reference),
    };
  } finally {
    for (const seam of Object.values(seams)) seam.dispose();
    dataset.dispose();
  }
}

type Side = 'fused' | 'unfused' | 'reference';

/** What an E-step leads to: by its M-step, since statistics may be about other means. */
interface Found {
  readonly logLikelihood: number;
  readonly masses: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** Per sample: log-likelihood, masses, and what components' masses make of differences of means and covariances in deviations. */
function expectSame(a: Found, b: Found, { nSamples, nFeatures, type }: Sized, bound: number): void {
  const size = Math.max(1, Math.abs(b.logLikelihood) / nSamples);
  expect(Math.abs(a.logLikelihood - b.logLikelihood) / nSamples).toBeLessThan(bound * size);
  const nComponents = b.masses.length;
  const stride = type === 'tied' ? 0 : b.covariances.length / nComponents;
  const rows = stride || b.covariances.length;
  let most = 0;
  for (let k = 0; k < nComponents; k++) {
    const share = b.masses[k] / nSamples;
    const variance = b.covariances[k * stride];
    most = Math.max(most, Math.abs(a.masses[k] - b.masses[k]) / nSamples);
    for (let i = k * nFeatures; i < (k + 1) * nFeatures; i++) {
      most = Math.max(most, (share * Math.abs(a.means[i] - b.means[i])) / Math.sqrt(variance));
    }
    for (let i = k * stride; i < k * stride + rows; i++) {
      const difference = Math.abs(a.covariances[i] - b.covariances[i]);
      most = Math.max(most, (share * difference) / variance);
    }
  }
  expect(most).toBeLessThan(bound);
}

type Sized = Pick<Problem, 'nFeatures' | 'type'> & { readonly nSamples: number };

/** @param threeKernels whether to run those too: each compiles for a second on SwiftShader */
async function expectAlike(problem: Problem, threeKernels = true, models = 1): Promise<void> {
  const { fused, unfused: three, reference } = await eSteps(problem, threeKernels, models);
  const sized = { ...problem, nSamples: problem.range?.nSamples ?? problem.nSamples ?? 1025 };
  expect(fused).toHaveLength(models);
  for (let m = 0; m < models; m++) {
    if (three) expectSame(fused[m], three[m], sized, 1e-6);
    // (where responsibilities are random, no log-likelihood has a meaning)
    const { logLikelihood } = problem.guidance?.kind === 'random' ? fused[m] : reference[m];
    expectSame(fused[m], { ...reference[m], logLikelihood }, sized, 2e-6);
  }
}

test('it is chosen by family, features and components alone', () => {
  for (const type of ['full', 'tied', 'diag', 'spherical'] as const) {
    const family = gaussianFamilies[type];
    expect(fuses(family.device(4, false), 64)).toBe(true);
    expect(fuses(family.device(4, false), 65)).toBe(false);
    expect(fuses(family.device(5, false), 2)).toBe(false);
  }
  expect(fuses(gaussianFamilies.diag.device(2, true), 2)).toBe(false);
});

describe('one kernel for the whole E-step gives what three kernels and float64 give', () => {
  test.each([
    { type: 'diag', nFeatures: 1 },
    { type: 'full', nFeatures: 1 },
    { type: 'full', nFeatures: 2 },
    { type: 'spherical', nFeatures: 2 },
    { type: 'diag', nFeatures: 3 },
    { type: 'full', nFeatures: 3 },
    { type: 'full', nFeatures: 4 },
    { type: 'diag', nFeatures: 4 },
    { type: 'tied', nFeatures: 2 },
  ] as const)('$type, $nFeatures features', (problem) => expectAlike(problem, false));

  test.each([1, 2, 64, 65])('%d components', async (nComponents) => {
    await expectAlike({ type: 'full', nFeatures: 2, nComponents });
    await expectAlike({ type: 'diag', nFeatures: 3, nComponents }, nComponents < 65);
  });

  test.each([1, 255, 1024, 5000])('%d samples', async (nSamples) => {
    await expectAlike({ type: 'full', nFeatures: 2, nSamples });
  });

  test.each(['full', 'diag'] as const)('%s, narrow components far apart', async (type) => {
    await expectAlike({ type, nFeatures: 2, nComponents: 2, far: true });
  });

  test.each(['full', 'diag'] as const)('%s, samples as single float32', async (type) => {
    // more than 2^20 numbers, where pairs begin to cost
    await expectAlike({ type, nFeatures: 2, nComponents: 3, nSamples: 2 ** 19 + 1000 }, false);
  });

  test('hard assignment, and temperatures', async () => {
    await expectAlike({ type: 'full', nFeatures: 2, how: { assignment: 'hard' } });
    for (const inverseTemperature of [0.3, 2]) {
      await expectAlike({ type: 'full', nFeatures: 2, how: { inverseTemperature } });
    }
  });

  test('labels, priors and random responsibilities', async () => {
    const n = 1025;
    const labels = Int32Array.from({ length: n }, (_, i) => (i % 3 === 0 ? i % 7 : -1));
    const priors = Float64Array.from({ length: n * 7 }, (_, i) => Math.log(uniform(1, 1, i)));
    for (const guidance of [
      guideByLabels(labels),
      guideByPriors(priors, 7),
      guideAtRandom([3, 4], labels),
    ]) {
      await expectAlike({ type: 'full', nFeatures: 2, guidance }, false);
    }
  });

  test('several models at once', async () => {
    await expectAlike({ type: 'full', nFeatures: 2, nSamples: 5000 }, true, 3);
    await expectAlike({ type: 'tied', nFeatures: 2, nComponents: 3 }, false, 3);
    await expectAlike({ type: 'diag', nFeatures: 3 }, true, 3);
  });

  test('weighted samples, several chunks, a range of them', async () => {
    const nSamples = 9000;
    const sampleWeights = Float64Array.from({ length: nSamples }, (_, i) => 0.5 + (i % 5));
    const problem = { type: 'full', nFeatures: 2, nSamples } as const;
    const options = { sampleWeights, maxChunkSamples: 4096 };
    await expectAlike({ ...problem, options });
    const range = { firstSample: 2048, nSamples: 5376 };
    await expectAlike({ ...problem, options, range });
  });
});
