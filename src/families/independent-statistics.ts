import {
  parametersOf,
  rowsPart,
  setRows,
  standardisationOf,
  type Block,
  type IndependentDensity,
  type IndependentParameters,
} from './independent-block.ts';
import { massTimes, zeroStatistics, type Statistics } from './statistics.ts';

/** A component's sums are the blocks' one after the other; so are origins and observed masses, a column each. */
interface Layout {
  readonly nFeatures: number;
  readonly length: number;
}

const layoutOf = (blocks: readonly Block[]): Layout => ({
  nFeatures: blocks.reduce((sum, { width }) => sum + width, 0),
  length: blocks.reduce((sum, { nSums }) => sum + nSums, 0),
});

/** A block's part of the statistics, as its family takes them. */
export function blockStatistics(
  { first, width, firstSum, nSums }: Block,
  { nComponents, componentMass, sums, origin, observed }: Statistics,
): Statistics {
  const nFeatures = origin.length / nComponents;
  return {
    nComponents,
    componentMass,
    sums: rowsPart(sums, sums.length / nComponents, firstSum, nSums),
    origin: rowsPart(origin, nFeatures, first, width),
    observed: observed && rowsPart(observed, nFeatures, first, width),
  };
}

/** Moves every block's part, where its family can. */
function mapBlocks(
  blocks: readonly Block[],
  statistics: Statistics,
  map: (block: Block, own: Statistics, b: number) => Statistics | undefined,
): Statistics {
  const { nFeatures, length } = layoutOf(blocks);
  const sums = statistics.sums.slice();
  const origin = statistics.origin.slice();
  blocks.forEach((block, b) => {
    const moved = map(block, blockStatistics(block, statistics), b);
    if (!moved) return;
    setRows(sums, length, block.firstSum, moved.sums, block.nSums);
    if (moved.origin.length > 0) setRows(origin, nFeatures, block.first, moved.origin, block.width);
  });
  return { ...statistics, sums, origin };
}

/** The methods of `Family` that are about statistics, from those of the blocks' families. */
export const independentStatistics = (blocks: readonly Block[]) => ({
  recentre(statistics: Statistics, origin: Float64Array): Statistics {
    const { nFeatures } = layoutOf(blocks);
    const moved = mapBlocks(blocks, statistics, (block, own) =>
      block.family.recentre?.(own, rowsPart(origin, nFeatures, block.first, block.width)),
    );
    return { ...moved, origin };
  },
  /** By the blocks' own standardisations: the mixture has none. */
  rescale: (statistics: Statistics, _standardisation: unknown, back: boolean): Statistics =>
    mapBlocks(blocks, statistics, (block, own) =>
      block.family.rescale?.(own, standardisationOf(block), back),
    ),
  expectedStatistics(
    density: IndependentDensity,
    parameters: IndependentParameters,
    mass: number,
  ): Statistics {
    const { nComponents } = density;
    const { nFeatures, length } = layoutOf(blocks);
    const empty = zeroStatistics(nComponents, length, new Float64Array(nComponents * nFeatures));
    const statistics = mapBlocks(blocks, empty, (block, _own, b) =>
      block.family.expectedStatistics(density.blocks[b], parametersOf(block, parameters), mass),
    );
    return { ...statistics, componentMass: parameters.weights.map((weight) => mass * weight) };
  },
  /** The blocks' densities are under weights of 1. */
  expectedLogDensity(density: IndependentDensity, statistics: Statistics): number {
    let total = 0;
    statistics.componentMass.forEach((mass, k) => {
      total += massTimes(mass, density.logConstants[k]);
    });
    blocks.forEach((block, b) => {
      total += block.family.expectedLogDensity(
        density.blocks[b],
        blockStatistics(block, statistics),
      );
    });
    return total;
  },
});
