import type { PackedDensity, UnpackedStatistics } from './device-twin.ts';
import { setRows, type Block, type IndependentDensity } from './independent-block.ts';
import { categoryRow, numberAt, shareOf, type RoundedTables } from './independent-rounding.ts';
import { columnsOf, type Term, type TermLayout } from './independent-terms.ts';

export interface PackedIndependent extends PackedDensity<IndependentDensity> {
  /** A block each. */
  readonly tables: readonly RoundedTables[];
}

/** The blocks' statistics from the device's sums (see independent.wgsl), and what rounding took from the log-likelihood. */
export function unpackIndependent(
  blocks: readonly Block[],
  { terms, sumBlocks }: TermLayout,
  sums: Float64Array,
  packed: PackedIndependent,
  missing: boolean,
): UnpackedStatistics {
  const { density, rounded, tables } = packed;
  const { nComponents, nFeatures } = density;
  const length = blocks.reduce((sum, { nSums }) => sum + nSums, 0);
  const out = new Float64Array(nComponents * length);
  const componentMass = new Float64Array(nComponents);
  const observed = missing ? new Float64Array(nComponents * nFeatures) : undefined;
  let logLikelihoodCorrection = 0;
  for (let k = 0; k < nComponents; k++) {
    const mass = sums[4 * k * sumBlocks];
    componentMass[k] = mass;
    if (mass > 0) {
      logLikelihoodCorrection += mass * (density.logConstants[k] - rounded.logConstants[k]);
    }
    for (const term of terms) {
      const { nSums, firstSum, first } = blocks[term.block];
      const own = tables[term.block];
      const at = 4 * (k * sumBlocks + term.firstSums);
      if (mass > 0) logLikelihoodCorrection += termCorrection(own, term, k, sums, at);
      // what follows is a feature's, all its terms together
      if (term.statistic > 0) continue;
      const row = out.subarray(k * length + firstSum, k * length + firstSum + nSums);
      const seen = collectFeature(blocks[term.block], own, term, k, sums, at, row);
      if (!observed) continue;
      observed[k * nFeatures + first + term.feature] = seen;
      if (mass > 0 && term.kind !== 'category') {
        const share = shareOf(own, term, k);
        logLikelihoodCorrection -= (mass - seen) * (share - Math.fround(share));
      }
    }
  }
  const origin = originOf(blocks, packed);
  return {
    statistics: { nComponents, componentMass, sums: out, origin, observed },
    logLikelihoodCorrection,
  };
}

/** Hands one feature's sums to its family. @returns the mass of the observed entries */
function collectFeature(
  block: Block,
  tables: RoundedTables,
  term: Term,
  component: number,
  sums: Float64Array,
  at: number,
  row: Float64Array,
): number {
  const columns = columnsOf(block);
  const { width, slopes, origins } = tables;
  const none = new Float64Array(0);
  if (term.kind === 'category') {
    const counts = sums.subarray(at, at + term.nCategories);
    const observed = counts.reduce((sum, count) => sum + count, 0);
    const column = { observed, counts, first: none, origins: none, second: 0 };
    columns.collect(column, term.feature, block.width, row);
    return observed;
  }
  const i = numberAt(tables, term, component);
  // the device's sums are of slope (z - origin)
  const scale = term.kind === 'quadratic' ? 1 / slopes[i] : 1;
  const column = {
    observed: sums[at + 2],
    first: Float64Array.from({ length: width }, (_, s) => sums[at + 4 * s] * scale),
    origins: origins.subarray(i, i + width),
    second: sums[at + 1] * scale * scale,
    counts: none,
  };
  columns.collect(column, term.feature, block.width, row);
  return column.observed;
}

/** sum gamma (ln p of the exact numbers - that of the rounded ones) over a term, from its sums. */
function termCorrection(
  tables: RoundedTables,
  term: Term,
  component: number,
  sums: Float64Array,
  at: number,
): number {
  const { exact, slopes, origins, logProbabilities } = tables;
  if (term.kind === 'category') {
    const wanted = categoryRow(tables, term, component, exact.logProbabilities);
    // an impossible category has no mass
    return categoryRow(tables, term, component, logProbabilities).reduce(
      (sum, value, c) => (sums[at + c] > 0 ? sum + sums[at + c] * (wanted[c] - value) : sum),
      0,
    );
  }
  const i = numberAt(tables, term, component);
  const slope = exact.slopes[i];
  const first = sums[at];
  if (term.kind === 'linear') return Number.isFinite(slope) ? (slope - slopes[i]) * first : 0;
  // y' = ratio y + shift is the exact residual: what sum gamma y'^2 has beyond sum gamma y^2
  const ratio = slope / slopes[i];
  const shift = (origins[i] - exact.origins[i]) * slope;
  const more = shift * (2 * ratio * first + sums[at + 2] * shift);
  return -0.5 * ((ratio * ratio - 1) * sums[at + 1] + more);
}

/** The float64 origin of each block's statistics; that of 'quadratic' ones is where the device's sums have it. */
function originOf(blocks: readonly Block[], { density, tables }: PackedIndependent): Float64Array {
  const { nComponents, nFeatures } = density;
  const origin = new Float64Array(nComponents * nFeatures);
  blocks.forEach((block, b) => {
    const quadratic = columnsOf(block).kind === 'quadratic';
    const own = quadratic ? tables[b].origins : block.family.origin(density.blocks[b]);
    if (own.length > 0) setRows(origin, nFeatures, block.first, own, block.width);
  });
  return origin;
}
