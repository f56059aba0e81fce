import { identityStandardisation } from '../data/standardisation.ts';
import type { Columns } from './columns.ts';
import type { Block } from './independent-block.ts';

/** In the tables, shaders/families/independent.wgsl. */
export const KINDS = { linear: 0, quadratic: 1, category: 2 } as const;

/** One statistic of one feature: what the kernel's loop goes over. */
export interface Term {
  readonly kind: keyof typeof KINDS;
  /** Index of the block, the feature within it, and which of the feature's statistics. */
  readonly block: number;
  readonly feature: number;
  readonly statistic: number;
  /** Column of the samples on the device; 'quadratic' takes the next one too, for what float32 rounds off. */
  readonly column: number;
  /** 'category': how many, and where their log-probabilities begin, in vec4s of a component's tables. */
  readonly nCategories: number;
  readonly table: number;
  /** Its first block of sums. */
  readonly firstSums: number;
}

/** How the blocks lie on the device. */
export interface TermLayout {
  readonly terms: readonly Term[];
  /** Numbers a sample has there. */
  readonly encodedColumns: number;
  /** Blocks of sums a component: its mass, one a 'linear' or 'quadratic' term, one for four categories. */
  readonly sumBlocks: number;
  /** vec4s of a component's tables: two a term, one a block of sums, then the categories'. */
  readonly tableVectors: number;
  /** Where the table of the blocks of sums begins. */
  readonly directory: number;
}

export const columnsOf = ({ family }: Block): Columns => family.columns!;

export function layTerms(blocks: readonly Block[]): TermLayout {
  const bare = bareTerms(blocks);
  const vectorsOf = (term: BareTerm): number => Math.ceil(term.nCategories / 4);
  const sumBlocks = bare.reduce((sum, term) => sum + Math.max(1, vectorsOf(term)), 1);
  const directory = 2 * bare.length;
  // block 0 of the sums is the mass
  let firstSums = 1;
  let table = directory + sumBlocks;
  let column = 0;
  const terms = bare.map((term): Term => {
    const vectors = vectorsOf(term);
    const laid = Object.assign(term, { column, table, firstSums });
    column += term.kind === 'quadratic' ? 2 : 1;
    table += vectors;
    firstSums += Math.max(1, vectors);
    return laid;
  });
  return { terms, encodedColumns: column, sumBlocks, tableVectors: table, directory };
}

type BareTerm = Omit<Term, 'column' | 'table' | 'firstSums'>;

function bareTerms(blocks: readonly Block[]): BareTerm[] {
  const terms: BareTerm[] = [];
  blocks.forEach((owner, block) => {
    const { kind, width } = columnsOf(owner);
    const categories = kind === 'category' ? categoriesOf(owner) : undefined;
    for (let feature = 0; feature < owner.width; feature++) {
      const nCategories = categories?.[feature] ?? 0;
      for (let statistic = 0; statistic < width; statistic++) {
        terms.push({ kind, block, feature, statistic, nCategories });
      }
    }
  });
  return terms;
}

/** A family knows its categories: any density has them. */
function categoriesOf(block: Block): Int32Array {
  const { family, width } = block;
  return columnsOf(block).tables(
    family.density(family.neutral(1, width), identityStandardisation(width)),
  ).nCategories;
}
