import type { Standardisation } from '../data/standardisation.ts';
import { packedLength } from '../families/cholesky.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { GaussianDensity, GaussianParameters } from '../families/gaussian.ts';
import { conditional, type Conditional } from '../families/gaussian-conditional.ts';
import { zeroStatistics, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { assignmentEntropy } from './entropy.ts';
import type { Guidance } from './guidance.ts';
import { findPatterns, nextRange, patternsWithin, type Pattern } from './missing-patterns.ts';
import { pacer } from '../data/pause.ts';
import { settle, type Responsibilities } from './responsibilities.ts';
import { oneByOne, type EStepResult, type Measures, type SampleRange, type Seam } from './seam.ts';

/** Samples whose responsibilities are given at a time. */
const RANGE = 4096;

interface Model {
  readonly weights: Float64Array;
  readonly density: GaussianDensity;
  /** Standardised units, row-major D x D: one for each component, or one that all share. */
  readonly covariances: Float64Array;
}

/** One sample under all components. */
interface Completed {
  readonly n: number;
  readonly pattern: Pattern;
  /** K x D, standardised: observed entries, and E_k[x_d | x_o] where missing. */
  readonly rows: Float64Array;
  /** ln(pi_k p(x_o | theta_k)), K. */
  readonly logJoint: Float64Array;
  /** ln p(x_o). */
  readonly logProbability: number;
}

/**
 * The float64 side of the seam for Gaussians whose features have covariances, where entries are missing: exact EM (Little and
 * Rubin, Statistical Analysis with Missing Data, ch. 11). Samples are grouped once by pattern of missingness. For each pattern
 * and component, found once an E-step: the regression of the missing features on the observed ones and their conditional
 * covariance C. A sample completed by its conditional means then has
 *   ln p(x_o) = ln p(completed) + m/2 ln 2 pi + ln|C| / 2 + sum over missing ln scale
 * and adds to the family's own statistics as a complete one does, plus gamma C to its second moments.
 * A wholly missing sample has responsibilities pi and likelihood 1, and adds the component's own covariance.
 * `Statistics.observed` says which entries were really seen; the masses of its sums are `componentMass`.
 */
export class MissingReference implements Seam {
  readonly unitRoundoff = 2 ** -53;
  readonly #dataset: Dataset;
  readonly #family: Family;
  readonly #standardisation: Standardisation;
  readonly #guidance: Guidance | undefined;
  #patterns: Pattern[] | undefined;

  constructor(dataset: Dataset, family: Family, guidance?: Guidance) {
    this.#guidance = guidance;
    this.#dataset = dataset;
    this.#family = family;
    this.#standardisation = dataset.standardisationFor(family);
  }

  readonly rangeUnit = 1;

  async eStep(
    parameters: Parameters,
    signal?: AbortSignal,
    how: Responsibilities = {},
    range?: SampleRange,
  ): Promise<EStepResult> {
    const { relativeWeights } = this.#dataset;
    const family = this.#family;
    const model = this.#model(parameters);
    const { density } = model;
    const { nComponents, nFeatures, means } = density;
    const length = family.statisticsLength(nFeatures);
    const statistics = zeroStatistics(nComponents, length, means, nComponents * nFeatures);
    const residual = new Float64Array(nFeatures);
    const patternMass = new Float64Array(nComponents);
    let patternLikelihood = 0;
    let logLikelihood = 0;
    const patterns = await this.#findPatterns(signal);
    await this.#forEachSample(
      model,
      range ? patternsWithin(patterns, range) : patterns,
      ({ n, rows, logJoint, logProbability }) => {
        const weight = relativeWeights ? relativeWeights[n] : 1;
        if (!(weight > 0)) return;
        if (logProbability === -Infinity) {
          patternLikelihood = -Infinity;
          return;
        }
        patternLikelihood += weight * settle(logJoint, logProbability, how);
        for (let k = 0; k < nComponents; k++) {
          const responsibility = weight * Math.exp(logJoint[k]);
          if (responsibility === 0) continue;
          patternMass[k] += responsibility;
          const row = rows.subarray(k * nFeatures, (k + 1) * nFeatures);
          family.accumulate(density, k, responsibility, row, residual, statistics.sums);
        }
      },
      signal,
      (pattern, conditionals) => {
        addPattern(statistics, pattern, conditionals, patternMass);
        patternMass.fill(0);
        logLikelihood += patternLikelihood;
        patternLikelihood = 0;
      },
    );
    return { logLikelihood, statistics };
  }

  eSteps(
    list: readonly Parameters[],
    signal?: AbortSignal,
    how?: Responsibilities,
  ): Promise<EStepResult[]> {
    return oneByOne(this, list, signal, how);
  }

  async measure(parameters: Parameters, signal?: AbortSignal): Promise<Measures> {
    const { relativeWeights } = this.#dataset;
    let logLikelihood = 0;
    let entropy = 0;
    await this.#forEachSample(
      this.#model(parameters),
      await this.#findPatterns(signal),
      ({ n, logJoint, logProbability }) => {
        const weight = relativeWeights ? relativeWeights[n] : 1;
        if (!(weight > 0)) return;
        logLikelihood += weight * logProbability;
        entropy += weight * assignmentEntropy(logJoint, logProbability);
      },
      signal,
    );
    return { logLikelihood, entropy };
  }

  async scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array> {
    const scores = new Float64Array(this.#dataset.nSamples);
    await this.#forEachSample(
      this.#model(parameters),
      await this.#findPatterns(signal),
      ({ n, logProbability }) => (scores[n] = logProbability),
      signal,
    );
    return scores;
  }

  async predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array> {
    const labels = new Int32Array(this.#dataset.nSamples);
    await this.#forEachSample(
      this.#model(parameters),
      await this.#findPatterns(signal),
      ({ n, logJoint }) => {
        let best = 0;
        for (let k = 1; k < logJoint.length; k++) if (logJoint[k] > logJoint[best]) best = k;
        labels[n] = best;
      },
      signal,
    );
    return labels;
  }

  async forEachResponsibilities(
    parameters: Parameters,
    visit: (firstSample: number, count: number, responsibilities: Float64Array) => void,
    signal?: AbortSignal,
    logarithms = false,
  ): Promise<void> {
    const { nSamples } = this.#dataset;
    const model = this.#model(parameters);
    const { nComponents } = model.density;
    const patterns = await this.#findPatterns(signal);
    const cursors = new Int32Array(patterns.length);
    const block = new Float64Array(Math.min(RANGE, nSamples) * nComponents);
    for (let first = 0; first < nSamples; first += RANGE) {
      const count = Math.min(RANGE, nSamples - first);
      await this.#forEachSample(
        model,
        nextRange(patterns, cursors, first + count),
        ({ n, logJoint, logProbability }) => {
          for (let k = 0; k < nComponents; k++) {
            const logarithm =
              logProbability === -Infinity ? logJoint[k] : logJoint[k] - logProbability;
            block[(n - first) * nComponents + k] = logarithms ? logarithm : Math.exp(logarithm);
          }
        },
        signal,
      );
      visit(first, count, block);
    }
  }

  /** Visits every missing entry with sum_k gamma_nk E_k[x_d | x_o], in the user's units; pattern by pattern. */
  async forEachConditionalMean(
    parameters: Parameters,
    visit: (sample: number, feature: number, value: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { means, scales } = this.#standardisation;
    const model = this.#model(parameters);
    const { nComponents, nFeatures } = model.density;
    await this.#forEachSample(
      model,
      await this.#findPatterns(signal),
      ({ n, pattern, rows, logJoint, logProbability }) => {
        for (const d of pattern.missing) {
          let z = 0;
          for (let k = 0; k < nComponents; k++) {
            z += Math.exp(logJoint[k] - logProbability) * rows[k * nFeatures + d];
          }
          visit(n, d, means[d] + scales[d] * z);
        }
      },
      signal,
    );
  }

  dispose(): void {}

  #model(parameters: Parameters): Model {
    this.#dataset.assertUsable();
    const { covariances } = parameters as GaussianParameters;
    const density = this.#family.density(parameters, this.#standardisation) as GaussianDensity;
    return { weights: parameters.weights, density, covariances };
  }

  async #findPatterns(signal?: AbortSignal): Promise<Pattern[]> {
    this.#patterns ??= await findPatterns(this.#dataset.samples, signal);
    return this.#patterns;
  }

  /** Calls `visit` with each sample, completed, and `leave` after each pattern. */
  async #forEachSample(
    model: Model,
    patterns: readonly Pattern[],
    visit: (completed: Completed) => void,
    signal?: AbortSignal,
    leave?: (pattern: Pattern, conditionals: readonly Conditional[]) => void,
  ): Promise<void> {
    signal?.throwIfAborted();
    const { weights, density, covariances } = model;
    const { nComponents, nFeatures } = density;
    const sample = new Float64Array(nFeatures);
    const residual = new Float64Array(nFeatures);
    const rows = new Float64Array(nComponents * nFeatures);
    const logJoint = new Float64Array(nComponents);
    const pause = pacer(signal);
    for (const pattern of patterns) {
      const { missing, observed } = pattern;
      const conditionals: Conditional[] = [];
      for (let k = 0; k < nComponents; k++) {
        const shared = k > 0 && density.whiteningStride === 0;
        conditionals.push(
          shared
            ? conditionals[0]
            : conditional(covariances, k * nFeatures * nFeatures, missing, observed, k),
        );
      }
      const shares = conditionals.map((of) => this.#missingShare(of, missing));
      for (const n of pattern.samples) {
        this.#dataset.read(n, this.#standardisation, sample);
        for (let k = 0; k < nComponents; k++) {
          const row = rows.subarray(k * nFeatures, (k + 1) * nFeatures);
          complete(sample, density.means, k * nFeatures, pattern, conditionals[k], row);
          logJoint[k] = this.#family.logDensity(density, k, row, residual) + shares[k];
        }
        this.#guidance?.add(n, logJoint);
        let maximum = -Infinity;
        for (let k = 0; k < nComponents; k++) if (logJoint[k] > maximum) maximum = logJoint[k];
        let sum = 0;
        for (let k = 0; k < nComponents; k++) sum += Math.exp(logJoint[k] - maximum);
        // guidance may leave a sample to components of weight 0 alone: it tells nothing of where it is from
        const logProbability = maximum === -Infinity ? -Infinity : maximum + Math.log(sum);
        if (maximum === -Infinity) logJoint.set(weights.map(Math.log));
        visit({ n, pattern, rows, logJoint, logProbability });
        const turn = pause();
        if (turn) await turn;
      }
      leave?.(pattern, conditionals);
      await pause();
    }
  }

  /** ln p(x_o) less ln p of the sample completed by its conditional means. */
  #missingShare({ logDeterminant }: Conditional, missing: Int32Array): number {
    let share = 0.5 * (missing.length * Math.log(2 * Math.PI) + logDeterminant);
    for (const d of missing) share += Math.log(this.#standardisation.scales[d]);
    return share;
  }
}

/** Writes the sample with its missing entries at their conditional means. */
function complete(
  sample: Float64Array,
  means: Float64Array,
  mean: number,
  { missing, observed }: Pattern,
  { regression }: Conditional,
  out: Float64Array,
): void {
  out.set(sample);
  let at = 0;
  for (const m of missing) {
    let value = means[mean + m];
    for (const o of observed) value += regression[at++] * (sample[o] - means[mean + o]);
    out[m] = value;
  }
}

/** Adds a pattern's masses, and mass times conditional covariance to the second moments (packed lower triangles). */
function addPattern(
  { sums, componentMass, observed, nComponents }: Statistics,
  pattern: Pattern,
  conditionals: readonly Conditional[],
  mass: Float64Array,
): void {
  const { missing } = pattern;
  const nFeatures = missing.length + pattern.observed.length;
  for (let k = 0; k < nComponents; k++) {
    componentMass[k] += mass[k];
    for (const d of pattern.observed) observed![k * nFeatures + d] += mass[k];
    const second = (k * sums.length) / nComponents + nFeatures;
    const { covariance } = conditionals[k];
    for (let i = 0; i < missing.length; i++) {
      for (let j = 0; j <= i; j++) {
        // features ascend, so the pair lies in the lower triangle
        const at = second + packedLength(missing[i]) + missing[j];
        sums[at] += mass[k] * covariance[i * missing.length + j];
      }
    }
  }
}
