import type { Samples } from '../data/samples.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from './family.ts';
import type { Block } from './independent-block.ts';

const EXAMPLE = "independent({ age: poisson(), score: gaussian({ covarianceType: 'diag' }) })";

/** @throws MixtureError INVALID_OPTION for no blocks, an empty name, or a value that is no family */
export function checkBlocks(blocks: Readonly<Record<string, Family>>): void {
  const entries = typeof blocks === 'object' && blocks !== null ? Object.entries(blocks) : [];
  if (entries.length === 0) {
    throw new MixtureError(
      'INVALID_OPTION',
      'A mixture of several families needs at least one block.',
      `Name the blocks in the order of their columns: ${EXAMPLE}.`,
      { option: 'blocks' },
    );
  }
  for (const [name, family] of entries) {
    // a dot parts the block's name from its array's
    if (name === '' || name.includes('.')) {
      throw new MixtureError(
        'INVALID_OPTION',
        `A block cannot be named "${name}".`,
        'Use a name that is not empty and has no dot: parameters are named block.array.',
        { option: 'blocks', block: name },
      );
    }
    if (typeof (family as Partial<Family> | null | undefined)?.logDensity !== 'function') {
      throw new MixtureError(
        'INVALID_OPTION',
        `Block "${name}" is no family.`,
        `Call the family's function: ${EXAMPLE}.`,
        { option: 'blocks', block: name },
      );
    }
  }
}

/**
 * The samples have as many columns as the blocks, and none that bears another block's name.
 * @throws MixtureError INVALID_OPTION, INVALID_SAMPLES
 */
export function checkColumns(
  blocks: readonly Block[],
  nFeatures: number,
  { nFeatures: given, columnNames }: Samples,
): void {
  if (given !== nFeatures) {
    const widths = blocks.map(({ name, width }) => `${name} ${width}`).join(', ');
    throw new MixtureError(
      'INVALID_OPTION',
      `The blocks take ${nFeatures} columns (${widths}), but the samples have ${given}.`,
      'Give a block as many columns as it is made for: bernoulli(4) takes four.',
      { nFeatures: given, blocks: nFeatures },
    );
  }
  const names = new Set(blocks.map(({ name }) => name));
  for (const { name, first, width } of blocks) {
    const column = columnNames?.[first];
    if (width !== 1 || column === undefined || column === name || !names.has(column)) continue;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Block "${name}" would take column ${first}, which is named "${column}" like another block.`,
      'Give blocks and columns in one order: blocks take the columns as they come, whatever the names.',
      { block: name, column: first, name: column },
    );
  }
}

/** Says which block an error comes from. */
export function inBlock<T>({ name }: Block, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    const { code, message, hint, details } = error;
    throw new MixtureError(
      code,
      `Block "${name}": ${message}`,
      hint,
      { ...details, block: name },
      error,
    );
  }
}
