import type { Steps } from '../data/pause.ts';
import { readRow, type Samples } from '../data/samples.ts';
import {
  identityStandardisation,
  standardising,
  type Standardisation,
} from '../data/standardisation.ts';
import type { Density, Family, Parameters } from './family.ts';

/** Parameters of a mixture of several families: each block's arrays as `<block>.<array>`. */
export type IndependentParameters = Parameters & Readonly<Record<string, Float64Array>>;

/** ln(pi_k p(x | theta_k)) = logConstants[k] + sum of the blocks' own log-densities. */
export interface IndependentDensity extends Density {
  /** ln pi_k, K. */
  readonly logConstants: Float64Array;
  /** Each block's own, under weights of 1. */
  readonly blocks: readonly Density[];
}

/** One family's columns in a mixture of several: `width` of them, from column `first`. */
export interface Block {
  readonly name: string;
  readonly family: Family;
  readonly first: number;
  readonly width: number;
  /**
   * Of its columns, where the family wants standardised ones; the mixture's samples stay in the user's units.
   * Undefined until samples were seen: then parameters and samples are in the user's units.
   */
  readonly standardisation: Standardisation | undefined;
  /** Where its sums begin in a component's, and how many there are. */
  readonly firstSum: number;
  readonly nSums: number;
  /** The last sample read (`readBlock`), and scratch: one sample is in work at a time. */
  readonly sample: Float64Array;
  readonly residual: Float64Array;
}

/** What a block is made from; `width` is the family's `settings.nFeatures`, or one, where it is not known yet. */
type BlockParts = Pick<Block, 'name' | 'family'> &
  Partial<Pick<Block, 'standardisation' | 'width'>>;

/** Blocks in the order given, their columns and sums one after the other. */
export function layBlocks(parts: readonly BlockParts[]): Block[] {
  let first = 0;
  let firstSum = 0;
  return parts.map(({ name, family, standardisation, ...known }) => {
    const width = known.width ?? ((family.settings['nFeatures'] ?? 1) as number);
    const nSums = family.statisticsLength(width);
    const block = {
      name,
      family,
      first,
      width,
      standardisation,
      firstSum,
      nSums,
      sample: new Float64Array(width),
      residual: new Float64Array(width),
    };
    first += width;
    firstSum += nSums;
    return block;
  });
}

/** The block's part of a sample in the user's units, in the family's coordinates. The array is used again. */
export function readBlock(block: Block, sample: Float64Array): Float64Array {
  const { first, width, standardisation, sample: out } = block;
  for (let d = 0; d < width; d++) {
    const value = sample[first + d];
    out[d] = standardisation
      ? (value - standardisation.means[d]) / standardisation.scales[d]
      : value;
  }
  return out;
}

export const standardisationOf = ({ width, standardisation }: Block): Standardisation =>
  standardisation ?? identityStandardisation(width);

/** The block's arrays under their own names; `weights` as they are. */
export function parametersOf(block: Block, parameters: IndependentParameters): Parameters {
  const { name, family, width } = block;
  const out: Record<string, Float64Array> = { weights: parameters.weights };
  for (const array of Object.keys(family.parameterShapes(parameters.weights.length, width))) {
    out[array] = parameters[`${name}.${array}`];
  }
  return out as unknown as Parameters;
}

/** The blocks' arrays, one Parameters a block, under the mixture's names. */
export function joinParameters(
  weights: Float64Array,
  blocks: readonly Block[],
  parts: readonly Parameters[],
): IndependentParameters {
  const joined: Record<string, Float64Array> = { weights };
  blocks.forEach(({ name, family, width }, b) => {
    const arrays = parts[b] as unknown as Record<string, Float64Array>;
    for (const array of Object.keys(family.parameterShapes(weights.length, width))) {
      joined[`${name}.${array}`] = arrays[array];
    }
  });
  return joined as IndependentParameters;
}

/** ln p of a block alone: its density under weights of 1. */
export function blockDensity(block: Block, parameters: IndependentParameters): Density {
  const own = parametersOf(block, parameters);
  const weights = new Float64Array(parameters.weights.length).fill(1);
  return block.family.density({ ...own, weights }, standardisationOf(block));
}

/** Columns first ... first + width - 1 of K rows of `stride` numbers. */
export function rowsPart(
  rows: Float64Array,
  stride: number,
  first: number,
  width: number,
): Float64Array {
  const part = new Float64Array((rows.length / stride) * width);
  for (let k = 0, at = first; at < rows.length; k++, at += stride) {
    part.set(rows.subarray(at, at + width), k * width);
  }
  return part;
}

/** Writes a block's rows back: what `rowsPart` took out. */
export function setRows(
  rows: Float64Array,
  stride: number,
  first: number,
  part: Float64Array,
  width: number,
): void {
  for (let k = 0; k * stride < rows.length; k++) {
    rows.set(part.subarray(k * width, (k + 1) * width), k * stride + first);
  }
}

/** The block's columns of some samples, in the user's units: a copy. */
export function* samplesOf({ first, width }: Block, samples: Samples): Steps<Samples> {
  const { nSamples, nFeatures, columnNames } = samples;
  const data = new Float64Array(nSamples * width);
  const row = new Float64Array(nFeatures);
  let missing = 0;
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    yield;
    for (let d = 0; d < width; d++) {
      const value = row[first + d];
      data[n * width + d] = value;
      if (value !== value) missing++;
    }
  }
  const names = columnNames?.slice(first, first + width);
  return {
    nSamples,
    nFeatures: width,
    data,
    mask: undefined,
    packed: undefined,
    missing,
    columnNames: names,
  };
}

/** The block with what it takes from the samples: settings left open, and the standardisation of its columns. */
export function* resolveBlock(block: Block, samples: Samples): Steps<Block> {
  const { family, standardisation } = block;
  const standardised = family.coordinates === 'standardised' && !standardisation;
  if (!family.resolve && !standardised) return block;
  const own = yield* samplesOf(block, samples);
  return {
    ...block,
    family: family.resolve ? yield* family.resolve(own) : family,
    standardisation: standardised ? yield* standardising(own) : standardisation,
  };
}
