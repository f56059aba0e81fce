import { GaussianMixture } from '../index.ts';
import type { FittedMixture } from '../index.ts';
import type { TableFacts } from './table-facts.ts';
import { componentTable } from './component-table.ts';
import { diagnosticsTable } from './diagnostics-table.ts';
import { FAMILY_LABELS } from './families.ts';
import type { FitArguments } from './fit-arguments.ts';
import type { FitReport, RestartReport } from './fit-job.ts';
import { contextFacts, perSample, samplesFacts } from './report.ts';
import { counted, significant, textTable } from './text.ts';

/** What a person reads after a fit. */
export function fitSummary(
  { input, family, options }: FitArguments,
  table: TableFacts,
  report: FitReport,
  mixture: FittedMixture,
  labelCounts: readonly number[],
): string {
  const { nComponents, nParameters } = mixture;
  const kind =
    mixture instanceof GaussianMixture
      ? `${mixture.covarianceType} covariance`
      : FAMILY_LABELS[family];
  const facts = [
    ...samplesFacts(input.file, table),
    [
      'Mixture',
      `${counted(nComponents, 'component')}, ${kind}, ${counted(nParameters, 'free parameter')}`,
    ],
    ...(options.prior === undefined ? [] : [['Prior', priorText(options.prior)]]),
    ...contextFacts(report.context),
    ['Converged', convergence(mixture, report.restarts, report.seconds)],
    ...(options.escape === 'split-merge' ? [['Moves', movesText(report.restarts)]] : []),
    ...boundFacts(mixture),
    ['Log-likelihood', perSample(report.score)],
    ['BIC', report.bic.toFixed(3)],
    ['AIC', report.aic.toFixed(3)],
  ];
  const components = componentTable(family, table, mixture, labelCounts);
  const diagnosis = report.diagnostics ? `\n${diagnosticsTable(report.diagnostics)}` : '';
  return `${textTable(facts, ['left', 'left'])}\n${components}${diagnosis}`;
}

export function convergence(
  { converged, nIter }: FittedMixture,
  restarts: readonly RestartReport[],
  seconds: number,
): string {
  const best = restarts.length > 1 ? ` in the best of ${restarts.length} restarts` : '';
  return `${converged ? 'yes' : 'no'}, ${counted(nIter, 'iteration')}${best}, ${seconds.toFixed(2)} s`;
}

/** Of all restarts together. */
function movesText(restarts: readonly RestartReport[]): string {
  const count = (which: 'tried' | 'accepted'): number =>
    restarts.reduce((sum, { moves }) => sum + (moves?.[which] ?? 0), 0);
  return `${count('accepted')} of ${counted(count('tried'), 'split-and-merge move')} accepted`;
}

/** The penalised bound with its two terms; nothing by maximum likelihood, where it is the log-likelihood. */
export function boundFacts({ lowerBound, logLikelihood, logPrior }: FittedMixture): string[][] {
  if (logPrior === 0) return [];
  return [
    [
      'Lower bound',
      `${significant(lowerBound)} per sample; in total log-likelihood ${significant(logLikelihood)} and log-prior ${significant(logPrior)}`,
    ],
  ];
}

const GAUSSIAN_PRIOR = ['kappa', 'mean', 'dof', 'scale'];

/** As the options gave it: "alpha 2, a 2, b 1,2,3". */
export function priorText(prior: NonNullable<FitArguments['options']['prior']>): string {
  if (typeof prior === 'string') return `${prior}'s defaults`;
  const given = Object.entries(prior).map(([name, value]) => `${name} ${String(value)}`);
  // What a Gaussian prior leaves out is never nothing.
  const ofGaussians = GAUSSIAN_PRIOR.filter((name) => name in prior).length;
  const isPartly = ofGaussians > 0 && ofGaussians < GAUSSIAN_PRIOR.length;
  return [...given, ...(isPartly ? ["the rest mclust's defaults"] : [])].join(', ');
}
