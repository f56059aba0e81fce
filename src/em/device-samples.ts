import { wordsOf } from '../data/bits.ts';
import { readRow } from '../data/samples.ts';
import { identityStandardisation } from '../data/standardisation.ts';
import { MISSING } from '../families/device-twin.ts';
import type { Dataset } from './dataset.ts';
import { decorrelate } from './decorrelation.ts';
import type { DeviceChunk } from './device-chunks.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';

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

/** The planes of one chunk, uploaded when first asked for. */
export function uploadPlanes(
  dataset: Dataset,
  chunk: DeviceChunk,
  request: PlaneRequest,
): GPUBuffer[] {
  const { nFeatures } = dataset;
  switch (request.layout) {
    case 'values': {
      const identity = identityStandardisation(nFeatures);
      return [floatPlane(chunk, 'raw', nFeatures, false, rowReader(dataset, chunk, identity))];
    }
    case 'bits':
      return bitPlanes(dataset, chunk);
    case 'encoded': {
      const { name, columns, encode } = request;
      const sample = new Float64Array(nFeatures);
      const read = (n: number, out: Float64Array): void => {
        readRow(dataset.samples, chunk.firstSample + n, sample);
        encode(sample, out);
      };
      return [floatPlane(chunk, name, columns, false, read)];
    }
    case 'standardised': {
      const { decorrelation, split } = request;
      const standard = rowReader(dataset, chunk, dataset.standardisation);
      const read = decorrelation
        ? (n: number, out: Float64Array): void => {
            standard(n, out);
            decorrelate(decorrelation, out, nFeatures);
          }
        : standard;
      const name = decorrelation ? 'decorrelated' : 'values';
      const high = floatPlane(chunk, name, nFeatures, false, read);
      return split ? [high, floatPlane(chunk, `${name}Low`, nFeatures, true, read)] : [high];
    }
  }
}

type RowReader = (n: number, out: Float64Array) => void;

function rowReader(
  dataset: Dataset,
  chunk: DeviceChunk,
  standardisation: Dataset['standardisation'],
): RowReader {
  return (n, out) => dataset.read(chunk.firstSample + n, standardisation, out);
}

/**
 * float32 numbers (or what float32 rounds off them), feature-major. Rows are formed once, a tile at a time, and a feature's
 * values of a tile are written in a run. Padding repeats the last sample, so that every number there is one of the support.
 */
function floatPlane(
  chunk: DeviceChunk,
  name: string,
  columns: number,
  low: boolean,
  read: RowReader,
): GPUBuffer {
  const { nSamples, stride } = chunk;
  return chunk.plane(name, stride * columns * 4, (mapped) => {
    const out = new Float32Array(mapped, 0, stride * columns);
    const rows = new Float64Array(TILE_SAMPLES * columns);
    for (let tile = 0; tile < stride; tile += TILE_SAMPLES) {
      for (let i = 0; i < TILE_SAMPLES; i++) {
        read(Math.min(tile + i, nSamples - 1), rows.subarray(i * columns, (i + 1) * columns));
      }
      for (let d = 0; d < columns; d++) {
        for (let i = 0; i < TILE_SAMPLES; i++) {
          const z = rows[i * columns + d];
          const missing = z !== z;
          const value = low ? z - Math.fround(z) : z;
          out[d * stride + tile + i] = missing ? (low ? 0 : MISSING) : value;
        }
      }
    }
  });
}

/** Words of 32 features, word-major, four samples a vec4u; the second plane, where entries are missing, the observed bits. */
function bitPlanes(dataset: Dataset, chunk: DeviceChunk): GPUBuffer[] {
  const { nFeatures } = dataset;
  const words = wordsOf(nFeatures);
  const { nSamples, stride, firstSample } = chunk;
  const { bits, mask } = dataset.bits;
  const upload = (name: string, plane: Uint32Array): GPUBuffer =>
    chunk.plane(name, stride * words * 4, (mapped) => {
      const out = new Uint32Array(mapped, 0, stride * words);
      for (let w = 0; w < words; w++) {
        for (let n = 0; n < nSamples; n++) {
          out[w * stride + n] = plane[(firstSample + n) * words + w];
        }
      }
    });
  const planes = [upload('bits', bits)];
  if (mask) planes.push(upload('observedBits', mask));
  return planes;
}
