import { GaussianMixture, type SampleMatrix } from '../../src/index.ts';
import { drawProblem } from '../problem.ts';
import type { OwnJob } from './own.ts';
import type { PeerAnswer } from './run-peers.mjs';

type Job = Omit<OwnJob, 'side'>;

/** npm's `gaussian-mixture-model`: plain JavaScript, full covariances, responsibilities in float32, no log-sum-exp. */
export async function gaussianMixtureModel(job: Job): Promise<PeerAnswer> {
  const name = 'gaussian-mixture-model';
  const { default: Model } = await import('gaussian-mixture-model');
  const { samples, rows, start } = samplesOf(job);
  const d = job.shape.nFeatures;
  const given = {
    weights: Array.from(start['weightsInit']),
    means: split(start['meansInit'], d),
    covariances: split(start['covariancesInit'], d * d).map((matrix) => split(matrix, d)),
    bufferSize: samples.nSamples,
  };
  const learn = () => {
    const model = new Model(given);
    for (const row of rows) model.addPoint(row);
    const started = performance.now();
    model.runEM(job.iterations);
    return { model, milliseconds: performance.now() - started };
  };
  const { secondsPerIteration, last } = repeat(job, learn);
  // it has no bound of its own
  const mixture = GaussianMixture.fromScikitLearn({
    covariance_type: 'full',
    weights_: last.model.weights,
    means_: last.model.means,
    covariances_: last.model.covariances,
  });
  const lowerBound = await mixture.score(samples);
  return { ...answer(job, name, '1.1.5', lowerBound), secondsPerIteration };
}

/** npm's `ml-kmeans`: plain JavaScript. */
export async function mlKMeans(job: Job): Promise<PeerAnswer> {
  const name = 'ml-kmeans';
  const { kmeans } = await import('ml-kmeans');
  const { rows, start } = samplesOf(job);
  const { nSamples, nFeatures, nComponents } = job.shape;
  const options = {
    initialization: split(start['init'], nFeatures),
    maxIterations: job.iterations,
    tolerance: 0,
  };
  const cluster = () => {
    const started = performance.now();
    const { centroids } = kmeans(rows, nComponents, options);
    return { centroids, milliseconds: performance.now() - started };
  };
  const { secondsPerIteration, last } = repeat(job, cluster);
  let inertia = 0;
  for (const row of rows) {
    const squares = last.centroids.map((centre) =>
      centre.reduce((sum, value, d) => sum + (value - row[d]) ** 2, 0),
    );
    inertia += Math.min(...squares);
  }
  const lowerBound = -inertia / (nSamples * nFeatures);
  return { ...answer(job, name, '7.0.1', lowerBound), secondsPerIteration };
}

function answer(
  { iterations }: Job,
  peer: string,
  version: string,
  lowerBound: number,
): PeerAnswer {
  const known = { peer, version, precision: 'float64', threads: 1, device: 'cpu' } as const;
  return { ...known, lowerBound, lowerBoundIndex: iterations };
}

/** The samples, and as rows: what both packages take. */
function samplesOf({ shape, seed }: Job) {
  const { samples, start } = drawProblem(shape, seed);
  const drawn = samples as SampleMatrix & { data: Float32Array };
  return { samples: drawn, rows: split(drawn.data, drawn.nFeatures), start };
}

function repeat<T extends { milliseconds: number }>(
  { iterations, repetitions, seconds }: Job,
  learn: () => T,
): { secondsPerIteration: number[]; last: T } {
  const begun = performance.now();
  let last = learn();
  const secondsPerIteration: number[] = [];
  for (let r = 0; r < repetitions; r++) {
    if (r > 0 && performance.now() - begun > 1000 * seconds) break;
    last = learn();
    secondsPerIteration.push(last.milliseconds / 1000 / iterations);
  }
  return { secondsPerIteration, last };
}

function split(values: ArrayLike<number>, length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, i) =>
    Array.from({ length }, (_, j) => values[i * length + j]),
  );
}
