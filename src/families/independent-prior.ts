import { atOnce } from '../data/pause.ts';
import { MixtureError } from '../errors.ts';
import type { Prior, PriorProblem } from './family.ts';
import { inBlock } from './independent-checks.ts';
import {
  parametersOf,
  samplesOf,
  type Block,
  type IndependentParameters,
} from './independent-block.ts';

type PriorOption = Readonly<Record<string, unknown>> | string;

/** The blocks' priors, undefined where a block has none. */
export type IndependentPrior = readonly Prior[];

/**
 * Each block's own prior, from its settings; the mixture's option holds no more than alpha, which is gone by now.
 * @throws MixtureError INVALID_OPTION
 */
export function readIndependentPrior(
  blocks: readonly Block[],
  prior: PriorOption,
  { nComponents, samples }: PriorProblem,
): IndependentPrior | undefined {
  const keys = typeof prior === 'string' ? [prior] : Object.keys(prior);
  if (keys.length > 0) {
    throw new MixtureError(
      'INVALID_OPTION',
      `A mixture of several families has no prior "${keys[0]}" of its own.`,
      'Give the mixture prior: { alpha }, and each block its own: poisson({ prior: { a: 2, b: 1 } }).',
      { option: `prior.${keys[0]}` },
    );
  }
  const priors = blocks.map((block) => {
    const own = block.family.settings['prior'] as PriorOption | undefined;
    if (own === undefined) return undefined;
    const problem = {
      nComponents,
      nFeatures: block.width,
      samples: atOnce(samplesOf(block, samples)),
    };
    return inBlock(block, () => block.family.readPrior(own, problem));
  });
  return priors.some((own) => own !== undefined) ? priors : undefined;
}

/** ln p(theta) of all blocks, without normalising constants. */
export function logIndependentPrior(
  blocks: readonly Block[],
  parameters: IndependentParameters,
  priors: IndependentPrior,
): number {
  return blocks.reduce((sum, block, b) => {
    if (priors[b] === undefined) return sum;
    return sum + block.family.logPrior(parametersOf(block, parameters), priors[b]);
  }, 0);
}
