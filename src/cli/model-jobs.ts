import type { ContextInfo } from '../index.ts';
import type { Job, Shape } from './job.ts';

export interface PredictSettings {
  readonly shape: Shape;
  /** As a fit wrote it. */
  readonly model: unknown;
  readonly wantProbabilities: boolean;
}

export interface PredictReport {
  readonly nSamples: number;
  readonly missing: number;
  /** Mean log-likelihood of a sample; null where a sample is impossible under the mixture. */
  readonly score: number | null;
  readonly context: ContextInfo;
}

/** Labels the samples of `data` by a fitted mixture: gives `labels`, and `probabilities` (N x K) where asked for. */
export const runPredict: Job<PredictSettings, PredictReport> = async (
  library,
  context,
  { settings, arrays, stream },
  { signal, onLabels },
) => {
  const scope = { context, signal };
  const mixture = library.readMixture(settings.model);
  if (stream) {
    let where = context.info;
    let nSamples = 0;
    let missing = 0;
    let total = 0;
    for await (const chunk of stream.chunks({ signal })) {
      const dataset = await library.createDataset(chunk, { ...scope, upload: 'nothing' });
      try {
        const onContextInfo = (info: ContextInfo) => (where = info);
        const labels = await mixture.predict(dataset, { ...scope, onContextInfo });
        const probabilities = settings.wantProbabilities
          ? await mixture.predictProba(dataset, scope)
          : undefined;
        total += (await mixture.score(dataset, scope)) * dataset.nSamples;
        nSamples += dataset.nSamples;
        missing += dataset.missing;
        await onLabels?.(labels, probabilities, mixture.nComponents);
      } finally {
        dataset.dispose();
      }
    }
    const score = Number.isFinite(total) ? total / nSamples : null;
    return { report: { nSamples, missing, score, context: where }, arrays: {} };
  }
  const samples = { data: arrays['data'], ...settings.shape };
  const dataset = await library.createDataset(samples, { ...scope, upload: 'nothing' });
  try {
    let where = context.info;
    const onContextInfo = (info: ContextInfo) => (where = info);
    const labels = await mixture.predict(dataset, { ...scope, onContextInfo });
    const score = await mixture.score(dataset, scope);
    const probabilities = settings.wantProbabilities
      ? { probabilities: await mixture.predictProba(dataset, scope) }
      : {};
    return {
      report: {
        nSamples: dataset.nSamples,
        missing: dataset.missing,
        score: Number.isFinite(score) ? score : null,
        context: where,
      },
      arrays: { labels, ...probabilities },
    };
  } finally {
    dataset.dispose();
  }
};

export interface ImputeSettings {
  readonly shape: Shape;
  readonly model: unknown;
}

export interface ImputeReport {
  readonly context: ContextInfo;
}

/** Fills in what is NaN in `data` (N x D); gives `data` whole. */
export const runImpute: Job<ImputeSettings, ImputeReport> = async (
  library,
  context,
  { settings, arrays },
  { signal },
) => {
  const mixture = library.readMixture(settings.model);
  const samples = { data: arrays['data'], ...settings.shape };
  let where = context.info;
  const onContextInfo = (info: ContextInfo) => (where = info);
  const { data } = await mixture.impute(samples, { context, signal, onContextInfo });
  return { report: { context: where }, arrays: { data } };
};
