import type { Support } from './family.ts';
import type { Block } from './independent-block.ts';

/** A support that differs from column to column says so of each. */
export interface ColumnSupport extends Support {
  /** Completes "the support of the column is ...". */
  describe(column: number): string;
}

/** Each column has its block's support, and says whose it is. */
export function supportOf(blocks: readonly Block[]): ColumnSupport {
  const owners = blocks.flatMap((block) => new Array<Block>(block.width).fill(block));
  return {
    description: `that of each block's family: ${blocks
      .map(({ name, family }) => `${name}, ${family.support.description}`)
      .join('; ')}`,
    describe(column) {
      const { name, family, first } = owners[column];
      const { support } = family;
      const own = (support as Partial<ColumnSupport>).describe?.(column - first);
      return `${own ?? support.description} (block "${name}", ${family.name})`;
    },
    has(value, column) {
      const { family, first } = owners[column];
      return family.support.has(value, column - first);
    },
    example: blocks[0].family.support.example,
  };
}
