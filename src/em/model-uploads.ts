import type { DeviceTwin } from '../families/device-twin.ts';
import type { Density, Family, Parameters } from '../families/family.ts';
import type { GaussianDensity } from '../families/gaussian.ts';
import type { BufferSet } from '../gpu/buffer-set.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Dataset } from './dataset.ts';
import { decorrelateDensity } from './decorrelation.ts';
import { PLAIN, type Model } from './device-model.ts';
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

  /** Uploads parameters: the float32 density and the float64 one that it stands for. */
  model(parameters: Parameters): Model {
    this.#dataset.assertUsable();
    const standardisation = this.#dataset.standardisationFor(this.#family);
    const density = this.#family.density(parameters, standardisation);
    const variances = this.#twin.variances?.(parameters);
    if (!variances) return this.upload(density, PLAIN);
    const standard = density as GaussianDensity;
    const decorrelation = this.#twin.couples ? this.#dataset.decorrelation : undefined;
    const split = needsSplit(variances, this.#dataset, decorrelation !== undefined);
    return this.upload(decorrelation ? decorrelateDensity(standard, decorrelation) : standard, {
      split,
      decorrelation,
      standardWhitening: standard.whitening,
    });
  }

  /** A density in the model buffers. */
  upload(
    density: Density,
    how: Pick<Model, 'split' | 'decorrelation' | 'standardWhitening'>,
  ): Model {
    const packed = this.#twin.pack(density, how.split);
    const components = this.#owned.get(
      'components',
      packed.components.byteLength,
      STORAGE | COPY_DST,
    );
    const whitening = this.#owned.get('whitening', packed.whitening.byteLength, STORAGE | COPY_DST);
    this.#device.queue.writeBuffer(components, 0, packed.components);
    this.#device.queue.writeBuffer(whitening, 0, packed.whitening);
    return {
      packed,
      nComponents: density.nComponents,
      momentOffset: 0,
      split: how.split,
      decorrelation: how.decorrelation,
      standardWhitening: how.standardWhitening,
      buffers: [components, whitening],
    };
  }
}
