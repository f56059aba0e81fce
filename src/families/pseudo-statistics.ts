import type { ExponentialFamilyDefinition, ExponentialParameters } from './exponential-family.ts';
import type { Prior } from './family.ts';
import { checkPriorKeys, noMode, priorNumbers, type PriorOption } from './prior-numbers.ts';
import { MixtureError } from '../errors.ts';

/** The conjugate prior of any exponential family: `strength` pseudo-samples (D) whose mean of T is `statistics` (D x S). */
interface PseudoStatistics {
  readonly statistics: Float64Array;
  readonly strength: Float64Array;
}

/** What the prior needs to know of a family. */
interface PriorSource {
  readonly name: string;
  readonly nStatistics: number;
  /** Of the arrays of parameters. */
  readonly names: readonly string[];
  /** eta of the member with this mean of T; not finite where there is none. */
  readonly naturalAt: (mean: Float64Array) => Float64Array;
  /** Parameters, in the order of the family's arrays. */
  readonly fromNatural: (natural: Float64Array) => ArrayLike<number>;
  readonly toNatural: (values: Float64Array) => Float64Array;
  readonly logPartition: (natural: Float64Array) => number;
}

/**
 * M-step and prior from the mean of T alone: ln p(eta) = strength (eta . statistics - A(eta)), whose mode with the samples is at
 * grad A(eta) = (S + strength statistics) / (N_k + strength) (Diaconis and Ylvisaker 1979).
 */
export function pseudoStatistics(
  source: PriorSource,
): Pick<ExponentialFamilyDefinition, 'update' | 'readPrior' | 'logPrior'> {
  const { name, nStatistics } = source;
  return {
    update({ sums, mass, prior, component, feature }, values) {
      const pseudo = prior as PseudoStatistics | undefined;
      const strength = pseudo ? pseudo.strength[feature] : 0;
      if (mass + strength === 0) return false;
      const mean = sums.map((sum, s) => {
        const prior = pseudo ? strength * pseudo.statistics[feature * nStatistics + s] : 0;
        return (sum + prior) / (mass + strength);
      });
      const found = Array.from(source.fromNatural(source.naturalAt(mean)));
      if (mass === 0 && !found.every(Number.isFinite)) {
        throw noMode(
          'the parameters',
          component,
          feature,
          `no member of ${name} has the prior's mean statistics [${mean.join(', ')}]`,
          'Give statistics that are the mean of T over some varied samples.',
        );
      }
      values.set(found);
      return true;
    },

    readPrior(prior: PriorOption, nFeatures: number): Prior {
      checkPriorKeys(prior, ['statistics', 'strength'], `prior of ${name}`);
      if (prior['strength'] === undefined && prior['statistics'] !== undefined) {
        throw new MixtureError(
          'INVALID_OPTION',
          'prior.statistics needs prior.strength.',
          'Give strength, how many pseudo-samples have that mean of T.',
          { option: 'prior.strength' },
        );
      }
      const strength = priorNumbers(prior, 'strength', nFeatures, 0, true);
      if (strength.every((value) => value === 0)) return undefined;
      const statistics = readStatistics(prior['statistics'], nFeatures, nStatistics);
      checkMembers(source, statistics, strength);
      return { strength, statistics };
    },

    logPrior(parameters: ExponentialParameters, prior: Prior): number {
      const { statistics, strength } = prior as PseudoStatistics;
      const nFeatures = strength.length;
      const count = parameters.weights.length * nFeatures;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const feature = i % nFeatures;
        const values = source.names.flatMap((key) => {
          const array = parameters[key];
          const width = array.length / count;
          return Array.from(array.subarray(i * width, (i + 1) * width));
        });
        const natural = source.toNatural(Float64Array.from(values));
        let exponent = -source.logPartition(natural);
        for (let s = 0; s < nStatistics; s++) {
          exponent += natural[s] * statistics[feature * nStatistics + s];
        }
        sum += strength[feature] * exponent;
      }
      return sum;
    },
  };
}

/** Pseudo-samples of no member would collapse the components, or be their bound: the prior has no mode. */
function checkMembers(
  { name, nStatistics, naturalAt, logPartition }: PriorSource,
  statistics: Float64Array,
  strength: Float64Array,
): void {
  strength.forEach((value, feature) => {
    if (value === 0) return;
    const mean = statistics.slice(feature * nStatistics, (feature + 1) * nStatistics);
    const natural = naturalAt(mean);
    if (natural.every(Number.isFinite) && Number.isFinite(logPartition(natural))) return;
    throw new MixtureError(
      'INVALID_OPTION',
      `prior.statistics: no member of ${name} has the mean of T [${mean.join(', ')}] (feature ${feature}).`,
      'Give statistics that are the mean of T over some varied samples.',
      { option: 'prior.statistics', feature },
    );
  });
}

/** S numbers for all features, or D x S. */
function readStatistics(given: unknown, nFeatures: number, nStatistics: number): Float64Array {
  const values =
    typeof given === 'number'
      ? [given]
      : typeof given === 'object' && given !== null
        ? Array.from(given as ArrayLike<unknown>)
        : [];
  const shared = values.length === nStatistics;
  const numbers = values.every((value): value is number => Number.isFinite(value));
  if (!numbers || !(shared || values.length === nFeatures * nStatistics)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `prior.statistics must be ${nStatistics} finite numbers, or ${nFeatures} x ${nStatistics}.`,
      'Give the mean of T over the pseudo-samples, and strength, how many there are.',
      { option: 'prior.statistics' },
    );
  }
  return Float64Array.from(
    { length: nFeatures * nStatistics },
    (_, i) => values[shared ? i % nStatistics : i],
  );
}
