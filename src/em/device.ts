import type { Family, Parameters } from '../families/family.ts';
import { BufferUsage, sumRows } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { Work } from '../gpu/work-queue.ts';
import { BaseMeasures } from './base-measures.ts';
import type { Dataset } from './dataset.ts';
import { recorrelateStatistics } from './decorrelation.ts';
import { chunksWithin, tilesOf } from './device-chunks.ts';
import { planeRequest, type Model, type Part } from './device-model.ts';
import { DeviceWorks, SCRATCH_BYTES } from './device-works.ts';
import type { Guidance } from './guidance.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';
import { inverseTemperatureOf, type Responsibilities } from './responsibilities.ts';
import { weightOf, type EStepResult, type Measures, type SampleRange, type Seam } from './seam.ts';

const { STORAGE, COPY_SRC } = BufferUsage;
/**
 * Impossible values (a count under rate 0, ...) have log-densities from -1e25 down to -1e30 (LOG_ZERO) on the device, possible
 * ones stay far above: a sample with a maximum below this is one that no component can have made. A Gaussian can make all, but for
 * what guidance leaves to components of weight 0.
 */
const IMPOSSIBLE = -1e24;

/**
 * The WebGPU side of the seam. Per chunk of samples: ln p(x_n) (e-step.wgsl), then statistics slab by slab for as many
 * components as the scratch holds (statistics.wgsl), summed in groups of slabs (reduce.wgsl). One readback a call: K x S
 * floats a group of slabs and one float a tile, totalled here in float64.
 */
export class Device implements Seam {
  readonly unitRoundoff = 2 ** -24;
  readonly #dataset: Dataset;
  readonly #regCovar: Float64Array;
  readonly #context: Context;
  readonly #works: DeviceWorks;
  readonly #base: BaseMeasures;

  /** @param regCovar what an M-step will add to the diagonals, D, in standardised units; 0 without one */
  constructor(
    dataset: Dataset,
    family: Family,
    context: Context,
    regCovar?: Float64Array,
    guidance?: Guidance,
  ) {
    this.#dataset = dataset;
    this.#regCovar = regCovar ?? new Float64Array(dataset.nFeatures);
    this.#context = context;
    this.#works = new DeviceWorks(dataset, family, context, guidance);
    this.#base = new BaseMeasures(dataset, family);
  }

  get #impossible(): number {
    const { twin, guided } = this.#works;
    return twin.layout === 'standardised' && !guided ? -Infinity : IMPOSSIBLE;
  }

  /** Uploads the samples as the family's kernels read them, where they are not there yet. */
  prepare(signal?: AbortSignal): Promise<void> {
    return this.#dataset.prepare(planeRequest(this.#works.twin), signal);
  }

  readonly rangeUnit = TILE_SAMPLES;

  async eStep(
    parameters: Parameters,
    signal?: AbortSignal,
    how: Responsibilities = {},
    range?: SampleRange,
  ): Promise<EStepResult> {
    const [result] = await this.#eSteps([this.#works.models.part(parameters)], how, signal, range);
    return result;
  }

  async eSteps(
    list: readonly Parameters[],
    signal?: AbortSignal,
    how: Responsibilities = {},
  ): Promise<EStepResult[]> {
    const parts = list.map((parameters) => this.#works.models.part(parameters));
    const results = new Array<EStepResult>(parts.length);
    // parts in pairs of float32 and others run other kernels
    for (const split of [false, true]) {
      const alike = [...parts.keys()].filter((i) => parts[i].split === split);
      if (alike.length === 0) continue;
      const width = this.#works.modelsInPass(list[0].weights.length);
      for (let first = 0; first < alike.length; first += width) {
        const chosen = alike.slice(first, first + width);
        const found = await this.#eSteps(
          chosen.map((i) => parts[i]),
          how,
          signal,
        );
        chosen.forEach((i, at) => (results[i] = found[at]));
      }
    }
    return results;
  }

  /** Of parts of one form, in one pass over the samples, or two where some need a closer look. */
  async #eSteps(
    parts: readonly Part[],
    how: Responsibilities,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<EStepResult[]> {
    const { twin, models } = this.#works;
    const passes = await this.#pass(models.upload(parts), how, signal, range);
    const results = passes.map(({ sums, logLikelihood }, i) => {
      const { statistics, logLikelihoodCorrection } = twin.unpack(sums, parts[i].packed);
      return {
        logLikelihood: logLikelihood + logLikelihoodCorrection + this.#base.total(range),
        statistics,
      };
    });
    const moved = passes.flatMap(({ sums }, i) => {
      const { packed, standardWhitening: whitening } = parts[i];
      const coordinates =
        whitening &&
        twin.closerCoordinates?.(sums, packed, { regCovar: this.#regCovar, whitening });
      return coordinates ? [{ i, coordinates }] : [];
    });
    if (moved.length > 0) {
      // once more, under the same responsibilities, in coordinates closer to where the components will be
      const closer = moved.map(({ i, coordinates }) => ({
        ...parts[i],
        packed: twin.pack(coordinates, parts[i].split),
      }));
      const model = models.upload(
        moved.map(({ i }) => parts[i]),
        closer,
      );
      const again = await this.#pass(model, how, signal, range);
      moved.forEach(({ i }, at) => {
        const { statistics } = twin.unpack(again[at].sums, closer[at].packed);
        results[i] = { ...results[i], statistics };
      });
    }
    return results.map(({ logLikelihood, statistics }, i) => ({
      logLikelihood,
      statistics: recorrelateStatistics(statistics, parts[i].decorrelation),
    }));
  }

  /** Log-likelihood and sums of all chunks (of a range), totalled in float64, of each of the model's parts. */
  async #pass(
    model: Model,
    how: Responsibilities,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<{ sums: Float64Array; logLikelihood: number }[]> {
    const { nComponents, parts } = model;
    const { deviceChunks: all, nSamples, relativeWeights } = this.#dataset;
    const deviceChunks = range ? chunksWithin(all, range) : all;
    const weight = range ? weightOf(range, relativeWeights) : nSamples;
    const groups = deviceChunks.map((chunk) => this.#works.groupsOf(chunk));
    const totalGroups = groups.reduce((sum, count) => sum + count, 0);
    const bytes = totalGroups * nComponents * parts.length * this.#works.componentBytes;
    const totals = this.#works.buffer('totals', bytes, STORAGE | COPY_SRC);
    const works: Work[] = [];
    let firstGroup = 0;
    for (const [index, chunk] of deviceChunks.entries()) {
      const [likelihood, statistics] = await Promise.all([
        this.#works.likelihood(chunk, index, model, how),
        this.#works.statistics(chunk, model, totals, firstGroup, how),
      ]);
      works.push(...likelihood, ...statistics);
      firstGroup += groups[index];
    }
    const partials = deviceChunks.map((chunk, index) => ({
      buffer: this.#works.likelihoodPartials(chunk, index, parts.length),
      bytes: tilesOf(chunk) * 4 * parts.length,
    }));
    const read = await this.#works.run(works, [{ buffer: totals, bytes }, ...partials], signal);
    const sums = sumRows(read[0], totalGroups);
    const length = sums.length / parts.length;
    const beta = inverseTemperatureOf(how);
    return parts.map(({ packed }, i) => {
      let total = 0;
      for (const values of read.slice(1)) {
        const tiles = values.length / parts.length;
        for (let tile = i * tiles; tile < (i + 1) * tiles; tile++) {
          total += this.#possible(values[tile] / beta);
        }
      }
      return {
        sums: sums.subarray(i * length, (i + 1) * length),
        logLikelihood: total + packed.shift * weight,
      };
    });
  }

  async measure(parameters: Parameters, signal?: AbortSignal): Promise<Measures> {
    const model = this.#works.models.model(parameters);
    let logLikelihood = model.parts[0].packed.shift * this.#dataset.nSamples + this.#base.total();
    let entropy = 0;
    for (const [index, chunk] of this.#dataset.deviceChunks.entries()) {
      const bytes = (this.#works.largestStride() / TILE_SAMPLES) * 4;
      const partials = this.#works.buffer('entropyPartials', bytes, STORAGE | COPY_SRC);
      const [likelihood, entropies] = await Promise.all([
        this.#works.likelihood(chunk, index, model),
        this.#works.entropy(chunk, model, partials),
      ]);
      const sources = [this.#works.likelihoodPartials(chunk, index), partials];
      const read = await this.#works.run(
        [...likelihood, ...entropies],
        sources.map((buffer) => ({ buffer, bytes: (chunk.stride / TILE_SAMPLES) * 4 })),
        signal,
      );
      for (const value of read[0]) logLikelihood += this.#possible(value);
      for (const value of read[1]) entropy += value;
    }
    return { logLikelihood, entropy };
  }

  /** A tile's log-likelihood: -Infinity where a sample of it is impossible. */
  #possible(tile: number): number {
    return tile < this.#impossible ? -Infinity : tile;
  }

  async scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array> {
    const model = this.#works.models.model(parameters);
    const scores = new Float64Array(this.#dataset.nSamples);
    for (const [index, chunk] of this.#dataset.deviceChunks.entries()) {
      const works = await this.#works.likelihood(chunk, index, model);
      const bytes = chunk.nSamples * 4;
      const sources = this.#works.logLikelihoods().map((buffer) => ({ buffer, bytes }));
      const [maxima, sums] = await this.#works.run(works, sources, signal);
      for (let n = 0; n < chunk.nSamples; n++) {
        const sample = chunk.firstSample + n;
        scores[sample] =
          maxima[n] < this.#impossible
            ? -Infinity
            : maxima[n] + sums[n] + model.parts[0].packed.shift + this.#base.of(sample);
      }
    }
    return scores;
  }

  async predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array> {
    const labels = new Int32Array(this.#dataset.nSamples);
    const model = this.#works.models.model(parameters);
    for (const chunk of this.#dataset.deviceChunks) {
      const buffer = this.#works.buffer(
        'labels',
        this.#works.largestStride() * 4,
        STORAGE | COPY_SRC,
      );
      const works = await this.#works.assign(chunk, model, buffer);
      const [values] = await this.#works.run(
        works,
        [{ buffer, bytes: chunk.nSamples * 4 }],
        signal,
      );
      labels.set(new Int32Array(values.buffer, 0, chunk.nSamples), chunk.firstSample);
    }
    return labels;
  }

  /** Labels that stay on the device: a u32 a sample, one buffer a chunk of the dataset, until the caller disposes them. */
  async predictBuffers(
    parameters: Parameters,
    signal?: AbortSignal,
  ): Promise<{ buffers: readonly GPUBuffer[]; dispose(): void }> {
    const model = this.#works.models.model(parameters);
    const labels: GPUBuffer[] = [];
    const { buffers } = this.#context.gpu();
    const dispose = (): void => {
      for (const buffer of labels) buffers.destroy(buffer);
    };
    try {
      for (const chunk of this.#dataset.deviceChunks) {
        const buffer = buffers.create('labels', chunk.stride * 4, STORAGE | COPY_SRC);
        labels.push(buffer);
        await this.#works.run(await this.#works.assign(chunk, model, buffer), [], signal);
      }
    } catch (error) {
      dispose();
      throw error;
    }
    return { buffers: labels, dispose };
  }

  async forEachResponsibilities(
    parameters: Parameters,
    visit: (firstSample: number, count: number, responsibilities: Float32Array) => void,
    signal?: AbortSignal,
    logarithms = false,
  ): Promise<void> {
    const model = this.#works.models.model(parameters);
    const { nComponents } = model;
    const tiles = Math.max(1, Math.floor(SCRATCH_BYTES / (TILE_SAMPLES * nComponents * 4)));
    const rangeSamples = Math.min(tiles * TILE_SAMPLES, this.#works.largestStride());
    const posterior = this.#works.buffer(
      'posterior',
      rangeSamples * nComponents * 4,
      STORAGE | COPY_SRC,
    );
    const rows = new Float32Array(rangeSamples * nComponents);
    const prior = parameters.weights.map((weight) => (logarithms ? Math.log(weight) : weight));
    for (const [index, chunk] of this.#dataset.deviceChunks.entries()) {
      let works = await this.#works.likelihood(chunk, index, model);
      let maxima: Float32Array | undefined;
      for (let first = 0; first < chunk.nSamples; first += rangeSamples) {
        const count = Math.min(rangeSamples, chunk.nSamples - first);
        const units = Math.ceil(count / TILE_SAMPLES);
        works.push(
          await this.#works.responsibilities(chunk, model, posterior, first, units, logarithms),
        );
        const bytes = units * TILE_SAMPLES * nComponents * 4;
        const sources = [{ buffer: posterior, bytes }];
        if (first === 0 && this.#impossible > -Infinity) {
          sources.push({ buffer: this.#works.logLikelihoods()[0], bytes: chunk.nSamples * 4 });
        }
        const [values, read] = await this.#works.run(works, sources, signal);
        maxima ??= read;
        works = [];
        for (let k = 0; k < nComponents; k++) {
          const column = k * units * TILE_SAMPLES;
          for (let n = 0; n < count; n++) {
            const impossible = maxima !== undefined && maxima[first + n] < this.#impossible;
            rows[n * nComponents + k] = impossible ? prior[k] : values[column + n];
          }
        }
        visit(chunk.firstSample + first, count, rows);
      }
    }
  }

  dispose(): void {
    this.#works.dispose();
  }
}
