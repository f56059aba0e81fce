import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { UsageError } from './errors.ts';
import type { TextSink } from './io.ts';
import { countLabels, labelLines, labelsHeader } from './labels.ts';

/** Labels of a stream of samples: counted, and written as they come. */
export class LabelWriter {
  readonly counts: number[];
  readonly #nComponents: number;
  readonly #probabilities: boolean;
  readonly #file: string | undefined;
  readonly #sink: TextSink | undefined;
  #handle: FileHandle | undefined;
  #begun = false;

  /** @param file where they go; else to `sink`; with neither they are counted alone */
  constructor(
    file: string | undefined,
    sink: TextSink | undefined,
    nComponents: number,
    probabilities = false,
  ) {
    this.#file = file;
    this.#sink = sink;
    this.#nComponents = nComponents;
    this.#probabilities = probabilities;
    this.counts = countLabels(new Int32Array(0), nComponents);
  }

  async write(labels: Int32Array, probabilities?: Float32Array): Promise<void> {
    countLabels(labels, this.#nComponents).forEach((count, k) => (this.counts[k] += count));
    if (this.#file === undefined && this.#sink === undefined) return;
    const header = this.#begun ? '' : labelsHeader(this.#probabilities, this.#nComponents);
    this.#begun = true;
    const text = `${header}${labelLines(labels, probabilities, this.#nComponents)}`;
    if (this.#file === undefined) {
      const more = this.#sink!.write(text);
      // (a pipe that is full; tests' sinks are none)
      if (more === false && 'once' in this.#sink!) await once(this.#sink as never, 'drain');
      return;
    }
    try {
      this.#handle ??= await open(this.#file, 'w');
      await this.#handle.appendFile(text);
    } catch (error) {
      throw new UsageError(
        `Cannot write "${this.#file}": ${error instanceof Error ? error.message : String(error)}.`,
        'Check the path and the free space.',
        error,
      );
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
