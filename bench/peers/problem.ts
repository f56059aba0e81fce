import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDataset, type BitMatrix, type SampleMatrix } from '../../src/index.ts';
import { drawProblem, fitProblem, type Problem } from '../problem.ts';
import { workOf } from '../roofline.ts';
import type { BenchShape } from '../shapes.ts';
import { findSides, openSide } from '../sides.ts';

/** What problem.json of a folder tells a program; the files lie beside it. */
export interface ProblemFile extends BenchShape {
  readonly version: 1;
  readonly seed: number;
  /** From the start, neither more nor fewer. */
  readonly iterations: number;
  /** Added to the diagonal of every covariance. */
  readonly regCovar: number;
  /** N x D row-major: little-endian float32, or bytes 0 and 1. */
  readonly samples: 'x.f32' | 'x.u8';
  /** `weights`, `means`, `covariances` in scikit-learn's shapes; `weights`, `probabilities`; or `centers`. */
  readonly start: 'start.json';
  readonly expected: {
    /**
     * Per sample, entry t under the parameters after t M-steps, `iterations` + 1 of them: float64. Of a k-means, the negative
     * inertia per sample and feature.
     */
    readonly lowerBounds: readonly number[];
    readonly checkedBy: 'cpu' | 'threads';
  };
}

export interface ProblemOptions {
  readonly seed?: number;
  /** Default: by the size of the shape, see `iterationsFor`. */
  readonly iterations?: number | undefined;
  readonly threads?: number | undefined;
}

/** The library's default. */
const REG_COVAR = 1e-6;
/** Operations of all iterations together at most; fewer iterations than `LEAST` show no rate, more than `MOST` nothing new. */
const OPERATIONS = { cpu: 10e9, gpu: 400e9 } as const;
const [LEAST, MOST] = [3, 20] as const;

/** How many iterations are compared: as many as the slowest program does in seconds. */
export function iterationsFor(shape: BenchShape, gpu: boolean): number {
  const fit = Math.round(OPERATIONS[gpu ? 'gpu' : 'cpu'] / workOf(shape).flops);
  return Math.min(MOST, Math.max(LEAST, fit));
}

/** Draws a problem, has the float64 side say what is right, and writes both as the files that every program reads. */
export async function writeProblem(
  folder: string,
  shape: BenchShape,
  options: ProblemOptions = {},
): Promise<ProblemFile> {
  const { seed = 1, iterations = iterationsFor(shape, false), threads } = options;
  const problem = drawProblem(shape, seed);
  mkdirSync(folder, { recursive: true });
  const expected = await expectedBounds(problem, iterations + 1, threads);
  const samples = 'bits' in problem.samples ? 'x.u8' : 'x.f32';
  writeFileSync(join(folder, samples), bytesOf(problem.samples));
  writeFileSync(join(folder, 'start.json'), JSON.stringify(startOf(problem)));
  const { model, nSamples, nFeatures, nComponents } = shape;
  const file: ProblemFile = {
    version: 1,
    model,
    nSamples,
    nFeatures,
    nComponents,
    seed,
    // (a k-means may have come to rest)
    iterations: Math.min(iterations, expected.lowerBounds.length - 1),
    regCovar: REG_COVAR,
    samples,
    start: 'start.json',
    expected,
  };
  writeFileSync(join(folder, 'problem.json'), `${JSON.stringify(file)}\n`);
  return file;
}

/** By the threads where there are any: they share the reference's tests, and a peer's shape may take the reference minutes. */
async function expectedBounds(
  problem: Problem,
  iterations: number,
  threads: number | undefined,
): Promise<ProblemFile['expected']> {
  const checkedBy = (await findSides({ threads })).includes('threads') ? 'threads' : 'cpu';
  const context = await openSide(checkedBy, { threads });
  try {
    const dataset = await createDataset(problem.samples, { context });
    const { trace } = await fitProblem(problem, dataset, context, iterations);
    dataset.dispose();
    return { lowerBounds: trace.lowerBounds, checkedBy };
  } finally {
    context.dispose();
  }
}

function bytesOf(samples: SampleMatrix | BitMatrix): Uint8Array {
  if ('bits' in samples) {
    const { bits, nSamples, nFeatures } = samples;
    const words = Math.ceil(nFeatures / 32);
    return Uint8Array.from({ length: nSamples * nFeatures }, (_, i) => {
      const [n, d] = [Math.floor(i / nFeatures), i % nFeatures];
      return (bits[n * words + (d >> 5)] >>> (d & 31)) & 1;
    });
  }
  const { buffer, byteOffset, byteLength } = samples.data as Float32Array<ArrayBuffer>;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The start's arrays, nested, under scikit-learn's names. */
function startOf({ shape, start }: Problem): Record<string, unknown> {
  const { model, nFeatures: d } = shape;
  const rows = (values: ArrayLike<number>, length: number): number[][] =>
    Array.from({ length: values.length / length }, (_, i) =>
      Array.from({ length }, (_, j) => values[i * length + j]),
    );
  if (model === 'kmeans') return { centers: rows(start['init'], d) };
  const weights = Array.from(start['weightsInit']);
  if (model === 'bernoulli') return { weights, probabilities: rows(start['probabilitiesInit'], d) };
  const covariances = start['covariancesInit'];
  const shaped = {
    full: () => rows(covariances, d * d).map((matrix) => rows(matrix, d)),
    tied: () => rows(covariances, d),
    diag: () => rows(covariances, d),
    spherical: () => Array.from(covariances),
  };
  return { weights, means: rows(start['meansInit'], d), covariances: shaped[model]() };
}
