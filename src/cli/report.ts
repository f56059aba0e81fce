import type { ContextInfo, Warning } from '../index.ts';
import type { TableFacts } from './table-facts.ts';
import type { PredictReport } from './model-jobs.ts';
import { counted, significant, textTable } from './text.ts';

/** What a person reads after a prediction whose labels went to a file. */
export function predictSummary(
  file: string,
  table: TableFacts,
  report: PredictReport,
  labelCounts: readonly number[],
): string {
  const facts = [
    ...samplesFacts(file, table),
    ...contextFacts(report.context),
    ['Log-likelihood', perSample(report.score)],
  ];
  const counts = labelCounts.map((count, component) => [String(component), String(count)]);
  return `${textTable(facts, ['left', 'left'])}\n${textTable([['component', 'samples'], ...counts], ['right', 'right'])}`;
}

/** What of the input is easily overlooked; for stderr. */
export function inputNotes(table: TableFacts): string {
  return table.skippedColumns
    .map(({ name, reason }) => `Note: column "${name}" is left out: ${reason}.\n`)
    .join('');
}

/** What of the fit is easily overlooked; for stderr. */
export function warningNotes(warnings: readonly Pick<Warning, 'message'>[]): string {
  return warnings.map(({ message }) => `Note: ${message}\n`).join('');
}

/** Where it was computed, for --json. */
export function contextJson({ backend, code, reason, adapter, software, threads }: ContextInfo) {
  return { backend: { backend, code, reason, adapter: adapter ?? null, software, threads } };
}

export function samplesFacts(file: string, { samples, missing }: TableFacts): string[][] {
  const { nSamples, nFeatures } = samples;
  const source = file === '-' ? 'standard input' : file;
  const facts = [['Samples', `${nSamples} of ${counted(nFeatures, 'feature')}, from ${source}`]];
  if (missing > 0) facts.push(['Missing', `${missing} of ${nSamples * nFeatures} entries`]);
  return facts;
}

export function contextFacts({
  backend,
  code,
  reason,
  adapter,
  software,
  threads,
}: ContextInfo): string[][] {
  const on = threads > 0 ? `, on up to ${counted(threads, 'thread')}` : '';
  // The library's reason speaks to readers of web pages.
  const why =
    code === 'WEBGPU_UNAVAILABLE'
      ? `Runs on the CPU in float64${on}; --browser or --backend webgpu would use WebGPU.`
      : reason;
  const facts = [['Backend', `${backend}. ${why}`]];
  // (a fit that the device has no kernels for ran on the CPU, whatever the adapter)
  if (adapter !== undefined && backend === 'webgpu')
    facts.push(['Adapter', software ? `${adapter}, software` : adapter]);
  return facts;
}

/** A mean log-likelihood; null where a sample is impossible. */
export function perSample(score: number | null): string {
  return `${significant(score ?? -Infinity)} per sample`;
}
