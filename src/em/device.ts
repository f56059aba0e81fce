import type { Family, Parameters } from '../families/family.ts';
import { BufferUsage, sumRows } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { ReadSource } from '../gpu/run-works.ts';
import type { Work } from '../gpu/work-queue.ts';
import { BaseMeasures } from './base-measures.ts';
import type { Dataset } from './dataset.ts';
import { recorrelateStatistics } from './decorrelation.ts';
import { chunksWithin } from './device-chunks.ts';
import { planeRequest, type Model, type Part } from './device-model.ts';
import { DeviceEStep, SCRATCH_BYTES } from './device-e-step.ts';
import { arrangeSums, totalBytes } from './device-totals.ts';
import { DeviceWorks } from './device-works.ts';
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

/** What one pass over the samples gives of one model. */
interface Pass {
  readonly sums: Float64Array;
  readonly logLikelihood: number;
}

/**
 * The WebGPU side of the seam. Per part of a chunk of samples: a_nk (log-joint.wgsl), s_n gamma_nk in their place
 * (normalise.wgsl), then statistics slab by slab (moments.wgsl, or statistics.wgsl where they need a whitened tile), summed in
 * groups of slabs (reduce.wgsl). One readback a call: K x S floats a group of slabs and one float a workgroup of samples, totalled
 * here in float64.
 */
export class Device implements Seam {
  readonly unitRoundoff = 2 ** -24;
  readonly #dataset: Dataset;
  readonly #regCovar: Float64Array;
  readonly #context: Context;
  readonly #works: DeviceWorks;
  readonly #step: DeviceEStep;
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
    this.#step = new DeviceEStep(this.#works);
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
    // parts in pairs of float32, and parts with other sums, run other kernels
    for (const kind of [0, 1, 2, 3]) {
      const alike = [...parts.keys()].filter(
        (i) => Number(parts[i].split) + 2 * Number(parts[i].short) === kind,
      );
      if (alike.length === 0) continue;
      const width = this.#step.modelsInPass(list[0].weights.length);
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

  /** Of parts of one kind, in one pass over the samples, or two where some need a closer look. */
  async #eSteps(
    parts: readonly Part[],
    how: Responsibilities,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<EStepResult[]> {
    const passes = await this.#pass(this.#works.models.upload(parts), how, signal, range);
    const results = passes.map((pass, i) => this.#unpack(pass, parts[i], range));
    const { twin } = this.#works;
    // what the short sums lost, the family's own keep
    const lost = [...parts.keys()].filter((i) => results[i] === undefined);
    if (lost.length > 0) {
      const own = lost.map((i) => ({ ...parts[i], short: false }));
      const found = await this.#eSteps(own, how, signal, range);
      lost.forEach((i, at) => (results[i] = found[at]));
    }
    if (parts[0].short) return results as EStepResult[];
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
      const model = this.#works.models.upload(
        moved.map(({ i }) => parts[i]),
        closer,
      );
      const again = await this.#pass(model, how, signal, range);
      moved.forEach(({ i }, at) => {
        const { statistics } = twin.unpack(again[at].sums, closer[at].packed);
        results[i] = { ...results[i]!, statistics };
      });
    }
    return results.map((result, i) => ({
      logLikelihood: result!.logLikelihood,
      statistics: recorrelateStatistics(result!.statistics, parts[i].decorrelation),
    }));
  }

  /** What a pass's sums say of one part; undefined where short sums were not accurate enough. */
  #unpack(
    { sums, logLikelihood }: Pass,
    { packed, short, standardWhitening }: Part,
    range?: SampleRange,
  ): EStepResult | undefined {
    const { twin } = this.#works;
    const ridge = { regCovar: this.#regCovar, whitening: standardWhitening! };
    const unpacked = short
      ? twin.shortSums!.unpack(sums, packed, ridge)
      : twin.unpack(sums, packed);
    return (
      unpacked && {
        logLikelihood: logLikelihood + unpacked.logLikelihoodCorrection + this.#base.total(range),
        statistics: unpacked.statistics,
      }
    );
  }

  /** Log-likelihood and sums of all chunks (of a range), totalled in float64, of each of the model's parts. */
  async #pass(
    model: Model,
    how: Responsibilities,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<Pass[]> {
    const { nComponents, parts } = model;
    const { twin } = this.#works;
    const form = parts[0].short ? twin.shortSums! : twin.sums;
    const stacked = nComponents * parts.length;
    const { deviceChunks: all, nSamples, relativeWeights } = this.#dataset;
    const deviceChunks = range ? chunksWithin(all, range) : all;
    const weight = range ? weightOf(range, relativeWeights) : nSamples;
    const groups = deviceChunks.map((chunk) => this.#step.groupsOf(chunk, form, stacked));
    const totalGroups = groups.reduce((sum, count) => sum + count, 0);
    const bytes = totalGroups * totalBytes(form, stacked);
    const totals = this.#works.buffer('totals', bytes, STORAGE | COPY_SRC);
    const works: Work[] = [];
    const partials: ReadSource[] = [];
    let firstGroup = 0;
    for (const [index, chunk] of deviceChunks.entries()) {
      const count = this.#step.likelihoodsOf(chunk, nComponents) * parts.length;
      const likelihoods = this.#works.buffer(`likelihoods${index}`, count * 4, STORAGE | COPY_SRC);
      works.push(
        ...(await this.#step.works(chunk, model, { form, totals, likelihoods, firstGroup }, how)),
      );
      partials.push({ buffer: likelihoods, bytes: count * 4 });
      firstGroup += groups[index];
    }
    const read = await this.#works.run(works, [{ buffer: totals, bytes }, ...partials], signal);
    const sums = arrangeSums(form, sumRows(read[0], totalGroups), stacked);
    const length = sums.length / parts.length;
    const beta = inverseTemperatureOf(how);
    return parts.map(({ packed }, i) => {
      let total = 0;
      for (const values of read.slice(1)) {
        const count = values.length / parts.length;
        for (let unit = i * count; unit < (i + 1) * count; unit++) {
          total += this.#possible(values[unit] / beta);
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
      const bytes = (this.#works.largestStride / TILE_SAMPLES) * 4;
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
        this.#works.largestStride * 4,
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
    const rangeSamples = Math.min(tiles * TILE_SAMPLES, this.#works.largestStride);
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
