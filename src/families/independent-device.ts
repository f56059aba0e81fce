import shader from '../../shaders/families/independent.wgsl?raw';
import { checkDensityLoops } from './device-loops.ts';
import { ownSums, type DeviceTwin } from './device-twin.ts';
import {
  readBlock,
  type Block,
  type IndependentDensity,
  type IndependentParameters,
} from './independent-block.ts';
import {
  categoryRow,
  numberAt,
  roundTables,
  shareOf,
  type RoundedTables,
} from './independent-rounding.ts';
import { columnsOf, KINDS, layTerms, type Term, type TermLayout } from './independent-terms.ts';
import { unpackIndependent, type PackedIndependent } from './independent-unpack.ts';
import { LOG_ZERO } from './log-constants.ts';
import { splitFloat } from './rounding.ts';

/** Why the blocks cannot compute on WebGPU together; undefined where they can. */
export function whyDeviceless(blocks: readonly Block[]): string | undefined {
  const block = blocks.find(({ family }) => !family.columns);
  return (
    block &&
    `block "${block.name}" (${block.family.name}) is no product of independent columns, which is what the kernel takes`
  );
}

/**
 * How blocks whose features are all independent compute on WebGPU: one kernel, whatever the families.
 * @param encodingName see `DeviceTwin.encodingName`
 */
export function independentTwin(
  blocks: readonly Block[],
  missing: boolean,
  encodingName: string,
): DeviceTwin<IndependentParameters, IndependentDensity> {
  const layout = layTerms(blocks);
  const { terms, encodedColumns, sumBlocks, directory } = layout;
  checkDensityLoops('mixed', terms.length, 1 + terms.length);
  return {
    name: 'independent',
    shader,
    layout: 'encoded',
    encodingName,
    encodedColumns,
    encode: (sample, out) => encode(blocks, sample, out),
    numbers: { TERMS: terms.length, SUM_BLOCKS: sumBlocks, DIRECTORY: directory },
    componentVectors: 1,
    couples: false,
    sums: ownSums(sumBlocks, 1),
    densityCost: 12 * terms.length + 16,
    densityIterations: 1 + terms.length,
    pack: (density) => pack(blocks, layout, density),
    unpack: (sums, packed) =>
      unpackIndependent(blocks, layout, sums, packed as PackedIndependent, missing),
  };
}

/** A sample's terms, in order; a 'quadratic' number is followed by what float32 rounds off it. NaN stays NaN. */
function encode(blocks: readonly Block[], sample: Float64Array, out: Float64Array): void {
  let at = 0;
  for (const block of blocks) {
    const columns = columnsOf(block);
    const pair = columns.kind === 'quadratic';
    const width = pair ? 2 : columns.width;
    const own = readBlock(block, sample);
    for (let d = 0; d < block.width; d++, at += width) {
      const value = own[d];
      if (value !== value) {
        out.fill(value, at, at + width);
        continue;
      }
      columns.encode(value, out, at);
      if (pair) {
        const { high, low } = splitFloat(out[at]);
        out[at] = high;
        out[at + 1] = low;
      }
    }
  }
}

function pack(
  blocks: readonly Block[],
  layout: TermLayout,
  density: IndependentDensity,
): PackedIndependent {
  const { nComponents, logConstants: logWeights } = density;
  const { terms, tableVectors, directory, sumBlocks } = layout;
  const tables = blocks.map((block, b) => roundTables(block, density.blocks[b]));
  const constants = logWeights.map((logWeight, k) =>
    terms.reduce(
      (sum, term) => (term.statistic === 0 ? sum + shareOf(tables[term.block], term, k) : sum),
      logWeight,
    ),
  );
  const shift = Math.max(...constants);
  const components = new Float32Array(nComponents * 4);
  const whitening = new Float32Array(nComponents * tableVectors * 4);
  for (let k = 0; k < nComponents; k++) {
    components[4 * k] = Math.max(LOG_ZERO, constants[k] - shift);
    const row = 4 * k * tableVectors;
    whitening[row + 4 * directory] = terms.length;
    terms.forEach((term, t) => {
      const own = tables[term.block];
      whitening.set(termNumbers(own, term, k), row + 8 * t);
      const end = terms[t + 1]?.firstSums ?? sumBlocks;
      for (let block = term.firstSums; block < end; block++) {
        whitening.set([t, block - term.firstSums], row + 4 * (directory + block));
      }
      if (term.kind === 'category') {
        whitening.set(categoryRow(own, term, k, own.logProbabilities), row + 4 * term.table);
      }
    });
  }
  const rounded = constants.map((_, k) => components[4 * k] + shift);
  return {
    components,
    whitening,
    tableVectors,
    shift,
    density: { ...density, logConstants: constants },
    rounded: { ...density, logConstants: rounded },
    tables,
  };
}

/** The two vec4s of a term; see independent.wgsl. */
function termNumbers(tables: RoundedTables, term: Term, component: number): number[] {
  const { kind, column, statistic, table } = term;
  if (kind === 'category') return [KINDS.category, column, table, 0, 0, 0, 0, 0];
  const i = numberAt(tables, term, component);
  const { high, low } = splitFloat(tables.origins[i]);
  const share = statistic === 0 ? Math.max(LOG_ZERO, shareOf(tables, term, component)) : 0;
  return [KINDS[kind], column, high, tables.slopes[i], low, share, 0, 0];
}
