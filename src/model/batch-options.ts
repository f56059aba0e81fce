import type { Algorithm } from '../em/batches.ts';
import type { StepSize } from '../em/step-size.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import { requireNumber, requireOneOf } from './option-checks.ts';

const ALGORITHMS: readonly Algorithm[] = ['em', 'stepwise', 'incremental'];

/** @throws MixtureError INVALID_OPTION, also where an option belongs to another algorithm */
export function checkBatchOptions({
  algorithm,
  batchSize,
  stepSize,
}: {
  readonly algorithm: Algorithm;
  readonly batchSize: number | undefined;
  readonly stepSize: StepSize | undefined;
}): void {
  requireOneOf('algorithm', algorithm, ALGORITHMS);
  if (batchSize !== undefined) {
    if (algorithm === 'em') refuse('batchSize', algorithm, "'stepwise' or 'incremental'");
    requireNumber('batchSize', batchSize, 1, true);
  }
  if (stepSize !== undefined) {
    if (algorithm !== 'stepwise') refuse('stepSize', algorithm, "'stepwise'");
    checkStepSize(stepSize);
  }
}

/**
 * A constant in (0, 1], or a schedule: alpha in (0.5, 1], where the steps' sum diverges and that of their squares does not;
 * offset at least 1, so that no step is above 1.
 * @throws MixtureError INVALID_OPTION
 */
export function checkStepSize(stepSize: StepSize): void {
  if (typeof stepSize === 'number') {
    if (!(stepSize > 0 && stepSize <= 1)) wrong('stepSize', 'above 0 and at most 1', stepSize);
    return;
  }
  if (typeof stepSize !== 'object' || stepSize === null || Array.isArray(stepSize)) {
    wrong('stepSize', 'a number or { alpha, offset }', stepSize);
  }
  const odd = Object.keys(stepSize).find((name) => name !== 'alpha' && name !== 'offset');
  if (odd !== undefined) {
    throw new MixtureError(
      'INVALID_OPTION',
      `There is no option stepSize.${odd}.`,
      'A schedule has alpha and offset.',
      { option: `stepSize.${odd}` },
    );
  }
  const { alpha = 1, offset = 1 } = stepSize;
  const number = (value: unknown): boolean => typeof value === 'number';
  if (!(number(alpha) && alpha > 0.5 && alpha <= 1))
    wrong('stepSize.alpha', 'above 0.5 and at most 1', alpha);
  if (!(number(offset) && offset >= 1 && offset < Infinity))
    wrong('stepSize.offset', 'at least 1', offset);
}

function wrong(option: string, range: string, value: unknown): never {
  throw new MixtureError(
    'INVALID_OPTION',
    `${option} must be ${range}, but is ${String(value)}.`,
    'Use { alpha: 0.6, offset: 2 } (steps (t + 2)^-0.6), or a constant such as 0.05 for a stream that drifts.',
    { option, value },
  );
}

function refuse(option: string, algorithm: Algorithm, whose: string): never {
  throw new MixtureError(
    'INVALID_OPTION',
    `${option} was given for algorithm '${algorithm}'.`,
    `It belongs to algorithm ${whose}.`,
    { option, algorithm },
  );
}

/**
 * The statistics of a posterior's parameters are not those of samples. @throws MixtureError INVALID_OPTION
 * @param what what was asked for
 */
export function refuseBayesian(family: Family, what: string): void {
  if (!family.evidenceBound) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `A Bayesian mixture has no ${what}: its M-steps need all samples.`,
    "Fit with algorithm 'em', or stream an ordinary mixture: toGaussianMixture().partialFit(chunk).",
    { option: what },
  );
}
