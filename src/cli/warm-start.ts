import { GaussianMixture, readMixture } from '../index.ts';
import { UsageError } from './errors.ts';
import type { FamilyName } from './families.ts';
import type { FitOptions } from './fit-job.ts';
import { readModelFile, type ModelFile } from './model-file.ts';

/** A mixture that a fit goes on from, and the options that it settles where the call leaves them open. */
export interface WarmStart extends ModelFile {
  readonly options: Partial<FitOptions>;
}

/** Reads the model of --warm-start. Throws UsageError, or MixtureError INVALID_MODEL. */
export async function readWarmStart(file: string, family: FamilyName): Promise<WarmStart> {
  const read = await readModelFile(file);
  const mixture = readMixture(read.model);
  const own = mixture instanceof GaussianMixture ? 'gaussian' : mixture.family.name;
  if (own !== family) {
    throw new UsageError(
      `The model "${file}" is a ${own} mixture, and the fit a ${family} one.`,
      `Add --family ${own}.`,
    );
  }
  const { nComponents } = mixture;
  const { nCategories } = mixture.family.settings;
  const options: Partial<FitOptions> = {
    nComponents,
    ...(mixture instanceof GaussianMixture && { covarianceType: mixture.covarianceType }),
    ...(mixture instanceof GaussianMixture &&
      mixture.covarianceType === 'fixed' && {
        fixedCovariance: Array.from(mixture.covariances),
      }),
    ...(nCategories !== undefined && {
      nCategories: nCategories as NonNullable<FitOptions['nCategories']>,
    }),
  };
  return { ...read, options };
}
