import type { DeviceTwin, PackedDensity, SumsForm } from '../families/device-twin.ts';
import { BufferUsage, sumRows } from '../gpu/buffers.ts';
import type { ReadSource } from '../gpu/run-works.ts';
import type { Work } from '../gpu/work-queue.ts';
import type { BaseMeasures } from './base-measures.ts';
import type { Dataset } from './dataset.ts';
import { recorrelateStatistics } from './decorrelation.ts';
import { chunksWithin } from './device-chunks.ts';
import { DeviceEStep, type WhitenedPass } from './device-e-step.ts';
import type { Model, Part, Sums } from './device-model.ts';
import { arrangeSums, totalBytes } from './device-totals.ts';
import type { DeviceWorks } from './device-works.ts';
import { groupsOf } from './kernel-shape.ts';
import { mapInTurns } from '../data/pause.ts';
import { inverseTemperatureOf, type Responsibilities } from './responsibilities.ts';
import { weightOf, type EStepResult, type SampleRange } from './seam.ts';

const { STORAGE, COPY_SRC } = BufferUsage;

/** The sums that a pass asks for: those among whitened samples are the inner twin's short ones. */
function formOf(twin: DeviceTwin, sums: Part['sums']): SumsForm {
  if (sums === 'own') return twin.sums;
  return sums === 'fused' ? twin.fusedSums! : twin.shortSums!;
}

/** E-steps on the device: passes over the samples, and what their sums say in float64. */
export class DevicePasses {
  readonly #dataset: Dataset;
  readonly #works: DeviceWorks;
  readonly #step: DeviceEStep;
  readonly #base: BaseMeasures;
  readonly #regCovar: Float64Array;
  #scatter: Float64Array | undefined;

  constructor(
    dataset: Dataset,
    works: DeviceWorks,
    base: BaseMeasures,
    regCovar: Float64Array = new Float64Array(dataset.nFeatures),
  ) {
    this.#dataset = dataset;
    this.#works = works;
    this.#step = new DeviceEStep(works);
    this.#base = base;
    this.#regCovar = regCovar;
  }

  /** How many models of K components one pass over the samples takes. */
  modelsInPass(nComponents: number): number {
    return this.#step.modelsInPass(nComponents);
  }

  /** Of parts of one kind, in one pass over the samples, or two where some need a closer look. */
  async eSteps(
    parts: readonly Part[],
    how: Responsibilities,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<EStepResult[]> {
    const { twin, models } = this.#works;
    if (parts[0].sums === 'linear') return this.#linearSteps(parts, how, signal, range);
    const passes = await this.#pass(models.upload(parts), how, signal, range);
    const unpack = (pass: Sums, i: number): EStepResult | undefined =>
      this.#unpack(pass, parts[i], range);
    const results = await mapInTurns(passes, unpack, signal);
    // what the short sums lost, the family's own keep
    const lost = [...parts.keys()].filter((i) => results[i] === undefined);
    if (lost.length > 0) {
      const own = lost.map((i) => ({ ...parts[i], sums: 'own' as const }));
      const found = await this.eSteps(own, how, signal, range);
      lost.forEach((i, at) => (results[i] = found[at]));
    }
    if (parts[0].sums === 'short') return results as EStepResult[];
    const regCovar = this.#regCovar;
    const closer = ({ sums }: Sums, i: number) => {
      const { packed, standardWhitening: whitening } = parts[i];
      const coordinates =
        whitening && twin.closerCoordinates?.(sums, packed, { regCovar, whitening });
      return coordinates ? [{ i, coordinates }] : [];
    };
    const moved = (await mapInTurns(passes, closer, signal)).flat();
    if (moved.length > 0) {
      // once more, under the same responsibilities, in coordinates closer to where the components will be
      const nearer = moved.map(({ i, coordinates }) => ({
        ...parts[i],
        packed: twin.pack(coordinates, parts[i].split),
      }));
      const model = this.#works.models.upload(
        moved.map(({ i }) => parts[i]),
        nearer,
      );
      const again = await this.#pass(model, how, signal, range);
      moved.forEach(({ i }, at) => {
        const { statistics } = twin.unpack(again[at].sums, nearer[at].packed);
        results[i] = { ...results[i]!, statistics };
      });
    }
    return results.map((result, i) => ({
      logLikelihood: result!.logLikelihood,
      statistics: recorrelateStatistics(result!.statistics, parts[i].decorrelation),
    }));
  }

  /** Of parts whose components share a whitening, one after another: shaders/whiten-samples.wgsl. */
  async #linearSteps(
    parts: readonly Part[],
    how: Responsibilities,
    signal?: AbortSignal,
    range?: SampleRange,
  ): Promise<EStepResult[]> {
    const { twin } = this.#works;
    const linear = twin.linear!;
    const results: EStepResult[] = [];
    for (const part of parts) {
      const inside = linear.pack(part.packed);
      // (the scatter is known of all samples alone)
      const unpacked = range ? undefined : await this.#linearPass(part, inside, how, signal);
      results.push(
        unpacked ?? (await this.eSteps([{ ...part, sums: 'short' }], how, signal, range))[0],
      );
    }
    return results;
  }

  async #linearPass(
    part: Part,
    inside: PackedDensity,
    how: Responsibilities,
    signal?: AbortSignal,
  ): Promise<EStepResult | undefined> {
    const { twin, models } = this.#works;
    const linear = twin.linear!;
    this.#scatter ??= await this.#findScatter(signal);
    const outer = models.upload([part]);
    const model = models.inside(part, inside);
    const [pass] = await this.#pass(model, how, signal, undefined, { twin: linear.inner, outer });
    const ridge = { regCovar: this.#regCovar, whitening: part.standardWhitening! };
    const unpacked = linear.unpack(pass.sums, part.packed, inside, this.#scatter, ridge);
    return (
      unpacked && {
        logLikelihood: pass.logLikelihood + unpacked.logLikelihoodCorrection + this.#base.total(),
        statistics: unpacked.statistics,
      }
    );
  }

  /** sum_n s x x' of all samples, packed: once for a seam. */
  async #findScatter(signal?: AbortSignal): Promise<Float64Array> {
    const { twin, models } = this.#works;
    const form = twin.shortSums!;
    const model = models.origin();
    await this.#works.ready(model, signal);
    const { deviceChunks } = this.#dataset;
    const slabs = deviceChunks.map((chunk) => this.#step.scatterSlabs(chunk, form));
    const totalGroups = groupsOf(slabs.reduce((sum, count) => sum + count, 0));
    const bytes = totalGroups * totalBytes(form, 1);
    const totals = this.#works.buffer('totals', bytes, STORAGE | COPY_SRC);
    const works: Work[] = [];
    let firstSlab = 0;
    for (const [index, chunk] of deviceChunks.entries()) {
      works.push(...(await this.#step.scatterWorks(chunk, model, form, totals, firstSlab)));
      firstSlab += slabs[index];
    }
    const [read] = await this.#works.run(works, [{ buffer: totals, bytes }], signal);
    return twin.linear!.readScatter(sumRows(read, totalGroups));
  }

  /** What a pass's sums say of one part; undefined where short sums were not accurate enough. */
  #unpack(
    { sums, logLikelihood }: Sums,
    { packed, sums: kind, standardWhitening }: Part,
    range?: SampleRange,
  ): EStepResult | undefined {
    const { twin } = this.#works;
    const ridge = { regCovar: this.#regCovar, whitening: standardWhitening! };
    const unpacked =
      kind === 'short' ? twin.shortSums!.unpack(sums, packed, ridge) : twin.unpack(sums, packed);
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
    whitened?: WhitenedPass,
  ): Promise<Sums[]> {
    const { nComponents, parts } = model;
    await this.#works.ready(whitened?.outer ?? model, signal);
    const twin = whitened?.twin ?? this.#works.twin;
    const form = formOf(twin, parts[0].sums);
    const whitenedRows = whitened ? this.#dataset.nFeatures : 0;
    const stacked = nComponents * parts.length;
    const { deviceChunks: all, nSamples, relativeWeights } = this.#dataset;
    const deviceChunks = range ? chunksWithin(all, range) : all;
    const weight = range ? weightOf(range, relativeWeights) : nSamples;
    const slabs = deviceChunks.map((chunk) =>
      this.#step.slabsOf(chunk, form, stacked, whitenedRows),
    );
    const totalGroups = groupsOf(slabs.reduce((sum, count) => sum + count, 0));
    const bytes = totalGroups * totalBytes(form, stacked);
    const totals = this.#works.buffer('totals', bytes, STORAGE | COPY_SRC);
    const works: Work[] = [];
    const partials: ReadSource[] = [];
    let firstSlab = 0;
    for (const [index, chunk] of deviceChunks.entries()) {
      const count = this.#step.likelihoodsOf(chunk, nComponents, form) * parts.length;
      const likelihoods = this.#works.buffer(`likelihoods${index}`, count * 4, STORAGE | COPY_SRC);
      const targets = { form, totals, likelihoods, firstSlab };
      works.push(...(await this.#step.works(chunk, model, targets, how, whitened)));
      partials.push({ buffer: likelihoods, bytes: count * 4 });
      firstSlab += slabs[index];
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
          total += this.#works.possible(values[unit] / beta);
        }
      }
      return {
        sums: sums.subarray(i * length, (i + 1) * length),
        logLikelihood: total + packed.shift * weight,
      };
    });
  }
}
