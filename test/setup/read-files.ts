import { readTables } from '../../src/app/data/read-tables.ts';
import type { Estimate, Limits } from '../../src/app/data/read-tables.ts';
import type { Table, TableColumn } from '../../src/app/data/table.ts';

/** Reads files by name, as the page's worker does. */
export async function readFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  limits?: Limits,
  every = 1,
) {
  const firsts: Table[] = [];
  const estimates: Estimate[] = [];
  const inputs = Object.entries(files).map(([name, content]) => ({
    kind: 'blob' as const,
    name,
    blob: new Blob([content as BlobPart]),
  }));
  const listener = {
    onProgress: () => {},
    onFirst: (table: Table) => firsts.push(table),
    onEstimate: (estimate: Estimate) => {
      estimates.push(estimate);
      return Promise.resolve(every);
    },
  };
  const table = await readTables(inputs, listener, limits);
  return { table, firsts, estimates };
}

export const columnsBy = ({ columns }: Table): Readonly<Record<string, TableColumn>> =>
  Object.fromEntries(columns.map((column) => [column.name, column]));

/** Of numbers the numbers, of words the words; undefined where missing. */
export const cellsOf = ({ values, categories }: TableColumn): (number | string | undefined)[] =>
  Array.from(values, (value) =>
    categories ? categories[value] : Number.isNaN(value) ? undefined : value,
  );
