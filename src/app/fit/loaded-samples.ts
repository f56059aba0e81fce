import { createDataset } from '../../index.ts';
import type { Context, Dataset } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { isOfDevice } from './device-loss.ts';

/** The samples that are wanted, and those that are on the device. */
export class LoadedSamples {
  context: Context;
  #wanted: SourceData | undefined;
  #loaded: { data: SourceData; dataset: Dataset; context: Context } | undefined;

  constructor(context: Context) {
    this.context = context;
  }

  get data(): SourceData | undefined {
    return this.#loaded?.data;
  }

  get dataset(): Dataset | undefined {
    return this.#loaded?.dataset;
  }

  /** Whether any were asked for, or are there. */
  get isAny(): boolean {
    return this.#wanted !== undefined || this.#loaded !== undefined;
  }

  /** Whether what is wanted is there, on the present device. */
  get isHere(): boolean {
    const loaded = this.#loaded;
    return loaded?.context === this.context && (this.#wanted ?? loaded.data) === loaded.data;
  }

  want(data: SourceData): void {
    this.#wanted = data;
  }

  /**
   * The wanted samples on the device. What was there is kept until the new ones are, then given back.
   * @param onLoaded told of them before the former ones go; `again` where the samples are the same, on another device
   * @param onRefused told where they cannot be had
   */
  async load(
    signal: AbortSignal,
    onLoaded: (dataset: Dataset, data: SourceData, again: boolean) => Promise<void>,
    onRefused: () => void,
  ): Promise<Dataset> {
    const { context } = this;
    const former = this.#loaded;
    const data = this.#wanted ?? former?.data;
    if (!data) throw new Error('The session has no data.');
    if (former?.data === data && former.context === context) return former.dataset;
    let dataset: Dataset;
    try {
      dataset = await createDataset(data.samples, { context, signal });
    } catch (error) {
      // samples that cannot be had are not wanted any more: Reset goes back to the former ones
      if (!signal.aborted && !isOfDevice(error)) {
        this.#wanted = former?.data;
        onRefused();
      }
      throw error;
    }
    this.#loaded = { data, dataset, context };
    await onLoaded(dataset, data, former?.data === data);
    former?.dataset.dispose();
    return dataset;
  }
}
