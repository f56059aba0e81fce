import {
  createContext,
  createDataset,
  GaussianMixture,
  type Context,
  type Dataset,
  type GaussianMixtureOptions,
} from '../src/index.ts';
import { compareTraces, worst, type FitTrace } from './check.ts';
import type { BenchCase } from './grid.ts';
import type { FirstIteration, Measurement, Memory } from './report.ts';
import { drawSamples, type Synthetic } from './synthetic.ts';

type Side = 'cpu' | 'webgpu';

/** One fit, timed from its call to its result. */
interface TimedFit {
  readonly milliseconds: number;
  readonly trace: FitTrace;
  /** The most bytes in GPU buffers that an iteration left. */
  readonly peakBytes: number;
}

/**
 * Times a case on both sides in turn: the same samples, resident on each side, and the same start. The warm-up's float64 fit
 * is what every WebGPU fit, the timed ones included, is compared with.
 */
export async function measureCase(shape: BenchCase, seed: number): Promise<Measurement> {
  const synthetic = drawSamples(shape, seed);
  const firstIterations = await measureFirstIterations(shape, synthetic);

  const contexts = { cpu: await openContext('cpu'), webgpu: await openContext('webgpu') };
  const datasets = {
    cpu: await createDataset(synthetic.samples, { context: contexts.cpu }),
    webgpu: await createDataset(synthetic.samples, { context: contexts.webgpu }),
  };
  const fit = (side: Side, iterations: number): Promise<TimedFit> =>
    timeFit(datasets[side], fitOptions(shape, synthetic, iterations), contexts[side]);
  try {
    const reference = (await fit('cpu', shape.checkIterations)).trace;
    const onDevice = [await fit('webgpu', shape.checkIterations)];
    const times: Record<Side, number[]> = { cpu: [], webgpu: [] };
    for (let r = 0; r < shape.repetitions; r++) {
      // In turn, and each first every other time: what the machine does meanwhile meets both alike.
      for (const side of r % 2 === 0
        ? (['cpu', 'webgpu'] as const)
        : (['webgpu', 'cpu'] as const)) {
        const timed = await fit(side, shape.iterations[side]);
        times[side].push(timed.milliseconds / shape.iterations[side]);
        if (side === 'webgpu') onDevice.push(timed);
      }
    }
    return {
      shape,
      differences: worst(onDevice.map(({ trace }) => compareTraces(trace, reference))),
      millisecondsPerIteration: times,
      firstIterations,
      memory: memoryOf(shape, datasets.webgpu, Math.max(...onDevice.map((one) => one.peakBytes))),
    };
  } finally {
    for (const side of ['cpu', 'webgpu'] as const) {
      datasets[side].dispose();
      contexts[side].dispose();
    }
  }
}

/**
 * From samples in memory to the first iteration's result, on a fresh context each time: checking, standardising, upload,
 * kernels compiled (the browser may remember those from the time before), one iteration. Not the adapter and device requests.
 */
async function measureFirstIterations(
  shape: BenchCase,
  synthetic: Synthetic,
): Promise<FirstIteration> {
  const found: FirstIteration = { cpu: [], webgpu: [] };
  for (let r = 0; r < shape.repetitions; r++) {
    if (r < shape.firstRepetitions)
      found.webgpu.push(await timeFirstIteration('webgpu', shape, synthetic));
    found.cpu.push(await timeFirstIteration('cpu', shape, synthetic));
  }
  return found;
}

async function timeFirstIteration(
  side: Side,
  shape: BenchCase,
  synthetic: Synthetic,
): Promise<number> {
  const context = await openContext(side);
  try {
    const started = performance.now();
    const dataset = await createDataset(synthetic.samples, { context });
    await GaussianMixture.fit(dataset, fitOptions(shape, synthetic, 1));
    return performance.now() - started;
  } finally {
    context.dispose();
  }
}

async function timeFit(
  dataset: Dataset,
  options: GaussianMixtureOptions,
  context: Context,
): Promise<TimedFit> {
  const lowerBounds: number[] = [];
  const means: Float64Array[] = [];
  const covariances: Float64Array[] = [];
  let peakBytes = context.liveBytes;
  const started = performance.now();
  await GaussianMixture.fit(dataset, {
    ...options,
    onIteration: ({ lowerBound, mixture }) => {
      lowerBounds.push(lowerBound);
      means.push(mixture.means);
      covariances.push(mixture.covariances);
      peakBytes = Math.max(peakBytes, context.liveBytes);
    },
  });
  const milliseconds = performance.now() - started;
  const variances = covariances.map((all) =>
    options.covarianceType === 'diag' ? all : diagonals(all, dataset.nFeatures),
  );
  return { milliseconds, trace: { lowerBounds, means, variances }, peakBytes };
}

function fitOptions(
  { nComponents, covarianceType }: BenchCase,
  { start }: Synthetic,
  iterations: number,
): GaussianMixtureOptions {
  return { nComponents, covarianceType, maxIter: iterations, tol: 0, ...start };
}

function openContext(side: Side): Promise<Context> {
  return createContext({ backend: side });
}

/** The diagonals of K matrices of D x D, K x D. */
function diagonals(matrices: Float64Array, nFeatures: number): Float64Array {
  const perMatrix = nFeatures * nFeatures;
  return Float64Array.from({ length: matrices.length / nFeatures }, (_, i) => {
    const d = i % nFeatures;
    return matrices[Math.floor(i / nFeatures) * perMatrix + d * nFeatures + d];
  });
}

function memoryOf(shape: BenchCase, dataset: Dataset, peakBytes: number): Memory {
  return {
    samplesBytes: dataset.chunks.reduce((sum, { values }) => sum + values.size, 0),
    peakBytes,
    responsibilitiesBytes: shape.nSamples * shape.nComponents * 4,
  };
}
