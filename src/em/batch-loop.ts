import type { Parameters } from '../families/family.ts';
import type { BatchRun } from './batches.ts';
import { incremental } from './incremental.ts';
import { checkStartDensity, iterateOnce, report, type Iteration, type Pass } from './loop.ts';
import { stepwise } from './stepwise.ts';

/** Passes over all batches, M-steps in between. */
export interface Passes {
  /** With a single batch every pass is exact. */
  readonly single: boolean;
  next(iteration: number): Promise<BatchPass>;
}

/** A pass over all batches; `exact` where its log-likelihood is that of the parameters `at` over all samples. */
export type BatchPass = Omit<Pass, 'previous'> & { readonly exact: boolean };

/**
 * An iteration is a pass over the samples. The passes' bounds are not those of one set of parameters over all samples (see
 * `stepwise` and `incremental`), so a run ends with one iteration of plain EM, the last of `maxIter`: the mixture's bound is that
 * of a full E-step, and the last M-step takes the noise of the last batches out. With a single batch there is none.
 * @throws Collapse, or the signal's reason
 */
export async function* iterateBatches(
  run: BatchRun,
  start: Parameters,
): AsyncGenerator<Iteration, void> {
  checkStartDensity(run, start);
  const passes = (run.algorithm === 'stepwise' ? stepwise : incremental)(run, start);
  let parameters = start;
  let previous = run.previousLowerBound;
  let settled = false;
  for (let iteration = 1; iteration <= run.maxIter; iteration++) {
    if (!passes.single && (settled || iteration === run.maxIter)) {
      const closing = await iterateOnce(run, iteration, parameters, previous);
      yield { ...closing, converged: settled || closing.converged };
      return;
    }
    const { exact, ...pass } = await passes.next(iteration);
    const done = report(run, iteration, { ...pass, previous });
    parameters = done.parameters;
    previous = done.lowerBound;
    settled = done.converged;
    yield { ...done, converged: settled && exact };
    if (settled && exact) return;
  }
}
