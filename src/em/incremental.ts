import type { Density, Parameters } from '../families/family.ts';
import { sumAbout, type Statistics } from '../families/statistics.ts';
import type { Passes } from './batch-loop.ts';
import { batchesOf, orderer, type Batch, type BatchRun } from './batches.ts';
import { maximise, refuseImpossible } from './loop.ts';

/**
 * Incremental EM (Neal and Hinton 1998): the statistics of every batch are kept; a batch's E-step replaces its own, and an
 * M-step from all follows. Memory: two times batches x K x S float64. The first pass is EM's (no M-step before every batch has
 * its statistics).
 *
 * The bound is Neal and Hinton's F(q, theta) = sum_b [l_b(theta_b) - Q_b(theta_b) + Q_b(theta)], with theta_b what batch b's
 * responsibilities q were found under and Q the expected log-density, linear in the statistics: both steps raise it, so it never
 * falls, and it is never above the log-likelihood. A pass reports it after its last E-step.
 */
export function incremental(run: BatchRun, start: Parameters): Passes {
  const { dataset, family, seam, how, signal } = run;
  const standardisation = dataset.standardisationFor(family);
  const batches = batchesOf(run);
  const single = batches.length === 1;
  const order = orderer(run, batches);
  const sums = new SumTree(batches.length, (a, b) => sumAbout(family, [a, 1], [b, 1]));
  /** l_b(theta_b) - Q_b(theta_b): minus what the responsibilities' logarithms come to, so far as it depends on no parameter. */
  const entropies = new Float64Array(batches.length);
  let parameters = start;
  let density = family.density(start, standardisation);

  async function take(iteration: number, batch: Batch): Promise<void> {
    const { logLikelihood, statistics } = await seam.eStep(
      parameters,
      signal,
      how,
      single ? undefined : batch,
    );
    await refuseImpossible(run, iteration, parameters, logLikelihood);
    const b = batches.indexOf(batch);
    entropies[b] = logLikelihood - family.expectedLogDensity(density, statistics);
    sums.set(b, statistics);
  }
  function boundAt(at: Density): number {
    const entropy = entropies.reduce((sum, value) => sum + value, 0);
    return entropy + family.expectedLogDensity(at, sums.total);
  }
  function maximiseAll(iteration: number): void {
    parameters = maximise(run, iteration, sums.total, parameters);
    density = family.density(parameters, standardisation);
  }

  return {
    single,
    async next(iteration) {
      const started = performance.now();
      const ordered = order();
      for (const [i, batch] of ordered.entries()) {
        if (iteration > 1 && i > 0) maximiseAll(iteration);
        await take(iteration, batch);
      }
      const at = parameters;
      const logLikelihood = boundAt(density);
      maximiseAll(iteration);
      return { logLikelihood, at, next: parameters, started, exact: single || iteration === 1 };
    },
  };
}

/**
 * Statistics of batches and their sum: a binary tree, so that replacing one takes log2(batches) additions and never a
 * subtraction, whose rounding would gather.
 */
class SumTree {
  readonly #nodes: (Statistics | undefined)[];
  readonly #leaves: number;
  readonly #add: (a: Statistics, b: Statistics) => Statistics;

  constructor(count: number, add: (a: Statistics, b: Statistics) => Statistics) {
    this.#leaves = count;
    this.#add = add;
    this.#nodes = new Array<Statistics | undefined>(2 * count);
  }

  set(index: number, statistics: Statistics): void {
    let node = this.#leaves + index;
    this.#nodes[node] = statistics;
    for (node >>= 1; node >= 1; node >>= 1) {
      const [left, right] = [this.#nodes[2 * node], this.#nodes[2 * node + 1]];
      this.#nodes[node] = left && right ? this.#add(left, right) : (left ?? right);
    }
  }

  /** Of all batches. */
  get total(): Statistics {
    return this.#nodes[1]!;
  }
}
