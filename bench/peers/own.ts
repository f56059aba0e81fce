import { createDataset } from '../../src/index.ts';
import { watchMemory } from '../device-memory.ts';
import { drawProblem, fitProblem } from '../problem.ts';
import type { BenchShape } from '../shapes.ts';
import { openSide, threadsOf, type SideName, type Surroundings } from '../sides.ts';
import type { PeerAnswer } from './run-peers.mjs';

export interface OwnJob {
  readonly side: SideName;
  readonly shape: BenchShape;
  readonly seed: number;
  readonly iterations: number;
  readonly repetitions: number;
  /** No repetition is begun after so long. */
  readonly seconds: number;
}

/** Several fits in a row where one is too short for the clock, and for what else the machine does. */
const LEAST_MILLISECONDS = 200;

/**
 * One side of this library as a peer among peers, in a page or in Node: the time of a fit of 1 + n iterations less that of a fit of
 * one, samples resident, so that what a fit does once does not count.
 */
export async function measureOwn(job: OwnJob, around: Surroundings): Promise<PeerAnswer> {
  const { side, shape, seed, iterations, repetitions, seconds } = job;
  const context = await openSide(side, around);
  try {
    const memory = context.device ? watchMemory(context.device) : undefined;
    const problem = drawProblem(shape, seed);
    const dataset = await createDataset(problem.samples, { context });
    const fit = async (count: number) => {
      const started = performance.now();
      const { trace } = await fitProblem(problem, dataset, context, count);
      return { milliseconds: performance.now() - started, bounds: trace.lowerBounds };
    };
    const begun = performance.now();
    await fit(1);
    const { bounds } = await fit(1 + iterations);
    const { milliseconds } = await fit(1 + iterations);
    const often = Math.max(1, Math.floor(LEAST_MILLISECONDS / milliseconds));
    const secondsPerIteration: number[] = [];
    for (let r = 0; r < repetitions; r++) {
      if (r > 0 && performance.now() - begun > 1000 * seconds) break;
      let difference = 0;
      for (let i = 0; i < often; i++) {
        difference -= (await fit(1)).milliseconds;
        difference += (await fit(1 + iterations)).milliseconds;
      }
      secondsPerIteration.push(difference / 1000 / iterations / often);
    }
    dataset.dispose();
    return {
      peer: `webgpu-em ${side}`,
      precision: side === 'webgpu' ? 'float32' : 'float64',
      threads: side === 'threads' ? threadsOf(context) : side === 'cpu' ? 1 : 0,
      device: context.info.adapter ?? 'cpu',
      secondsPerIteration,
      lowerBound: bounds[iterations],
      lowerBoundIndex: iterations,
      ...(memory ? { peakDeviceBytes: memory.peakBytes } : {}),
    };
  } finally {
    context.dispose();
  }
}
