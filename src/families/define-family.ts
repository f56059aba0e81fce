import { checkDefinition, gradient, meanOf } from './check-definition.ts';
import {
  exponentialFamily,
  readSettings,
  type ExponentialFamily,
  type ExponentialFamilyDefinition,
  type FeatureSettings,
} from './exponential-family.ts';
import { numbersOf } from './definition-numbers.ts';
import { supportOf } from './definition-support.ts';
import { checkForm, invalid, type FamilyDefinition } from './family-definition.ts';
import { pseudoStatistics } from './pseudo-statistics.ts';

/**
 * A family of one's own: from T, A, ln h, the inverse of grad A and T once more in WGSL, everything else follows (D independent
 * features, E-step and statistics on both sides, M-step, conjugate prior, missing entries, columns of `independent`).
 * `Mixture.fit(samples, { family: defineFamily({ ... }), nComponents: 3 })`. docs/own-family.md builds two.
 * Prior of every such family: `{ statistics, strength }`, as many pseudo-samples whose mean of T is `statistics`;
 * the M-step is eta = meanToNatural((S + strength * statistics) / (N_k + strength)).
 * @param given the pieces; see `FamilyDefinition`
 * @param options the number of columns in `independent({ ... })` (default 1 there), or `{ nFeatures, prior }`
 * @throws MixtureError INVALID_OPTION where pieces are missing, or do not belong to one family (checked numerically)
 */
export function defineFamily<
  const N extends readonly number[],
  const P extends readonly string[] = readonly string[],
>(given: FamilyDefinition<N, P>, options?: FeatureSettings | number): ExponentialFamily {
  // (checkForm holds it to the lengths that its type says)
  const definition = given as unknown as FamilyDefinition;
  checkForm(definition);
  const support = supportOf(definition);
  checkDefinition(definition);
  return exponentialFamily(internalForm(definition, support), readSettings(options));
}

function internalForm(
  definition: FamilyDefinition,
  support: ExponentialFamilyDefinition['support'],
): ExponentialFamilyDefinition {
  const { name, neutral, parameters } = definition;
  const nStatistics = neutral.length;
  const names = parameters ? parameters.names : ['naturalParameters'];
  const fromNatural = (natural: Float64Array): ArrayLike<number> =>
    parameters ? parameters.fromNatural(natural) : natural;
  const naturalOf = (values: Float64Array): Float64Array =>
    Float64Array.from(parameters ? parameters.toNatural(values.slice()) : values);
  const sufficientStatistics = (x: number, out: Float64Array, offset: number): void => {
    const t = definition.sufficientStatistics(x);
    for (let s = 0; s < nStatistics; s++) out[offset + s] = t[s]!;
  };
  const meanToNatural = (mean: Float64Array, natural: Float64Array): void => {
    const found = definition.meanToNatural(mean.slice());
    natural.set(numbersOf(name, 'meanToNatural', found, nStatistics, 'neutral has'));
  };
  const naturalAt = (mean: Float64Array): Float64Array => {
    const natural = new Float64Array(nStatistics);
    meanToNatural(mean, natural);
    return natural;
  };
  return {
    name,
    // kernels are kept by name: another text under the same name is another kernel
    kernelName: `${name}#${hash(definition.wgsl)}`,
    support,
    nStatistics,
    nonNegative: false,
    wgsl: definition.wgsl,
    parameters: Object.fromEntries(names.map((key) => [key, parameters ? [] : [nStatistics]])),
    neutral: Array.from(fromNatural(Float64Array.from(neutral))),
    sufficientStatistics,
    ...(definition.logBaseMeasure && {
      logBaseMeasure: (x: number) => definition.logBaseMeasure!(x),
    }),
    toNatural: (values, natural) => natural.set(naturalOf(values)),
    meanToNatural,
    logPartition: (natural) => definition.logPartition(natural),
    naturalToMean: (natural, mean) => mean.set(gradient(definition, natural)),
    ...pseudoStatistics({
      name,
      nStatistics,
      names,
      naturalAt,
      fromNatural,
      toNatural: naturalOf,
      logPartition: (natural) => definition.logPartition(natural),
    }),
    problem(values) {
      const natural = naturalOf(values);
      return natural.every(Number.isFinite) && Number.isFinite(definition.logPartition(natural))
        ? undefined
        : 'parameters must be those of a proper density';
    },
    mean(values) {
      const mean = meanOf(definition, naturalOf(values));
      if (mean !== undefined) return mean;
      throw invalid(name, 'nothing says what E[x] is', 'Give defineFamily a mean(natural).');
    },
    draw(values, random) {
      if (definition.sample) return definition.sample(naturalOf(values), random);
      throw invalid(
        name,
        'nothing says how to draw',
        'Give defineFamily a sample(natural, random).',
      );
    },
  };
}

/** FNV-1a of a text, 32 bits, in hexadecimal. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16);
}
