import { createDataset } from '../em/create-dataset.ts';
import { Dataset } from '../em/dataset.ts';
import type { SamplesInput } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import { createContext, type Context } from '../gpu/context.ts';
import { hardwareThreads } from '../gpu/hardware-threads.ts';
import { checkColumnNames } from './column-names.ts';
import { requireScope } from './option-checks.ts';
import type { Family } from '../families/family.ts';

/** What was fitted, as far as its samples are concerned. */
export interface Fitted {
  readonly family: Pick<Family, 'coordinates'>;
  readonly nFeatures: number;
  readonly columnNames: readonly string[] | undefined;
}

/**
 * Runs `compute` on samples for a fitted mixture (or k-means), checked to have its columns, and frees what was made for it.
 * @throws MixtureError FEATURE_MISMATCH, INVALID_OPTION, and those of `createDataset`
 */
export async function withSamples<T>(
  fitted: Fitted,
  input: SamplesInput | Dataset,
  options: {
    readonly context: Context | undefined;
    readonly signal: AbortSignal | undefined;
    readonly sampleWeights?: ArrayLike<number> | undefined;
  },
  compute: (dataset: Dataset) => Promise<T>,
): Promise<T> {
  const own =
    input instanceof Dataset || options.context
      ? undefined
      : await createContext({ backend: 'cpu', threads: hardwareThreads() });
  own?.amend({ reason: ON_CPU.reason });
  const dataset =
    input instanceof Dataset
      ? input
      : await createDataset(input, {
          ...options,
          context: options.context ?? own,
          upload: 'nothing',
        });
  try {
    if (dataset.nFeatures !== fitted.nFeatures) {
      throw new MixtureError(
        'FEATURE_MISMATCH',
        `The samples have ${dataset.nFeatures} features, but the fit was to ${fitted.nFeatures}.`,
        'Pass the same columns in the same order as in the fit.',
        { nFeatures: dataset.nFeatures, expected: fitted.nFeatures },
      );
    }
    checkColumnNames(fitted.columnNames, dataset.samples.columnNames);
    if (fitted.family.coordinates === 'standardised') {
      await dataset.findStandardisation(options.signal);
    }
    return await compute(dataset);
  } finally {
    if (!(input instanceof Dataset)) dataset.dispose();
    own?.dispose();
  }
}

/** Where samples without a context are computed. */
export const ON_CPU: ContextInfo = {
  backend: 'cpu',
  code: 'CPU_REQUESTED',
  reason: 'Runs on the CPU in float64, without a context.',
  adapter: undefined,
  software: false,
  limits: {},
  threads: 0,
};

/** A misspelt option would be as good as none. @throws MixtureError INVALID_OPTION */
export function refuseUnknown(options: object, known: readonly string[], note = ''): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The options are no object, but ${options === null ? 'null' : `a ${typeof options}`}.`,
      `Give an object, or leave them out. Options are: ${known.join(', ')}${note}.`,
    );
  }
  requireScope(options);
  const odd = Object.keys(options).find((name) => !known.includes(name));
  if (odd === undefined) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `There is no option ${odd} here.`,
    `Options are: ${known.join(', ')}${note}.`,
    { option: odd },
  );
}
