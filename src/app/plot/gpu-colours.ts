import type { Dataset, DatasetChunk, GaussianMixture, SampleBuffers } from '../../index.ts';
import { columnEntries } from '../colour/column-scale.ts';
import type { Column } from '../data/source-data.ts';
import type { Colouring } from './colouring.ts';
import { filled } from './gpu-places.ts';
import { entropiesOf, responsibilitiesOf } from './known-entries.ts';

/** What is known of every sample, on the device: one buffer a chunk. */
export interface KnownSamples {
  readonly colouring: Colouring;
  readonly nComponents: number;
  readonly values: readonly GPUBuffer[];
  /** Shares of a scale are the numbers times this. */
  readonly shareScale: number;
}

/**
 * Finds what a colouring says of the samples: by the library's kernels, nothing being copied back; on the CPU, where missing entries
 * make the library compute there; or from a column.
 */
export class GpuColours {
  readonly #device: GPUDevice;
  readonly #dataset: Dataset;
  readonly #chunks: readonly DatasetChunk[];
  #known: (KnownSamples & { readonly kept: SampleBuffers }) | undefined;
  #labels: SampleBuffers | undefined;
  #mixture: GaussianMixture | undefined;
  #column: { readonly column: Column; readonly kept: SampleBuffers } | undefined;
  #newest = 0;
  #underWay = 0;

  constructor(device: GPUDevice, dataset: Dataset, chunks: readonly DatasetChunk[]) {
    this.#device = device;
    this.#dataset = dataset;
    this.#chunks = chunks;
  }

  /** Undefined before the first mixture. */
  get known(): KnownSamples | undefined {
    return this.#known;
  }

  /** The component of every sample, where `colour` was told to find it. */
  get labels(): readonly GPUBuffer[] | undefined {
    return this.#labels?.buffers;
  }

  /** The mixture that the colours are of. */
  get mixture(): GaussianMixture | undefined {
    return this.#mixture;
  }

  /** Whether colours are being found. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /**
   * What was there stays until the new is; of several calls under way only the last one counts.
   * @param withLabels whether the components are wanted, whatever the colouring
   */
  async colour(mixture: GaussianMixture, colouring: Colouring, withLabels: boolean): Promise<void> {
    const call = ++this.#newest;
    this.#underWay++;
    const made: SampleBuffers[] = [];
    const make = async (making: Promise<SampleBuffers>): Promise<SampleBuffers> => {
      const buffers = await making;
      made.push(buffers);
      return buffers;
    };
    const giveBack = () => {
      for (const buffers of made) buffers.dispose();
    };
    try {
      const wanted = withLabels || colouring.by === 'component';
      const labels = wanted ? await make(this.#findLabels(mixture)) : undefined;
      const kept =
        colouring.by === 'component' ? labels! : await this.#find(mixture, colouring, make);
      if (call !== this.#newest) return giveBack();
      this.#replace(labels, {
        colouring,
        nComponents: mixture.nComponents,
        values: kept.buffers,
        shareScale: colouring.by === 'entropy' ? 1 / Math.log(Math.max(2, mixture.nComponents)) : 1,
        kept,
      });
      this.#mixture = mixture;
    } catch (error) {
      giveBack();
      // whoever asked for something newer hears of what goes wrong with that
      if (call === this.#newest) throw error;
    } finally {
      this.#underWay--;
    }
  }

  dispose(): void {
    this.#newest++;
    this.#replace(undefined, undefined);
    this.#column?.kept.dispose();
    this.#column = undefined;
  }

  /** Missing entries under covariances between features: the library computes in float64, and leaves nothing on the device. */
  #isOnCpu({ family }: GaussianMixture): boolean {
    return this.#dataset.missing > 0 && family.missing === 'conditional';
  }

  async #findLabels(mixture: GaussianMixture): Promise<SampleBuffers> {
    if (!this.#isOnCpu(mixture)) return mixture.predictBuffers(this.#dataset);
    return this.#uploaded(await mixture.predict(this.#dataset));
  }

  async #findResponsibilities(mixture: GaussianMixture, component: number): Promise<SampleBuffers> {
    if (!this.#isOnCpu(mixture)) return mixture.responsibilityBuffers(this.#dataset, component);
    const rows = await mixture.predictProba(this.#dataset);
    return this.#uploaded(responsibilitiesOf(rows, mixture.nComponents, component));
  }

  async #findEntropies(mixture: GaussianMixture): Promise<SampleBuffers> {
    if (!this.#isOnCpu(mixture)) return mixture.entropyBuffers(this.#dataset);
    const rows = await mixture.predictProba(this.#dataset);
    return this.#uploaded(entropiesOf(rows, mixture.nComponents));
  }

  /** @param entries a number a sample, N */
  #uploaded(entries: Float32Array | Int32Array): SampleBuffers {
    return this.#inChunks((first, count) => entries.subarray(first, first + count));
  }

  #inChunks(
    entriesOf: (firstSample: number, nSamples: number) => Float32Array | Int32Array,
  ): SampleBuffers {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const buffers = this.#chunks.map(({ firstSample, nSamples }) =>
      filled(this.#device, entriesOf(firstSample, nSamples), usage),
    );
    const dispose = () => {
      for (const buffer of buffers) buffer.destroy();
    };
    return { buffers, dispose };
  }

  async #find(
    mixture: GaussianMixture,
    colouring: Exclude<Colouring, { by: 'component' }>,
    make: (making: Promise<SampleBuffers>) => Promise<SampleBuffers>,
  ): Promise<SampleBuffers> {
    switch (colouring.by) {
      case 'responsibility': {
        const component = Math.min(colouring.component, mixture.nComponents - 1);
        return make(this.#findResponsibilities(mixture, component));
      }
      case 'entropy':
        return make(this.#findEntropies(mixture));
      case 'column':
        return this.#columnBuffers(colouring.column);
    }
  }

  /** No fit changes a column: it is uploaded once. */
  #columnBuffers(column: Column): SampleBuffers {
    if (this.#column?.column !== column) {
      // (what is still drawn is given back when it is replaced)
      if (this.#column?.kept !== this.#known?.kept) this.#column?.kept.dispose();
      const kept = this.#inChunks((first, count) => columnEntries(column, count, (i) => first + i));
      this.#column = { column, kept };
    }
    return this.#column.kept;
  }

  #replace(
    labels: SampleBuffers | undefined,
    known: (KnownSamples & { readonly kept: SampleBuffers }) | undefined,
  ): void {
    this.#labels?.dispose();
    if (this.#known?.kept !== this.#column?.kept) this.#known?.kept.dispose();
    this.#labels = labels;
    this.#known = known;
  }
}
