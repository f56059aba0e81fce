import { MixtureError } from '../errors.ts';
import type { Candidate, CandidateKind, Criterion, FittedCandidate } from './selection.ts';
import type { Warning } from './warnings.ts';

/** The better of two by the criterion; of equal ones that with fewer parameters. */
export function better(
  best: FittedCandidate | undefined,
  candidate: Candidate,
  criterion: Criterion,
): FittedCandidate | undefined {
  if (!candidate.mixture || !Number.isFinite(candidate[criterion])) return best;
  if (!best) return candidate;
  const difference = candidate[criterion] - best[criterion];
  const wins = difference < 0 || (difference === 0 && candidate.nParameters < best.nParameters);
  return wins ? candidate : best;
}

/** @param mostComponents samples of weight above 0: no mixture has more components */
export function selectionWarnings(
  candidates: readonly Candidate[],
  best: FittedCandidate,
  criterion: Criterion,
  mostComponents: number,
): Warning[] {
  return [
    ...edgeWarning(candidates, best, criterion, mostComponents),
    ...failureWarning(candidates),
    ...convergenceWarning(candidates),
  ];
}

/** A minimum at the end of the range need not be one. */
function edgeWarning(
  candidates: readonly Candidate[],
  { nComponents }: FittedCandidate,
  criterion: Criterion,
  mostComponents: number,
): Warning[] {
  const sizes = candidates.map((candidate) => candidate.nComponents);
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  if (smallest === largest) return [];
  const [edge, other] =
    nComponents === largest && largest < mostComponents
      ? ['largest', 'larger']
      : nComponents === smallest && smallest > 1
        ? ['smallest', 'smaller']
        : [];
  if (edge === undefined) return [];
  return [
    {
      code: 'K_AT_EDGE',
      message: `The best number of components by ${criterion.toUpperCase()}, ${nComponents}, is the ${edge} that was tried: ${other} ones may be better.`,
      details: { nComponents, edge, smallest, largest, criterion },
    },
  ];
}

function failureWarning(candidates: readonly Candidate[]): Warning[] {
  const failed = candidates.filter(({ error }) => error);
  if (failed.length === 0) return [];
  return [
    {
      code: 'CANDIDATES_FAILED',
      message: `${failed.length} of ${candidates.length} candidates could not be fitted (${failed.map(nameOf).join(', ')}); see candidates[].error.`,
      details: { failed: failed.map(kindOf) },
    },
  ];
}

/** A bound that was still rising makes a criterion look worse than it is. */
function convergenceWarning(candidates: readonly Candidate[]): Warning[] {
  const short = candidates.filter(
    ({ mixture }) => mixture && !mixture.converged && mixture.nIter > 0,
  );
  if (short.length === 0) return [];
  return [
    {
      code: 'CANDIDATES_NOT_CONVERGED',
      message: `${short.length} of ${candidates.length} candidates did not converge (${short.map(nameOf).join(', ')}): with a larger maxIter or tol their criteria may be lower.`,
      details: { candidates: short.map(kindOf) },
    },
  ];
}

/** Reasons that a sentence can hold. */
const MOST_REASONS = 4;

/** No candidate could be fitted: the reasons of all in `details`, of the first few in words. */
export function noCandidate(candidates: readonly Candidate[]): MixtureError {
  const reasons = candidates
    .slice(0, MOST_REASONS)
    .map(
      (candidate) =>
        `${nameOf(candidate)}: ${candidate.error?.message ?? 'a sample is impossible under it.'}`,
    );
  const rest = candidates.length - reasons.length;
  const more = rest > 0 ? ` (${rest} more in details.candidates.)` : '';
  const hints = new Map(
    candidates.map(({ error }) => [error?.code, error?.hint] as const).reverse(),
  );
  return new MixtureError(
    'NO_CANDIDATE',
    `None of the ${candidates.length} candidates could be fitted. ${reasons.join(' ')}${more}`,
    [...hints.values()].filter(Boolean).join(' ') || 'Look for samples that are far out.',
    { candidates, reasons: candidates.map(({ error }) => error) },
    candidates[0]?.error,
  );
}

/** "K = 3, full" */
function nameOf({ nComponents, covarianceType }: CandidateKind): string {
  return `K = ${nComponents}${covarianceType === undefined ? '' : ` ${covarianceType}`}`;
}

function kindOf({ nComponents, covarianceType }: CandidateKind): CandidateKind {
  return { nComponents, covarianceType };
}
