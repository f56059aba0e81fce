import type { Standardisation } from '../data/standardisation.ts';
import type { Family } from './family.ts';
import { layBlocks, type Block } from './independent-block.ts';

/** What `settings` says of one block. */
interface BlockSettings {
  readonly name: string;
  /** Columns. */
  readonly width: number;
  readonly family: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** As `Standardisation`; numbers that JSON holds exactly. */
  readonly standardisation?: {
    readonly means: readonly number[];
    readonly scales: readonly number[];
    readonly constantColumns: readonly number[];
    readonly largest: number;
  };
}

/** Everything that the blocks are made from again, as JSON. */
export function settingsOf(blocks: readonly Block[]): Readonly<Record<string, unknown>> {
  const saved = blocks.map(({ name, width, family, standardisation }): BlockSettings => {
    const block = { name, width, family: family.name, settings: family.settings };
    if (!standardisation) return block;
    const { means, scales, constantColumns, largest } = standardisation;
    return {
      ...block,
      standardisation: { means: [...means], scales: [...scales], constantColumns, largest },
    };
  });
  // an empty prior of its own, so that the blocks' are read
  const prior = blocks.some(({ family }) => family.settings['prior'] !== undefined);
  const nFeatures = blocks.reduce((sum, { width }) => sum + width, 0);
  return { nFeatures, blocks: saved, ...(prior && { prior: {} }) };
}

/** @param make a block's family from its name and settings */
export function blocksFromSettings(
  settings: Readonly<Record<string, unknown>>,
  make: (name: string, settings: Readonly<Record<string, unknown>>) => Family,
): Block[] {
  const saved = settings['blocks'] as readonly BlockSettings[];
  return layBlocks(
    saved.map(({ name, width, family, settings, standardisation }) => ({
      name,
      width,
      family: make(family, settings),
      standardisation: standardisation && readStandardisation(standardisation),
    })),
  );
}

function readStandardisation({
  means,
  scales,
  constantColumns,
  largest,
}: NonNullable<BlockSettings['standardisation']>): Standardisation {
  return {
    means: Float64Array.from(means),
    scales: Float64Array.from(scales),
    constantColumns,
    emptyColumns: [],
    largest,
    logScale: scales.reduce((sum, scale) => sum + Math.log(scale), 0),
  };
}
