import type { TableLabel } from './assemble.ts';
import type { Choice } from './choice.ts';
import type { BuiltInFile } from './data-sources.ts';
import type { Input } from './open-bytes.ts';
import type { SourceData } from './source-data.ts';
import { N_CLUMPS } from './synthetic.ts';
import type { Synthetic } from './synthetic.ts';
import type { Table } from './table.ts';

/** A choice that an address or a data set of the menu makes. */
export type Wanted = { readonly columns?: readonly string[] | undefined } & Partial<
  Omit<Choice, 'columns'>
>;

/** Something that is read into a table. */
export interface TableSource extends TableLabel {
  readonly id: string;
  /** In the menu. */
  readonly label: string;
  /** The visitor's, and so with its progress shown. */
  readonly isOwn: boolean;
  readonly inputs: readonly Input[];
  readonly wanted: Wanted;
  /** The table with the names that its columns go by here. */
  named(table: Table): Table;
}

const OWN = {
  isOwn: true,
  wanted: {},
  about: '',
  nComponents: 3,
  initParams: 'k-means++',
  named: (table: Table) => table,
} as const;

/** Several files are one table. */
export function ownFiles(files: readonly File[]): TableSource {
  const fileNames = files.map((file) => file.name);
  const name = withoutEnding(fileNames[0]);
  const label = files.length === 1 ? name : `${name} and ${files.length - 1} more`;
  return {
    ...OWN,
    id: `file ${fileNames.join(', ')}`,
    label,
    name,
    inputs: files.map((file) => ({ kind: 'blob', name: file.name, blob: file })),
    origin: (columns) => ({ kind: 'file', fileNames, columns }),
  };
}

let nPasted = 0;

export function ownText(text: string): TableSource {
  const name = nPasted++ === 0 ? 'pasted' : `pasted-${nPasted}`;
  return {
    ...OWN,
    id: name,
    label: name,
    name,
    inputs: [{ kind: 'blob', name: 'The pasted text', blob: new Blob([text]) }],
    origin: (columns) => ({ kind: 'file', fileNames: [`${name}.csv`], columns, isPasted: true }),
  };
}

export function ownUrl(url: string): TableSource {
  const file = decoded(/([^/?#]*)(?:[?#].*)?$/.exec(url)?.[1] ?? '') || url;
  const name = withoutEnding(file);
  return {
    ...OWN,
    id: url,
    label: name,
    name,
    inputs: [{ kind: 'url', name: file, url }],
    origin: (columns) => ({ kind: 'url', url, columns }),
  };
}

/**
 * Starts from random samples that reach the best maximum in 52 and 29 iterations, long enough to see the components move. (From
 * k-means++ it takes 6; of ten million the start is k-means++, since no other was tried.)
 */
const WORTH_WATCHING: Readonly<Record<string, Pick<SourceData, 'initParams' | 'seed'>>> = {
  'synthetic-100k': { initParams: 'random_from_data', seed: 44 },
  'synthetic-1m': { initParams: 'random_from_data', seed: 8 },
};

/** A file of the page's own. */
export function fileSource(entry: BuiltInFile): TableSource {
  const { id, label, name, about, columnNames, choice = {}, nComponents, initParams } = entry;
  // (as the worker's own address is another)
  const url = new URL(entry.url, document.baseURI).href;
  return {
    id,
    label,
    name,
    about,
    nComponents,
    initParams,
    isOwn: false,
    wanted: choice,
    inputs: [{ kind: 'url', name, url }],
    origin: (columns) => ({ kind: 'built-in', id, columns }),
    named(table) {
      if (!columnNames) return table;
      const columns = table.columns.map((column, c) => ({ ...column, name: columnNames[c] }));
      return { ...table, columns };
    },
  };
}

export function mixtureData(id: string, samples: Synthetic): SourceData {
  const size = samples.nSamples.toLocaleString('en-US');
  return {
    name: 'synthetic',
    samples,
    featureNames: ['x', 'y'],
    columns: [],
    nMissing: 0,
    standardised: undefined,
    origin: { kind: 'built-in', id },
    note: `${size} samples drawn from ${N_CLUMPS} Gaussians of different shape, the same ones every time.`,
    nComponents: N_CLUMPS,
    ...(WORTH_WATCHING[id] ?? { initParams: 'k-means++' }),
  };
}

/** As it is where a percent sign in it begins no escape. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function withoutEnding(name: string): string {
  return name.replace(/(\.(csv|tsv|txt))?\.gz$/i, '').replace(/\.[^.]*$/, '') || name;
}
