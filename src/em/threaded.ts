import type { Job, Tables } from '../cpu/job.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import type { Dataset } from './dataset.ts';
import type { Guidance } from './guidance.ts';
import { inverseTemperatureOf, isHard, type Responsibilities } from './responsibilities.ts';
import { oneByOne, type EStepResult, type Measures, type SampleRange, type Seam } from './seam.ts';
import { ThreadPasses } from './thread-passes.ts';
import { tablesOf, type ThreadKernel } from './thread-tables.ts';

/** Numbers that `forEachResponsibilities` hands over at once. */
const BLOCK_NUMBERS = 2 ** 18;

/**
 * The fast float64 side of the seam: the formulas of reference.ts by WebAssembly kernels (kernels/*.as.ts), on worker threads that
 * each own a part of the samples. Parameters go out, sums come back. Samples are cut into segments by their number alone and sums
 * added along one fixed tree, so that any number of threads gives the same bits.
 */
export class Threaded implements Seam {
  readonly unitRoundoff = 2 ** -53;
  readonly rangeUnit = 1;
  readonly #dataset: Dataset;
  readonly #family: Family;
  readonly #kernel: ThreadKernel;
  readonly #passes: ThreadPasses;

  constructor(
    dataset: Dataset,
    family: Family,
    kernel: ThreadKernel,
    context: Context,
    guidance?: Guidance,
  ) {
    this.#dataset = dataset;
    this.#family = family;
    this.#kernel = kernel;
    this.#passes = new ThreadPasses(dataset, family, kernel === 'bits', context, guidance);
  }

  /** Brings the samples to the threads. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#passes.prepare();
    signal?.throwIfAborted();
  }

  async eStep(
    parameters: Parameters,
    signal?: AbortSignal,
    how: Responsibilities = {},
    range?: SampleRange,
  ): Promise<EStepResult> {
    const { density, tables } = this.#tables(parameters);
    const { nComponents } = tables;
    const values = await this.#passes.sum(
      {
        what: 'eStep',
        tables,
        ...this.#range(range),
        hard: isHard(how),
        inverseTemperature: inverseTemperatureOf(how),
      },
      signal,
    );
    return {
      logLikelihood: values[0],
      statistics: {
        nComponents,
        componentMass: values.slice(2, 2 + nComponents),
        sums: values.slice(2 + nComponents),
        origin: this.#family.origin(density),
        observed: undefined,
      },
    };
  }

  eSteps(
    list: readonly Parameters[],
    signal?: AbortSignal,
    how?: Responsibilities,
  ): Promise<EStepResult[]> {
    return oneByOne(this, list, signal, how);
  }

  async measure(parameters: Parameters, signal?: AbortSignal): Promise<Measures> {
    const { tables } = this.#tables(parameters);
    const [logLikelihood, entropy] = await this.#passes.sum(
      { what: 'measure', tables, ...this.#range() },
      signal,
    );
    return { logLikelihood, entropy };
  }

  async scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array> {
    const { tables } = this.#tables(parameters);
    const scores = new Float64Array(this.#dataset.nSamples);
    await this.#passes.list({ what: 'score', tables, ...this.#range() }, scores, signal);
    return scores;
  }

  async predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array> {
    const { tables } = this.#tables(parameters);
    const labels = new Int32Array(this.#dataset.nSamples);
    await this.#passes.list({ what: 'predict', tables, ...this.#range() }, labels, signal);
    // a sample that no component can have made tells nothing of where it is from
    const heaviest = parameters.weights.indexOf(Math.max(...parameters.weights));
    labels.forEach((label, n) => {
      if (label < 0) labels[n] = heaviest;
    });
    return labels;
  }

  async forEachResponsibilities(
    parameters: Parameters,
    visit: (firstSample: number, count: number, responsibilities: Float64Array) => void,
    signal?: AbortSignal,
    logarithms = false,
  ): Promise<void> {
    const { nSamples } = this.#dataset;
    const { tables } = this.#tables(parameters);
    const { weights } = parameters;
    const { nComponents } = tables;
    const count = Math.max(1, Math.floor(BLOCK_NUMBERS / nComponents));
    const block = new Float64Array(Math.min(count, nSamples) * nComponents);
    for (let firstSample = 0; firstSample < nSamples; firstSample += count) {
      const endSample = Math.min(nSamples, firstSample + count);
      const job = { what: 'responsibilities', tables, firstSample, endSample, logarithms } as const;
      await this.#passes.list(job, block, signal, firstSample, nComponents);
      for (let i = 0; i < (endSample - firstSample) * nComponents; i++) {
        if (block[i] === block[i]) continue;
        const weight = weights[i % nComponents];
        block[i] = logarithms ? Math.log(weight) : weight;
      }
      visit(firstSample, endSample - firstSample, block);
    }
  }

  dispose(): void {
    this.#passes.dispose();
  }

  #tables(parameters: Parameters): { density: ReturnType<Family['density']>; tables: Tables } {
    const dataset = this.#dataset;
    const family = this.#family;
    dataset.assertUsable();
    const density = family.density(parameters, dataset.standardisationFor(family));
    return { density, tables: tablesOf(this.#kernel, family, density) };
  }

  #range(range?: SampleRange): Pick<Job, 'firstSample' | 'endSample'> {
    const { firstSample, nSamples } = range ?? { firstSample: 0, nSamples: this.#dataset.nSamples };
    return { firstSample, endSample: firstSample + nSamples };
  }
}
