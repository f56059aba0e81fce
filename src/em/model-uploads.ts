import type { DeviceTwin, PackedDensity } from '../families/device-twin.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { GaussianDensity } from '../families/gaussian.ts';
import type { BufferSet } from '../gpu/buffer-set.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Dataset } from './dataset.ts';
import { decorrelateDensity } from './decorrelation.ts';
import { densityOf } from './density-of.ts';
import { PLAIN, type Model, type Part } from './device-model.ts';
import { fuses } from './kernel-shape.ts';
import { needsSplit } from './precision.ts';

const { STORAGE, COPY_DST } = BufferUsage;

/** Parameters as what the kernels bind: finds the form that float32 needs, and writes it to the model buffers. */
export class ModelUploads {
  readonly #dataset: Dataset;
  readonly #family: Family;
  readonly #twin: DeviceTwin;
  readonly #owned: BufferSet;
  readonly #device: GPUDevice;

  constructor(
    dataset: Dataset,
    family: Family,
    twin: DeviceTwin,
    owned: BufferSet,
    device: GPUDevice,
  ) {
    this.#dataset = dataset;
    this.#family = family;
    this.#twin = twin;
    this.#owned = owned;
    this.#device = device;
  }

  /** Parameters as the float32 density and the float64 one that it stands for. */
  part(parameters: Parameters): Part {
    this.#dataset.assertUsable();
    const standardisation = this.#dataset.standardisationFor(this.#family);
    const density = densityOf(this.#family, parameters, standardisation);
    const variances = this.#twin.variances?.(parameters);
    if (!variances) return { ...PLAIN, packed: this.#twin.pack(density, false) };
    const standard = density as GaussianDensity;
    const decorrelation = this.#twin.couples ? this.#dataset.decorrelation : undefined;
    const split = needsSplit(variances, this.#dataset, decorrelation !== undefined);
    const used = decorrelation ? decorrelateDensity(standard, decorrelation) : standard;
    return {
      packed: this.#twin.pack(used, split),
      split,
      decorrelation,
      standardWhitening: standard.whitening,
      sums: this.#sumsFor(standard, variances, split, decorrelation !== undefined),
    };
  }

  #sumsFor(
    density: GaussianDensity,
    variances: Float64Array,
    split: boolean,
    decorrelated: boolean,
  ): Part['sums'] {
    const { linear, shortSums } = this.#twin;
    if (fuses(this.#twin, density.nComponents)) return 'fused';
    if (decorrelated) return 'own';
    if (linear?.suits(density, variances, split)) return 'linear';
    return shortSums?.suits(density, variances, split) ? 'short' : 'own';
  }

  /** One set of parameters in the model buffers. */
  model(parameters: Parameters): Model {
    return this.upload([this.part(parameters)]);
  }

  /**
   * Parts of one form (split) in the model buffers, their components one after another.
   * @param coordinates as many parts more, of the coordinates that the parts' moments are taken in
   */
  upload(parts: readonly Part[], coordinates: readonly Part[] = []): Model {
    const all = [...parts, ...coordinates].map(({ packed }) => packed);
    const { nComponents } = all[0].density;
    const { split, decorrelation } = parts[0];
    const components = this.write(
      'components',
      all.map((packed) => packed.components),
    );
    // a table that the components of a part share is the part's own: where parts differ, each component has it
    const { tableVectors, whitening: first } = all[0];
    const repeat =
      tableVectors === 0 && all.some(({ whitening }) => !sameNumbers(whitening, first));
    const tables = repeat
      ? all.flatMap(({ whitening }) => Array.from({ length: nComponents }, () => whitening))
      : tableVectors === 0
        ? [first]
        : all.map(({ whitening }) => whitening);
    const whitening = this.write('whitening', tables);
    return {
      parts,
      nComponents,
      tableVectors: repeat ? first.length / 4 : tableVectors,
      momentOffset: coordinates.length * nComponents,
      split,
      decorrelation,
      buffers: [components, whitening],
    };
  }

  /** A part's components among whitened samples. */
  inside(part: Part, inside: PackedDensity): Model {
    return {
      parts: [{ ...part, packed: inside }],
      nComponents: inside.density.nComponents,
      tableVectors: inside.tableVectors,
      momentOffset: 0,
      split: false,
      decorrelation: undefined,
      buffers: [
        this.write('insideComponents', [inside.components]),
        this.write('insideWhitening', [inside.whitening]),
      ],
    };
  }

  /** A single component about 0, for sums that no density goes into. */
  origin(): Model {
    const zeros = new Float32Array(4 * this.#twin.componentVectors);
    const buffer = this.write('origin', [zeros]);
    return {
      parts: [{ ...PLAIN, packed: undefined as never }],
      nComponents: 1,
      tableVectors: 0,
      momentOffset: 0,
      split: false,
      decorrelation: undefined,
      buffers: [buffer, buffer],
    };
  }

  /** Numbers in a model buffer of that name. */
  write(name: string, arrays: readonly Float32Array[]): GPUBuffer {
    const joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      joined.set(array, at);
      at += array.length;
    }
    const buffer = this.#owned.get(name, joined.byteLength, STORAGE | COPY_DST);
    this.#device.queue.writeBuffer(buffer, 0, joined);
    return buffer;
  }
}

const sameNumbers = (a: Float32Array, b: Float32Array): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
