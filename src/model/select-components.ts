import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
import type { Mixture } from './mixture.ts';
import type {
  FamilySelectionOptions,
  GaussianSelectionOptions,
  Selection,
  SelectionStep,
} from './selection.ts';

/**
 * Fits a mixture for every number of components (and covariance type), on samples that are checked and uploaded once, and
 * chooses the one with the lowest criterion: BIC (Schwarz 1978), AIC (Akaike 1974) or ICL (Biernacki, Celeux and Govaert 2000).
 * A candidate that cannot be fitted is a row of the table with its error. The same seed gives the same table on a device.
 * @param samples any accepted form, or a dataset
 * @param options those of `GaussianMixture.fit`, or with `family` those of `Mixture.fit`, for all candidates alike; starts
 *   given as arrays are refused, as they have one number of components
 * @throws MixtureError NO_CANDIDATE where none could be fitted (the reasons in message and `details.candidates`); INVALID_OPTION,
 *   INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT; the device's errors; or `signal.reason`
 */
export function selectComponents(
  samples: SamplesInput | Dataset,
  options: GaussianSelectionOptions,
): Promise<Selection<GaussianMixture>>;
/**
 * The same for a family other than the Gaussian.
 * @param samples any accepted form, or a dataset
 * @param options those of `Mixture.fit`, for all candidates alike
 * @throws MixtureError as above
 */
export function selectComponents(
  samples: SamplesInput | Dataset,
  options: FamilySelectionOptions,
): Promise<Selection<Mixture>>;
export async function selectComponents(
  samples: SamplesInput | Dataset,
  options: GaussianSelectionOptions | FamilySelectionOptions,
): Promise<Selection> {
  const steps = select(samples, options);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

/**
 * The same selection, one candidate at a time: nothing runs between two steps, and leaving the loop frees everything. The
 * generator returns what `selectComponents` returns.
 * @param samples any accepted form, or a dataset
 * @param options as for `selectComponents`
 */
export function selectComponentsSteps(
  samples: SamplesInput | Dataset,
  options: GaussianSelectionOptions,
): AsyncGenerator<SelectionStep<GaussianMixture>, Selection<GaussianMixture>, void>;
/**
 * The same for a family other than the Gaussian.
 * @param samples any accepted form, or a dataset
 * @param options as for `selectComponents`
 */
export function selectComponentsSteps(
  samples: SamplesInput | Dataset,
  options: FamilySelectionOptions,
): AsyncGenerator<SelectionStep<Mixture>, Selection<Mixture>, void>;
export function selectComponentsSteps(
  samples: SamplesInput | Dataset,
  options: GaussianSelectionOptions | FamilySelectionOptions,
): AsyncGenerator<SelectionStep, Selection, void> {
  return select(samples, options);
}

/** The selection in a module that is fetched for it: it brings `Mixture`, which brings every family. */
async function* select(
  samples: SamplesInput | Dataset,
  options: GaussianSelectionOptions | FamilySelectionOptions,
): AsyncGenerator<SelectionStep, Selection, void> {
  const { selecting } = await import('./selection-run.ts');
  return yield* selecting(samples, options);
}
