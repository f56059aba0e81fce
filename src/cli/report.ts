import type { ContextInfo, GaussianMixture } from '../index.ts';
import type { CsvSamples } from '../io/csv.ts';
import { summariseComponents } from './components.ts';
import type { FitReport, PredictReport } from './jobs.ts';
import { counted, significant, textTable } from './text.ts';

/** What a person reads after a fit. */
export function fitSummary(
  file: string,
  table: CsvSamples,
  report: FitReport,
  mixture: GaussianMixture,
  labelCounts: readonly number[],
): string {
  const { nComponents, nParameters, covarianceType } = mixture;
  const facts = [
    samplesFact(file, table),
    [
      'Mixture',
      `${counted(nComponents, 'component')}, ${covarianceType} covariance, ${counted(nParameters, 'free parameter')}`,
    ],
    ...contextFacts(report.context),
    ['Converged', convergence(mixture, report)],
    ['Log-likelihood', `${significant(report.score)} per sample`],
    ['BIC', report.bic.toFixed(3)],
    ['AIC', report.aic.toFixed(3)],
  ];
  return `${textTable(facts, ['left', 'left'])}\n${componentTable(table.columnNames, mixture, labelCounts)}`;
}

/** What a person reads after a prediction whose labels went to a file. */
export function predictSummary(
  file: string,
  table: CsvSamples,
  report: PredictReport,
  labelCounts: readonly number[],
): string {
  const facts = [
    samplesFact(file, table),
    ...contextFacts(report.context),
    ['Log-likelihood', `${significant(report.score)} per sample`],
  ];
  const counts = labelCounts.map((count, component) => [String(component), String(count)]);
  return `${textTable(facts, ['left', 'left'])}\n${textTable([['component', 'samples'], ...counts], ['right', 'right'])}`;
}

/** What of the input is easily overlooked; for stderr. */
export function inputNotes(table: CsvSamples): string {
  return table.skippedColumns
    .map(({ name, reason }) => `Note: column "${name}" is left out: ${reason}.\n`)
    .join('');
}

/** What of the fit is easily overlooked; for stderr. */
export function fitNotes({ warnings }: FitReport): string {
  return warnings.map((warning) => `Note: ${warning}\n`).join('');
}

/** Where it was computed, for --json. */
export function contextJson({ backend, code, reason, adapter, software }: ContextInfo) {
  return { backend: { backend, code, reason, adapter: adapter ?? null, software } };
}

function samplesFact(file: string, { samples }: CsvSamples): string[] {
  const source = file === '-' ? 'standard input' : file;
  const features = counted(samples.nFeatures, 'feature');
  return ['Samples', `${samples.nSamples} of ${features}, from ${source}`];
}

function contextFacts({ backend, code, reason, adapter, software }: ContextInfo): string[][] {
  // The library's reason speaks to readers of web pages.
  const why =
    code === 'WEBGPU_UNAVAILABLE'
      ? 'Runs on the CPU in float64; --browser or --backend webgpu would use WebGPU.'
      : reason;
  const facts = [['Backend', `${backend}. ${why}`]];
  if (adapter !== undefined) facts.push(['Adapter', software ? `${adapter}, software` : adapter]);
  return facts;
}

function convergence({ converged, nIter }: GaussianMixture, report: FitReport): string {
  const { restarts, seconds } = report;
  const best = restarts.length > 1 ? ` in the best of ${restarts.length} restarts` : '';
  return `${converged ? 'yes' : 'no'}, ${counted(nIter, 'iteration')}${best}, ${seconds.toFixed(2)} s`;
}

function componentTable(
  columnNames: readonly string[],
  mixture: GaussianMixture,
  labelCounts: readonly number[],
): string {
  const rows = summariseComponents(mixture).flatMap(
    ({ weight, mean, standardDeviation }, component) =>
      columnNames.map((name, feature) => [
        ...(feature === 0
          ? [String(component), significant(weight), String(labelCounts[component])]
          : ['', '', '']),
        name,
        significant(mean[feature]),
        significant(standardDeviation[feature]),
      ]),
  );
  const header = ['component', 'weight', 'samples', 'column', 'mean', 'standard deviation'];
  return textTable([header, ...rows], ['right', 'right', 'right', 'left', 'right', 'right']);
}
