import {
  BernoulliMixture,
  createContext,
  createDataset,
  type BernoulliMixtureOptions,
  type BitMatrix,
  type Context,
  type Dataset,
} from '../src/index.ts';
import { PRIOR, SEED } from './binary-figures.ts';

export interface ScaleJob {
  readonly nComponents: number;
  readonly iterations: number;
}

/** Both sides from the same start. */
export interface ScaleFigures {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  /** Lower bounds per sample, one an iteration. */
  readonly bounds: { readonly cpu: number[]; readonly webgpu: number[] };
  /** Largest difference of the bounds, relative to their size. */
  readonly boundDifference: number;
  /** Largest difference of any probability after the last iteration. */
  readonly probabilityDifference: number;
  /** One an iteration; the first on WebGPU compiles the kernels. */
  readonly milliseconds: { readonly cpu: number[]; readonly webgpu: number[] };
  readonly memory: {
    /** The samples' buffers. */
    readonly samplesBytes: number;
    /** One float32 a sample: weights of 1, and of 0 where a chunk is filled up. */
    readonly weightsBytes: number;
    /** All live buffers, those among them, at most: looked at after every iteration. */
    readonly peakBytes: number;
    /** What the device allows in one buffer that a shader reads. */
    readonly bindingLimit: number;
  };
}

/** Beyond this the sides disagree: relative, per sample. */
export const BOUND_GATE = 1e-5;

export function agrees({ boundDifference }: ScaleFigures): boolean {
  // (NaN fails)
  return boundDifference <= BOUND_GATE;
}

/** A few iterations of MAP on packed bits, on the CPU and on WebGPU, from the same start. */
export async function compareSides(
  samples: BitMatrix,
  { nComponents, iterations }: ScaleJob,
): Promise<ScaleFigures> {
  const cpu = await createContext({ backend: 'cpu' });
  const webgpu = await createContext({ backend: 'webgpu' });
  try {
    const onCpu = await createDataset(samples, { context: cpu });
    const onDevice = await createDataset(samples, { context: webgpu });
    const weightsBytes = webgpu.liveBytes;
    // what the fit would upload first
    await onDevice.prepare({ layout: 'bits' });
    const samplesBytes = webgpu.liveBytes - weightsBytes;
    const start = await BernoulliMixture.fit(onCpu, {
      nComponents,
      prior: PRIOR,
      seed: SEED,
      maxIter: 0,
    });
    const options: BernoulliMixtureOptions = {
      nComponents,
      prior: PRIOR,
      tol: 0,
      maxIter: iterations,
      weightsInit: start.weights,
      probabilitiesInit: start.probabilities,
    };
    const actual = await traced(onDevice, options, webgpu);
    const expected = await traced(onCpu, options, cpu);
    return {
      nSamples: samples.nSamples,
      nFeatures: samples.nFeatures,
      nComponents,
      bounds: { cpu: expected.bounds, webgpu: actual.bounds },
      boundDifference: largest(
        expected.bounds.map((bound, t) => Math.abs((actual.bounds[t] - bound) / bound)),
      ),
      probabilityDifference: largest(
        Array.from(expected.probabilities, (p, i) => Math.abs(actual.probabilities[i] - p)),
      ),
      milliseconds: { cpu: expected.milliseconds, webgpu: actual.milliseconds },
      memory: {
        samplesBytes,
        weightsBytes,
        peakBytes: actual.peakBytes,
        bindingLimit: webgpu.info.limits['maxStorageBufferBindingSize'],
      },
    };
  } finally {
    cpu.dispose();
    webgpu.dispose();
  }
}

interface Trace {
  readonly bounds: number[];
  readonly milliseconds: number[];
  readonly peakBytes: number;
  readonly probabilities: Float64Array;
}

async function traced(
  dataset: Dataset,
  options: BernoulliMixtureOptions,
  context: Context,
): Promise<Trace> {
  const bounds: number[] = [];
  const milliseconds: number[] = [];
  let peakBytes = context.liveBytes;
  const { probabilities } = await BernoulliMixture.fit(dataset, {
    ...options,
    onIteration: (step) => {
      bounds.push(step.lowerBound);
      milliseconds.push(step.milliseconds);
      peakBytes = Math.max(peakBytes, context.liveBytes);
    },
  });
  return { bounds, milliseconds, peakBytes, probabilities };
}

/** NaN above all; no spread over an array of 78,400. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
