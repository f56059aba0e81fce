import type { Parameters } from '../families/family.ts';
import { sumAbout, type Statistics } from '../families/statistics.ts';
import type { Passes } from './batch-loop.ts';
import { batchesOf, orderer, type Batch, type BatchRun } from './batches.ts';
import { maximise, refuseImpossible } from './loop.ts';
import { stepAfter } from './step-size.ts';

/**
 * Stepwise EM (Cappe and Moulines 2009; Liang and Klein 2009): after each batch, the running statistics s move towards those of the
 * batch, s <- (1 - eta) s + eta (N / W_b) s_b, and an M-step follows. They begin as the start expects them.
 *
 * A pass goes over all batches once, in an order of its own. Its log-likelihood is that of every sample under the parameters which
 * its batch met: an estimate that costs nothing, and lags behind the parameters that it ends with by half a pass. With a single
 * batch it is the log-likelihood of the parameters that entered the pass.
 */
export function stepwise(run: BatchRun, start: Parameters): Passes {
  const { dataset, family, seam, stepSize, how, signal } = run;
  const batches = batchesOf(run);
  const single = batches.length === 1;
  const order = orderer(run, batches);
  const density = family.density(start, dataset.standardisationFor(family));
  let statistics = family.expectedStatistics(density, start, dataset.nSamples);
  let parameters = start;
  let steps = 0;

  async function take(iteration: number, batch: Batch): Promise<number> {
    const fresh = await seam.eStep(parameters, signal, how, single ? undefined : batch);
    await refuseImpossible(run, iteration, parameters, fresh.logLikelihood);
    const eta = stepAfter(steps++, stepSize);
    statistics = interpolate(
      run,
      statistics,
      fresh.statistics,
      eta,
      dataset.nSamples / batch.weight,
    );
    parameters = maximise(run, iteration, statistics, parameters);
    return fresh.logLikelihood;
  }

  return {
    single,
    async next(iteration) {
      const started = performance.now();
      let at = parameters;
      let logLikelihood = 0;
      for (const batch of order()) {
        at = parameters;
        logLikelihood += await take(iteration, batch);
      }
      return { logLikelihood, at, next: parameters, started, exact: single };
    },
  };
}

function interpolate(
  { family }: BatchRun,
  running: Statistics,
  fresh: Statistics,
  eta: number,
  scale: number,
): Statistics {
  const parts = [[fresh, eta * scale]] as const;
  return eta === 1 ? sumAbout(family, ...parts) : sumAbout(family, [running, 1 - eta], ...parts);
}
