import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import { makeFamily } from '../families/registry.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { fromPlain } from './json.ts';
import type { MixtureOptions } from './options.ts';

/** What a saved mixture may need to be read. */
export interface PlainOptions {
  /** The user's own families (`defineFamily`): a saved model holds their name only. */
  readonly families?: readonly Family[] | undefined;
}

/** A fitted mixture of any family: `poisson()`, `independent({ ... })`, the user's own (`defineFamily`), ... */
export class Mixture extends FittedMixture {
  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options K and all else, with defaults; see `MixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; COLLAPSED_COMPONENT or
   *   NO_MODE where every restart ended so (`details.mixture` holds the last good parameters); the device's errors; or
   *   `signal.reason`
   */
  static fit(samples: SamplesInput | Dataset, options: MixtureOptions): Promise<Mixture> {
    return runToEnd(fitMixture(samples, options, ANY_FAMILY));
  }

  /**
   * The same fit, one step at a time: nothing runs between two steps, and leaving the loop frees everything. Each restart
   * begins with step 0, the start. The generator returns what `fit` returns.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: MixtureOptions,
  ): AsyncGenerator<FitStep, Mixture, void> {
    return fitMixture(samples, options, ANY_FAMILY);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @param options `families`: the user's own families (`defineFamily`) that the model may be of
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown, options: PlainOptions = {}): Mixture {
    const { family, parameters, nFeatures, record } = fromPlain(json, (name, settings) =>
      makeFamily(name, settings, requireFamilies(options)),
    );
    return new Mixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

/** `Mixture.fit`: the family comes as an option. */
const ANY_FAMILY: MixtureKind<Mixture, MixtureOptions> = {
  options: ['family', 'parametersInit', 'regCovar'],
  family: ({ family }) => {
    if (typeof family?.logDensity === 'function') return family;
    throw new MixtureError(
      'INVALID_OPTION',
      'Mixture.fit needs a family.',
      'Give family: poisson(), independent({ ... }), or what defineFamily gave.',
    );
  },
  make: (...parts) => new Mixture(...parts),
};

/** @throws MixtureError INVALID_OPTION */
function requireFamilies({ families = [] }: PlainOptions): readonly Family[] {
  if (Array.isArray(families)) return families;
  throw new MixtureError(
    'INVALID_OPTION',
    'families is no array.',
    'Give Mixture.fromJSON(json, { families: [yourFamily] }).',
    { option: 'families' },
  );
}
