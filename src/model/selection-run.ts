import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { pacer } from '../data/pause.ts';
import { MixtureError, type ErrorCode } from '../errors.ts';
import { measureCriteria } from './criteria.ts';
import { openDataset } from './fit.ts';
import { planSelection, type SelectionPlan } from './selection-plan.ts';
import { better, noCandidate, selectionWarnings } from './selection-report.ts';
import type {
  Candidate,
  CandidateKind,
  FamilySelectionOptions,
  FittedCandidate,
  GaussianSelectionOptions,
  Selection,
  SelectionStep,
} from './selection.ts';

/** Errors that say something of one candidate; any other would end every fit alike, and ends the selection. */
const OWN_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'COLLAPSED_COMPONENT',
  'NO_MODE',
  'TOO_FEW_SAMPLES',
  'LIMIT_EXCEEDED',
  'OUT_OF_MEMORY',
]);

/** See `selectComponentsSteps`. */
export async function* selecting(
  samples: SamplesInput | Dataset,
  options: GaussianSelectionOptions | FamilySelectionOptions,
): AsyncGenerator<SelectionStep, Selection, void> {
  const plan = planSelection(options);
  const { criterion, kinds } = plan;
  const { context, sampleWeights, signal } = options;
  signal?.throwIfAborted();
  const owned: { dispose(): void }[] = [];
  try {
    const scope = { nComponents: 1, context, sampleWeights, signal };
    const { dataset } = await openDataset(samples, scope, plan.family, owned);
    const candidates: Candidate[] = [];
    let best: FittedCandidate | undefined;
    const pause = pacer(signal);
    for (const kind of kinds) {
      signal?.throwIfAborted();
      const candidate = await fitCandidate(plan, dataset, kind, signal);
      candidates.push(candidate);
      best = better(best, candidate, criterion);
      const step = { done: candidates.length, total: kinds.length, candidate, best };
      (options.onProgress as ((step: SelectionStep) => void) | undefined)?.(step);
      yield step;
      await pause();
    }
    if (!best) throw noCandidate(candidates);
    const most = dataset.relativeWeights?.filter((weight) => weight > 0).length ?? dataset.nSamples;
    const warnings = selectionWarnings(candidates, best, criterion, most);
    return { criterion, mixture: best.mixture, best, candidates, warnings };
  } finally {
    for (const item of owned.reverse()) item.dispose();
  }
}

async function fitCandidate(
  plan: SelectionPlan,
  dataset: Dataset,
  kind: CandidateKind,
  signal: AbortSignal | undefined,
): Promise<Candidate> {
  const started = performance.now();
  try {
    const mixture = await plan.fit(dataset, kind);
    const { nParameters, lowerBound, converged, nIter } = mixture;
    const criteria = await mixture.evaluate(dataset, { signal }, (seam, parameters) =>
      measureCriteria(seam, parameters, dataset, nParameters, signal),
    );
    const milliseconds = performance.now() - started;
    const about = { mixture, nParameters, lowerBound, converged, nIter, milliseconds };
    return { ...kind, ...criteria, ...about, error: undefined };
  } catch (error) {
    if (!isOwn(error)) throw error;
    return { ...kind, ...NOTHING, milliseconds: performance.now() - started, error };
  }
}

const NOTHING = {
  logLikelihood: undefined,
  bic: undefined,
  aic: undefined,
  icl: undefined,
  mixture: undefined,
  nParameters: undefined,
  lowerBound: undefined,
  converged: false,
  nIter: undefined,
} as const;

function isOwn(error: unknown): error is MixtureError {
  if (!(error instanceof MixtureError)) return false;
  // (a start under which a sample is impossible: found in an iteration, and of this candidate alone)
  const inIteration = error.code === 'INVALID_OPTION' && 'iteration' in error.details;
  return OWN_ERRORS.has(error.code) || inIteration;
}
