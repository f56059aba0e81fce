import { wordsOf } from '../data/bits.ts';
import { readRows } from '../data/samples.ts';
import { MISSING } from '../families/device-twin.ts';
import type { Dataset } from './dataset.ts';
import { decorrelate } from './decorrelation.ts';
import type { DeviceChunk } from './device-chunks.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';
import type { Steps } from '../data/pause.ts';

/** What a family's kernels read; the planes come in the order of their bindings. */
export type PlaneRequest =
  | {
      readonly layout: 'standardised';
      /** Pairs of float32: a second plane holds what the first rounded off. */
      readonly split: boolean;
      readonly decorrelation?: Float64Array | undefined;
    }
  | { readonly layout: 'values' }
  | { readonly layout: 'bits' }
  | {
      readonly layout: 'encoded';
      /** Requests of one name have the same columns. */
      readonly name: string;
      readonly columns: number;
      /** Writes the device's numbers of one sample (user's units) to `out`; NaN where missing. */
      readonly encode: (sample: Float64Array, out: Float64Array) => void;
    };

/** The names of a request's planes. */
function planeNames(dataset: Dataset, request: PlaneRequest): string[] {
  switch (request.layout) {
    case 'values':
      return ['raw'];
    case 'bits':
      return dataset.missing > 0 ? ['bits', 'observedBits'] : ['bits'];
    case 'encoded':
      return [request.name];
    case 'standardised': {
      const name = request.decorrelation ? 'decorrelated' : 'values';
      return request.split ? [name, `${name}Low`] : [name];
    }
  }
}

/** Whether a request's planes are there. */
export function hasPlanes(dataset: Dataset, chunk: DeviceChunk, request: PlaneRequest): boolean {
  return planeNames(dataset, request).every((name) => chunk.has(name));
}

/** The planes of one chunk, uploaded when first asked for. */
export function* uploadPlanes(
  dataset: Dataset,
  chunk: DeviceChunk,
  request: PlaneRequest,
): Steps<GPUBuffer[]> {
  const { nFeatures } = dataset;
  const [name, second] = planeNames(dataset, request);
  switch (request.layout) {
    case 'values':
      return [yield* floatPlane(dataset, chunk, name, nFeatures, false, takeOver)];
    case 'bits': {
      const { bits, mask } = dataset.bits;
      const planes = [yield* bitPlane(dataset, chunk, name, bits)];
      if (mask) planes.push(yield* bitPlane(dataset, chunk, second, mask));
      return planes;
    }
    case 'encoded': {
      const { columns, encode } = request;
      const form: RowForm = (rows, count, out) => {
        for (let i = 0; i < count; i++) {
          encode(
            rows.subarray(i * nFeatures, (i + 1) * nFeatures),
            out.subarray(i * columns, (i + 1) * columns),
          );
        }
      };
      return [yield* floatPlane(dataset, chunk, name, columns, false, form)];
    }
    case 'standardised': {
      const form = standardForm(dataset, request.decorrelation);
      const high = yield* floatPlane(dataset, chunk, name, nFeatures, false, form);
      if (!request.split) return [high];
      return [high, yield* floatPlane(dataset, chunk, second, nFeatures, true, form)];
    }
  }
}

/** Brings `count` rows of samples (user's units, NaN where missing) into the plane's numbers; `out` may be `rows`. */
type RowForm = (rows: Float64Array, count: number, out: Float64Array) => void;

/** (a plane of as many columns as there are features is formed in place) */
const takeOver: RowForm = () => {};

function standardForm(dataset: Dataset, decorrelation: Float64Array | undefined): RowForm {
  const { nFeatures } = dataset;
  const { means, scales } = dataset.standardisation;
  return (rows, count, out) => {
    for (let i = 0, at = 0; i < count; i++) {
      for (let d = 0; d < nFeatures; d++, at++) out[at] = (rows[at] - means[d]) / scales[d];
      if (decorrelation) decorrelate(decorrelation, out, nFeatures, i * nFeatures);
    }
  };
}

/**
 * float32 numbers (or what float32 rounds off them), feature-major. Rows are formed once, some tiles at a time, and a feature's
 * values of those are written in a run. Padding repeats the last sample, so that every number there is one of the support.
 */
function* floatPlane(
  { samples, nFeatures }: Dataset,
  chunk: DeviceChunk,
  name: string,
  columns: number,
  low: boolean,
  form: RowForm,
): Steps<GPUBuffer> {
  const { firstSample, nSamples, stride } = chunk;
  return yield* chunk.plane(name, stride * columns * 4, function* fill(contents, ready) {
    const out = new Float32Array(contents, 0, stride * columns);
    // (some hundred kilobytes: within a core's own cache)
    const most = Math.min(
      stride,
      TILE_SAMPLES * Math.max(1, Math.floor(16384 / TILE_SAMPLES / columns)),
    );
    const rows = new Float64Array(most * nFeatures);
    const formed = columns === nFeatures ? rows : new Float64Array(most * columns);
    const done = runsOf(columns, chunk, ready);
    for (let first = 0; first < nSamples; first += most, yield) {
      const count = Math.min(most, nSamples - first);
      readRows(samples, firstSample + first, count, rows);
      form(rows, count, formed);
      writeColumns(formed, count, columns, low, out, stride, first);
      if (first + count === nSamples) repeatLast(out, columns, chunk);
      done(first + count);
    }
  });
}

/** Fills a plane's padding. */
function repeatLast(out: Float32Array, columns: number, { nSamples, stride }: DeviceChunk): void {
  for (let d = 0; d < columns; d++) {
    const column = d * stride;
    out.fill(out[column + nSamples - 1], column + nSamples, column + stride);
  }
}

/** Samples that go to the device together: a run of 64 KiB of each column. */
const RUN_SAMPLES = 2 ** 14;

/** Tells what is ready of a plane of words, given how many of its samples are, in their order: some at a time, a run a column. */
function runsOf(
  columns: number,
  { nSamples, stride }: DeviceChunk,
  ready: (from: number, to: number) => void,
): (samples: number) => void {
  let from = 0;
  return (samples) => {
    const last = samples === nSamples;
    if (samples - from < RUN_SAMPLES && !last) return;
    const to = last ? stride : samples;
    for (let d = 0; d < columns; d++) ready(4 * (d * stride + from), 4 * (d * stride + to));
    from = to;
  };
}

/** Transposes `count` rows into a plane, from its sample `first` on. */
function writeColumns(
  rows: Float64Array,
  count: number,
  columns: number,
  low: boolean,
  out: Float32Array,
  stride: number,
  first: number,
): void {
  for (let d = 0; d < columns; d++) {
    let at = d * stride + first;
    for (let i = d; i < count * columns; i += columns) {
      const value = rows[i];
      const missing = value !== value;
      out[at++] = low ? (missing ? 0 : value - Math.fround(value)) : missing ? MISSING : value;
    }
  }
}

/** Words of 32 features, word-major, four samples a vec4u. */
function* bitPlane(
  { nFeatures }: Dataset,
  chunk: DeviceChunk,
  name: string,
  rows: Uint32Array,
): Steps<GPUBuffer> {
  const { nSamples, stride, firstSample } = chunk;
  const words = wordsOf(nFeatures);
  return yield* chunk.plane(name, stride * words * 4, function* fill(contents, ready) {
    const out = new Uint32Array(contents, 0, stride * words);
    const done = runsOf(words, chunk, ready);
    for (let first = 0; first < nSamples; first += TILE_SAMPLES, yield) {
      const end = Math.min(first + TILE_SAMPLES, nSamples);
      for (let w = 0; w < words; w++) {
        for (let n = first; n < end; n++) {
          out[w * stride + n] = rows[(firstSample + n) * words + w];
        }
        // (the memory may hold what was written from it before)
        if (end === nSamples) out.fill(0, w * stride + end, (w + 1) * stride);
      }
      done(end);
    }
  });
}
