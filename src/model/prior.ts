import type { Dataset } from '../em/dataset.ts';
import type { Steps } from '../data/pause.ts';
import type { MixturePrior } from '../em/m-step.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Prior } from '../families/family.ts';

/**
 * The option `prior` as the M-step takes it, in steps: `alpha` for the weights, the rest (over what the family's own settings say) for
 * the family; undefined for maximum likelihood.
 * @throws MixtureError INVALID_OPTION
 */
export function* readPrior(
  prior: unknown,
  family: Family,
  nComponents: number,
  { samples, sampleWeights }: Pick<Dataset, 'samples' | 'sampleWeights'>,
): Steps<MixturePrior | undefined> {
  const own = family.settings['prior'] as Named | 'mclust' | undefined;
  if (prior === undefined && own === undefined) return undefined;
  if (prior !== undefined && prior !== 'mclust' && (typeof prior !== 'object' || prior === null)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `prior is ${JSON.stringify(prior)}.`,
      "Give an object such as { alpha: 2 }, or 'mclust' for a Gaussian mixture.",
      { option: 'prior', value: prior },
    );
  }
  const { nFeatures } = samples;
  const problem = { nComponents, nFeatures, samples, weights: sampleWeights };
  const read = function* (option: Named | 'mclust'): Steps<Prior> {
    const columns = family.findPriorColumns && (yield* family.findPriorColumns(option, problem));
    return family.readPrior(option, { ...problem, columns });
  };
  if (prior === 'mclust') {
    return { alpha: undefined, components: yield* read(prior) };
  }
  const { alpha, ...given } = (prior ?? {}) as Named;
  const named = Object.keys(given).length > 0;
  const { alpha: ownAlpha, ...ownRest } = own === 'mclust' || own === undefined ? {} : own;
  const concentration = readAlpha(alpha === undefined ? ownAlpha : alpha, nComponents);
  let components: Prior;
  if (own === 'mclust' && !named) components = yield* read(own);
  else if (named || own) components = yield* read({ ...ownRest, ...given });
  if (!concentration && components === undefined) return undefined;
  return { alpha: concentration, components };
}

type Named = Readonly<Record<string, unknown>>;

/** Dirichlet(alpha) on the weights: K numbers above 0; undefined where all are 1. */
function readAlpha(alpha: unknown, nComponents: number): Float64Array | undefined {
  if (alpha === undefined) return undefined;
  const numbers = Array.isArray(alpha) || ArrayBuffer.isView(alpha) ? alpha : [];
  const given =
    typeof alpha === 'number'
      ? new Float64Array(nComponents).fill(alpha)
      : Float64Array.from(numbers as ArrayLike<number>, (value) =>
          typeof value === 'number' ? value : Number.NaN,
        );
  const wrong = given.findIndex((value) => !(value > 0 && value < Infinity));
  if (given.length !== nComponents || wrong >= 0) {
    const what =
      wrong < 0 ? `has ${given.length} numbers` : `is ${given[wrong]} for component ${wrong}`;
    throw new MixtureError(
      'INVALID_OPTION',
      `prior.alpha ${what}.`,
      `Give one number above 0, or ${nComponents}: the concentration of a Dirichlet prior on the weights.`,
      { option: 'prior.alpha', component: Math.max(0, wrong) },
    );
  }
  return given.every((value) => value === 1) ? undefined : given;
}
