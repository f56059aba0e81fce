import type { Family, Parameters } from '../families/family.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { Work } from '../gpu/work-queue.ts';
import { BaseMeasures } from './base-measures.ts';
import type { Dataset } from './dataset.ts';
import type { DeviceChunk } from './device-chunks.ts';
import { PLAIN, type Model, type Part } from './device-model.ts';
import { DevicePasses } from './device-passes.ts';
import { visitResponsibilities } from './device-responsibilities.ts';
import { DeviceWorks } from './device-works.ts';
import { entropyOf } from './entropy.ts';
import type { Guidance } from './guidance.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';
import { mapInTurns, pacer } from '../data/pause.ts';
import type { Responsibilities } from './responsibilities.ts';
import type { EStepResult, Measures, SampleRange, Seam } from './seam.ts';

const { STORAGE, COPY_SRC } = BufferUsage;
/** A number a sample, one buffer a chunk of the dataset. */
export interface DeviceValues {
  readonly buffers: readonly GPUBuffer[];
  dispose(): void;
}

/** What tells whether parts run the same kernels. */
const kindOf = ({ split, sums }: Part): string => `${split} ${sums}`;

/**
 * The WebGPU side of the seam. Per part of a chunk of samples: a_nk (log-joint.wgsl), s_n gamma_nk in their place
 * (normalise.wgsl), then statistics slab by slab (moments.wgsl, or statistics.wgsl where they need a whitened tile), summed in
 * groups of slabs (reduce.wgsl). Where features and components are few, fused.wgsl does what comes before reduce. One readback a
 * call: K x S floats a group of slabs and one float a workgroup of samples, totalled here in float64.
 */
export class Device implements Seam {
  readonly unitRoundoff = 2 ** -24;
  readonly #dataset: Dataset;
  readonly #context: Context;
  readonly #works: DeviceWorks;
  readonly #passes: DevicePasses;
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
    this.#context = context;
    this.#works = new DeviceWorks(dataset, family, context, guidance);
    this.#base = new BaseMeasures(dataset, family);
    this.#passes = new DevicePasses(dataset, this.#works, this.#base, regCovar);
  }

  /** Uploads the samples as the family's kernels read them, where they are not there yet. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#works.ready(PLAIN, signal);
    await this.#base.ready(signal);
  }

  readonly rangeUnit = TILE_SAMPLES;

  async eStep(
    parameters: Parameters,
    signal?: AbortSignal,
    how: Responsibilities = {},
    range?: SampleRange,
  ): Promise<EStepResult> {
    const [result] = await this.#passes.eSteps(
      [this.#works.models.part(parameters)],
      how,
      signal,
      range,
    );
    return result;
  }

  async eSteps(
    list: readonly Parameters[],
    signal?: AbortSignal,
    how: Responsibilities = {},
  ): Promise<EStepResult[]> {
    const part = (parameters: Parameters): Part => this.#works.models.part(parameters);
    const parts = await mapInTurns(list, part, signal);
    const results = new Array<EStepResult>(parts.length);
    // parts in pairs of float32, and parts with other sums, run other kernels
    for (const kind of new Set(parts.map(kindOf))) {
      const alike = [...parts.keys()].filter((i) => kindOf(parts[i]) === kind);
      const width = this.#passes.modelsInPass(list[0].weights.length);
      for (let first = 0; first < alike.length; first += width) {
        const chosen = alike.slice(first, first + width);
        const found = await this.#passes.eSteps(
          chosen.map((i) => parts[i]),
          how,
          signal,
        );
        chosen.forEach((i, at) => (results[i] = found[at]));
      }
    }
    return results;
  }

  async measure(parameters: Parameters, signal?: AbortSignal): Promise<Measures> {
    const model = await this.#ready(parameters, signal);
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
      for (const value of read[0]) logLikelihood += this.#works.possible(value);
      for (const value of read[1]) entropy += value;
    }
    return { logLikelihood, entropy };
  }

  /** Parameters in the model buffers, with the samples as their kernels read them. */
  async #ready(parameters: Parameters, signal?: AbortSignal): Promise<Model> {
    const model = this.#works.models.model(parameters);
    await this.#works.ready(model, signal);
    return model;
  }

  async scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array> {
    const model = await this.#ready(parameters, signal);
    const pause = pacer(signal);
    const scores = new Float64Array(this.#dataset.nSamples);
    for (const [index, chunk] of this.#dataset.deviceChunks.entries()) {
      const works = await this.#works.likelihood(chunk, index, model);
      const bytes = chunk.nSamples * 4;
      const sources = this.#works.logLikelihoods().map((buffer) => ({ buffer, bytes }));
      const [maxima, sums] = await this.#works.run(works, sources, signal);
      for (let n = 0; n < chunk.nSamples; n++) {
        const sample = chunk.firstSample + n;
        scores[sample] =
          maxima[n] < this.#works.impossible
            ? -Infinity
            : maxima[n] + sums[n] + model.parts[0].packed.shift + this.#base.of(sample);
        const turn = pause();
        if (turn) await turn;
      }
    }
    return scores;
  }

  async predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array> {
    const labels = new Int32Array(this.#dataset.nSamples);
    const model = await this.#ready(parameters, signal);
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
  predictBuffers(parameters: Parameters, signal?: AbortSignal): Promise<DeviceValues> {
    return this.#kept('labels', parameters, signal, (chunk, _index, model, buffer) =>
      this.#works.assign(chunk, model, buffer),
    );
  }

  /** In the same way, an f32 a sample: the responsibility of one component or, without one, the entropy of all in nats. */
  posteriorBuffers(
    parameters: Parameters,
    component: number | undefined,
    signal?: AbortSignal,
  ): Promise<DeviceValues> {
    const { weights } = parameters;
    const impossible = component === undefined ? entropyOf(weights) : weights[component];
    return this.#kept('posterior', parameters, signal, async (chunk, index, model, buffer) => [
      ...(await this.#works.likelihood(chunk, index, model)),
      ...(await this.#works.posterior(chunk, model, buffer, component, impossible)),
    ]);
  }

  /** Buffers for a caller, filled by the works of every chunk in one go. */
  async #kept(
    name: string,
    parameters: Parameters,
    signal: AbortSignal | undefined,
    worksOf: (
      chunk: DeviceChunk,
      index: number,
      model: Model,
      buffer: GPUBuffer,
    ) => Promise<readonly Work[]>,
  ): Promise<DeviceValues> {
    const model = await this.#ready(parameters, signal);
    const { buffers } = this.#context.gpu();
    const made: GPUBuffer[] = [];
    const dispose = (): void => {
      for (const buffer of made) buffers.destroy(buffer);
    };
    try {
      const works: Work[] = [];
      for (const [index, chunk] of this.#dataset.deviceChunks.entries()) {
        const buffer = buffers.create(name, chunk.stride * 4, STORAGE | COPY_SRC);
        made.push(buffer);
        works.push(...(await worksOf(chunk, index, model, buffer)));
      }
      await this.#works.run(works, [], signal);
    } catch (error) {
      dispose();
      throw error;
    }
    return { buffers: made, dispose };
  }

  async forEachResponsibilities(
    parameters: Parameters,
    visit: (firstSample: number, count: number, responsibilities: Float32Array) => void,
    signal?: AbortSignal,
    logarithms = false,
  ): Promise<void> {
    const model = await this.#ready(parameters, signal);
    const prior = parameters.weights.map((weight) => (logarithms ? Math.log(weight) : weight));
    const impossible = { below: this.#works.impossible, prior };
    const how = { signal, logarithms };
    await visitResponsibilities(this.#works, this.#dataset, model, impossible, visit, how);
  }

  dispose(): void {
    this.#works.dispose();
  }
}
