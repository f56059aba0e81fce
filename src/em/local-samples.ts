import type { Random } from '../data/random.ts';
import type { Density, Family, Parameters } from '../families/family.ts';
import { addObserved, zeroStatistics } from '../families/statistics.ts';
import type { ComponentSlots } from './component-slots.ts';
import type { Dataset } from './dataset.ts';
import type { Guidance } from './guidance.ts';
import { mStep, type Maximisation } from './m-step.ts';
import { pacer } from '../data/pause.ts';

/** Samples looked at, at most: starts of moves need no more, and EM over all samples judges them. */
const SAMPLES = 8192;
/** Float64 numbers kept of them (responsibilities, values), 32 MB. */
const NUMBERS = 2 ** 22;
/** Multiply-adds of one look at all components. */
const WORK = 2e8;

/** What local fits are about. */
export interface LocalProblem {
  readonly dataset: Dataset;
  readonly family: Family;
  readonly mStepOptions: Maximisation;
  readonly guidance: Guidance | undefined;
  readonly slots: ComponentSlots;
  readonly signal: AbortSignal | undefined;
}

/**
 * All samples, or a seeded random part of a large dataset, under the components of one model, in float64 on this machine: where
 * single components are taken out and fitted again. Missing entries count as in an E-step where the family leaves them out, and
 * as the column's mean where it needs them.
 */
export class LocalSamples {
  readonly count: number;
  /** Sample weights scaled to sum N. */
  readonly weights: Float64Array;
  /** gamma_nk, count x K. */
  readonly responsibilities: Float64Array;
  /** ln(pi_k p(x_n | k)) less ln h(x_n), guidance left out, count x K. */
  readonly logJoint: Float64Array;
  readonly #problem: LocalProblem;
  readonly #rows: readonly Float64Array[];
  readonly #samples: ArrayLike<number> | undefined;
  readonly #residual: Float64Array;

  private constructor(problem: LocalProblem, nComponents: number, random: Random) {
    const { dataset, family } = problem;
    const { nSamples, nFeatures } = dataset;
    const work = nComponents * Math.max(nFeatures, family.statisticsLength(nFeatures));
    const affordable = Math.min(
      SAMPLES,
      Math.floor(NUMBERS / (nFeatures + 2 * nComponents)),
      Math.floor(WORK / work),
    );
    this.count = Math.min(nSamples, Math.max(64 * nComponents, affordable));
    this.#samples = this.count < nSamples ? random.distinct(this.count, nSamples) : undefined;
    this.#problem = problem;
    this.weights = new Float64Array(this.count);
    this.responsibilities = new Float64Array(this.count * nComponents);
    this.logJoint = new Float64Array(this.count * nComponents);
    this.#rows = Array.from({ length: this.count }, () => new Float64Array(nFeatures));
    this.#residual = new Float64Array(nFeatures);
  }

  static async look(
    problem: LocalProblem,
    parameters: Parameters,
    random: Random,
  ): Promise<LocalSamples> {
    const local = new LocalSamples(problem, parameters.weights.length, random);
    await local.#look(parameters);
    return local;
  }

  async #look(parameters: Parameters): Promise<void> {
    const { dataset, family, guidance, signal } = this.#problem;
    const { nSamples, nFeatures, relativeWeights } = dataset;
    const nComponents = parameters.weights.length;
    const standardisation = dataset.standardisationFor(family);
    const density = family.density(parameters, standardisation);
    const filled = dataset.missing > 0 && family.missing !== 'observed';
    const guided = new Float64Array(nComponents);
    const pause = pacer(signal);
    let total = 0;
    for (let m = 0; m < this.count; m++) {
      const n = this.numberOf(m);
      const row = this.#rows[m];
      dataset.read(n, standardisation, row);
      if (filled) for (let d = 0; d < nFeatures; d++) if (row[d] !== row[d]) row[d] = 0;
      const joint = this.logJoint.subarray(m * nComponents, (m + 1) * nComponents);
      this.score(density, m, joint);
      guided.set(joint);
      guidance?.add(n, guided);
      const logProbability = logSumExp(guided);
      const weight = relativeWeights ? relativeWeights[n] : 1;
      const turn = pause();
      if (turn) await turn;
      // a sample that no component can have made tells nothing
      if (logProbability === -Infinity) continue;
      this.weights[m] = weight;
      total += weight;
      for (let k = 0; k < nComponents; k++) {
        this.responsibilities[m * nComponents + k] = Math.exp(guided[k] - logProbability);
      }
    }
    for (let m = 0; m < this.count; m++) this.weights[m] *= nSamples / total;
  }

  /** The dataset's number of a sample. */
  numberOf(m: number): number {
    return this.#samples ? this.#samples[m] : m;
  }

  /** Writes ln(pi_k p(x_m | k)) of each component of a density, guidance left out. */
  score(density: Density, m: number, out: Float64Array): void {
    const { family } = this.#problem;
    const sample = this.#rows[m];
    family.prepareSample?.(density, sample);
    for (let k = 0; k < density.nComponents; k++) {
      out[k] = family.logDensity(density, k, sample, this.#residual);
    }
  }

  /** A sample in standardised units, the column's mean where it is missing. */
  standardised(m: number, out: Float64Array): void {
    this.#problem.dataset.readStandardised(this.numberOf(m), out);
    for (let d = 0; d < out.length; d++) if (out[d] !== out[d]) out[d] = 0;
  }

  /**
   * One M-step of a model of a few components from responsibilities for some of the samples, sample weights not yet in them. What
   * its components share stays; its weights are the masses' shares of `total`.
   * @param masses count x (samples in `members`), row by row
   */
  maximise(
    previous: Parameters,
    members: ArrayLike<number>,
    masses: Float64Array,
    total: number,
  ): Parameters {
    const { dataset, family, mStepOptions, slots } = this.#problem;
    const standardisation = dataset.standardisationFor(family);
    const density = family.density(previous, standardisation);
    const { nComponents, nFeatures } = density;
    const seen = dataset.missing > 0 && family.missing === 'observed';
    const statistics = zeroStatistics(
      nComponents,
      family.statisticsLength(nFeatures),
      family.origin(density),
      seen ? nComponents * nFeatures : 0,
    );
    for (let i = 0; i < members.length; i++) {
      const weight = this.weights[members[i]];
      const sample = this.#rows[members[i]];
      family.prepareSample?.(density, sample);
      for (let k = 0; k < nComponents; k++) {
        const mass = weight * masses[i * nComponents + k];
        if (!(mass > 0)) continue;
        statistics.componentMass[k] += mass;
        family.accumulate(density, k, mass, sample, this.#residual, statistics.sums);
        addObserved(statistics, k, mass, sample);
      }
    }
    // a Dirichlet prior is one of all components' weights
    const { mixturePrior } = mStepOptions;
    const next = mStep(family, statistics, previous, {
      ...mStepOptions,
      mixturePrior: mixturePrior && { ...mixturePrior, alpha: undefined },
    });
    const all = Array.from({ length: nComponents }, (_, k) => k);
    const placed = slots.put(previous, all, next);
    return slots.weigh(
      placed,
      next.weights.map((share) => share * total),
    );
  }
}

export function logSumExp(values: Float64Array): number {
  let maximum = -Infinity;
  for (const value of values) if (value > maximum) maximum = value;
  if (maximum === -Infinity) return maximum;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - maximum);
  return maximum + Math.log(sum);
}
