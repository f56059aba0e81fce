import type { Standardisation } from '../data/standardisation.ts';
import type { Density, Family, Parameters } from '../families/family.ts';
import { addObserved, zeroStatistics } from '../families/statistics.ts';
import { BaseMeasures } from './base-measures.ts';
import type { Dataset } from './dataset.ts';
import { densityOf } from './density-of.ts';
import { assignmentEntropy } from './entropy.ts';
import type { Guidance } from './guidance.ts';
import { pacer } from '../data/pause.ts';
import { settle, type Responsibilities } from './responsibilities.ts';
import { oneByOne, type EStepResult, type Measures, type SampleRange, type Seam } from './seam.ts';

/** Samples between two looks at the clock, and in one partial sum of the log-likelihood. */
const BLOCK = 256;

/**
 * The float64 side of the seam, to be read beside shaders/log-joint.wgsl, normalise.wgsl and moments.wgsl: the same formulas,
 * sample by sample, on the caller's own numbers.
 */
export class Reference implements Seam {
  readonly unitRoundoff = 2 ** -53;
  readonly #dataset: Dataset;
  readonly #family: Family;
  readonly #standardisation: Standardisation;
  readonly #base: BaseMeasures;
  readonly #guidance: Guidance | undefined;

  constructor(dataset: Dataset, family: Family, guidance?: Guidance) {
    this.#dataset = dataset;
    this.#family = family;
    this.#standardisation = dataset.standardisationFor(family);
    this.#base = new BaseMeasures(dataset, family);
    this.#guidance = guidance;
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
    const density = this.#density(parameters);
    const { nComponents, nFeatures } = density;
    const statistics = zeroStatistics(
      nComponents,
      family.statisticsLength(nFeatures),
      family.origin(density),
      this.#dataset.missing > 0 ? nComponents * nFeatures : 0,
    );
    const residual = new Float64Array(nFeatures);
    let logLikelihood = 0;
    let blockLikelihood = 0;
    await this.#forEachSample(
      parameters,
      density,
      (n, sample, logJoint, logProbability) => {
        const weight = relativeWeights ? relativeWeights[n] : 1;
        if (weight > 0 && logProbability === -Infinity) blockLikelihood = -Infinity;
        else if (weight > 0) {
          blockLikelihood += weight * settle(logJoint, logProbability, how);
          for (let k = 0; k < nComponents; k++) {
            const responsibility = weight * Math.exp(logJoint[k]);
            if (responsibility === 0) continue;
            statistics.componentMass[k] += responsibility;
            family.accumulate(density, k, responsibility, sample, residual, statistics.sums);
            addObserved(statistics, k, responsibility, sample);
          }
        }
        if (n % BLOCK === BLOCK - 1) {
          logLikelihood += blockLikelihood;
          blockLikelihood = 0;
        }
      },
      signal,
      range,
    );
    const base = this.#base.total(range);
    return { logLikelihood: logLikelihood + blockLikelihood + base, statistics };
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
      parameters,
      this.#density(parameters),
      (n, _sample, logJoint, logProbability) => {
        const weight = relativeWeights ? relativeWeights[n] : 1;
        if (!(weight > 0)) return;
        logLikelihood += weight * logProbability;
        entropy += weight * assignmentEntropy(logJoint, logProbability);
      },
      signal,
    );
    return { logLikelihood: logLikelihood + this.#base.total(), entropy };
  }

  async scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array> {
    const scores = new Float64Array(this.#dataset.nSamples);
    await this.#forEachSample(
      parameters,
      this.#density(parameters),
      (n, _sample, _logJoint, logProbability) => (scores[n] = logProbability + this.#base.of(n)),
      signal,
    );
    return scores;
  }

  async predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array> {
    const labels = new Int32Array(this.#dataset.nSamples);
    await this.#forEachSample(
      parameters,
      this.#density(parameters),
      (n, _sample, logJoint) => {
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
    const density = this.#density(parameters);
    const { nComponents } = density;
    const block = new Float64Array(BLOCK * nComponents);
    await this.#forEachSample(
      parameters,
      density,
      (n, _sample, logJoint, logProbability) => {
        const row = (n % BLOCK) * nComponents;
        for (let k = 0; k < nComponents; k++) {
          const logarithm =
            logProbability === -Infinity ? logJoint[k] : logJoint[k] - logProbability;
          block[row + k] = logarithms ? logarithm : Math.exp(logarithm);
        }
        const count = (n % BLOCK) + 1;
        if (count === BLOCK || n === nSamples - 1) visit(n + 1 - count, count, block);
      },
      signal,
    );
  }

  dispose(): void {}

  #density(parameters: Parameters): Density {
    this.#dataset.assertUsable();
    return densityOf(this.#family, parameters, this.#standardisation);
  }

  /**
   * Calls `visit` with each sample (the family's coordinates), its ln(pi_k p(x|k)) less ln h(x), and the logsumexp of those:
   * ln p(x) less ln h(x). A sample that no component can have made has ln p(x) = -Infinity, and ln pi_k in place of the rest: it
   * tells nothing of where it is from.
   */
  async #forEachSample(
    { weights }: Parameters,
    density: Density,
    visit: (
      n: number,
      sample: Float64Array,
      logJoint: Float64Array,
      logProbability: number,
    ) => void,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<void> {
    signal?.throwIfAborted();
    await this.#base.ready(signal);
    const dataset = this.#dataset;
    const family = this.#family;
    const { nComponents, nFeatures } = density;
    const sample = new Float64Array(nFeatures);
    const residual = new Float64Array(nFeatures);
    const logJoint = new Float64Array(nComponents);
    const pause = pacer(signal);
    const { firstSample, nSamples } = range ?? { firstSample: 0, nSamples: dataset.nSamples };
    for (let n = firstSample; n < firstSample + nSamples; n++) {
      dataset.read(n, this.#standardisation, sample);
      family.prepareSample?.(density, sample);
      for (let k = 0; k < nComponents; k++) {
        logJoint[k] = family.logDensity(density, k, sample, residual);
      }
      this.#guidance?.add(n, logJoint);
      let maximum = -Infinity;
      for (let k = 0; k < nComponents; k++) if (logJoint[k] > maximum) maximum = logJoint[k];
      if (maximum === -Infinity) {
        for (let k = 0; k < nComponents; k++) logJoint[k] = Math.log(weights[k]);
        visit(n, sample, logJoint, -Infinity);
      } else {
        let sum = 0;
        for (let k = 0; k < nComponents; k++) sum += Math.exp(logJoint[k] - maximum);
        visit(n, sample, logJoint, maximum + Math.log(sum));
      }
      const turn = pause();
      if (turn) await turn;
    }
  }
}
