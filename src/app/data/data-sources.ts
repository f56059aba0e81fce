import type { InitParams } from '../../index.ts';
import type { Choice } from './choice.ts';
import faithful from './faithful.csv?url&no-inline';
import earthquakes from './samples/earthquakes.csv?url&no-inline';
import iris from './samples/iris.csv?url&no-inline';
import penguins from './samples/penguins.csv?url&no-inline';

/** A data set of the menu. */
export type BuiltIn = BuiltInFile | BuiltInMixture;

interface BuiltInEntry {
  readonly id: string;
  readonly label: string;
  /** The menu's heading over it. */
  readonly group: string;
}

/** A file of the page's own, read as a visitor's is. */
export interface BuiltInFile extends BuiltInEntry {
  readonly url: string;
  readonly name: string;
  /** A sentence on what it is. */
  readonly about: string;
  /** Names of its columns in place of the file's. */
  readonly columnNames?: readonly string[];
  readonly choice?: { readonly columns: readonly string[] } & Partial<Omit<Choice, 'columns'>>;
  readonly nComponents: number;
  readonly initParams: InitParams;
}

/** The synthetic mixture of that size. */
export interface BuiltInMixture extends BuiltInEntry {
  readonly nSamples: number;
}

const REAL = 'Real';

const FILES: readonly BuiltInFile[] = [
  {
    id: 'faithful',
    label: 'Old Faithful eruptions (272)',
    group: REAL,
    url: faithful,
    name: 'old-faithful',
    about:
      'Old Faithful, Yellowstone: how long the geyser erupts, and how long until it erupts again.',
    columnNames: ['eruption (minutes)', 'wait to the next (minutes)'],
    nComponents: 2,
    // both components begin as the whole and come apart: slow, and so worth watching
    initParams: 'random',
  },
  {
    id: 'penguins',
    label: 'Palmer penguins (344)',
    group: REAL,
    url: penguins,
    name: 'penguins',
    about: 'Penguins of the Palmer Archipelago (Gorman, Williams and Fraser 2014; CC0).',
    choice: {
      columns: ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g'],
    },
    nComponents: 3,
    initParams: 'k-means++',
  },
  {
    id: 'earthquakes',
    label: 'Earthquakes of a week (1,707)',
    group: REAL,
    url: earthquakes,
    name: 'earthquakes',
    about:
      'All earthquakes that the U.S. Geological Survey listed in the first week of February 2018.',
    choice: { columns: ['longitude', 'latitude'] },
    nComponents: 8,
    initParams: 'k-means++',
  },
  {
    id: 'iris',
    label: 'Iris flowers (150)',
    group: REAL,
    url: iris,
    name: 'iris',
    about: 'Sepals and petals of three kinds of iris (Fisher 1936).',
    nComponents: 3,
    initParams: 'k-means++',
  },
];

/** Sizes by the ends of their ids. */
const SIZES: Readonly<Record<string, number>> = { '100k': 1e5, '1m': 1e6, '10m': 1e7 };

/** The menu on this device: no more samples than it fits while one watches. */
export function builtIns(kind: 'hardware' | 'software' | 'cpu'): BuiltIn[] {
  const most = kind === 'hardware' ? 1e7 : 1e6;
  const sizes = Object.entries(SIZES).filter(([, nSamples]) => nSamples <= most);
  return [...FILES, ...sizes.map(([ending, nSamples]) => mixture(`synthetic-${ending}`, nSamples))];
}

/** By the id that is in the menu, or would be on another device; "synthetic" is of the size that suits this one. */
export function builtIn(id: string, kind: 'hardware' | 'software' | 'cpu'): BuiltIn | undefined {
  const ending = id === 'synthetic' ? (kind === 'hardware' ? '1m' : '100k') : id.slice(10);
  if (!id.startsWith('synthetic')) return FILES.find((entry) => entry.id === id);
  return ending in SIZES ? mixture(`synthetic-${ending}`, SIZES[ending]) : undefined;
}

function mixture(id: string, nSamples: number): BuiltInMixture {
  const label = `${nSamples.toLocaleString('en-US')} samples`;
  return { id, label, group: 'Synthetic mixture', nSamples };
}
