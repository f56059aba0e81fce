import { readCsv } from '../../io/csv.ts';
import type { SourceData } from './source-data.ts';
import faithful from './faithful.csv?raw';
import { clumps, N_CLUMPS } from './synthetic.ts';

/** A data set of the menu; `read` may take a moment. */
export interface BuiltIn {
  id: string;
  label: string;
  read(): SourceData;
}

/** The menu. `nSynthetic`: how many samples the synthetic mixture has on this device. */
export function builtIns(nSynthetic: number): BuiltIn[] {
  const size = nSynthetic.toLocaleString('en-US');
  return [
    { id: 'faithful', label: 'Old Faithful eruptions (272)', read: oldFaithful },
    {
      id: 'synthetic',
      label: `Synthetic mixture (${size})`,
      read: () => ({
        name: 'synthetic',
        samples: clumps(nSynthetic, 1),
        featureNames: ['x', 'y'],
        columns: [],
        nMissing: 0,
        standardised: undefined,
        origin: { kind: 'built-in', id: 'synthetic' },
        note: `${size} samples drawn from ${N_CLUMPS} Gaussians of different shape, the same ones every time.`,
        nComponents: N_CLUMPS,
        initParams: 'k-means++',
      }),
    },
  ];
}

function oldFaithful(): SourceData {
  return {
    ...fromCsv(faithful, 'old-faithful.csv'),
    featureNames: ['eruption (minutes)', 'wait to the next (minutes)'],
    origin: { kind: 'built-in', id: 'faithful' },
    note: 'Old Faithful, Yellowstone: how long the geyser erupts, and how long until it erupts again.',
    nComponents: 2,
    // both components begin as the whole and come apart: slow, and so worth watching
    initParams: 'random',
  };
}

/**
 * Reads a file of the user's.
 * @throws MixtureError naming line and column of what cannot be read
 */
export async function readFile(file: File): Promise<SourceData> {
  return fromCsv(new Uint8Array(await file.arrayBuffer()), file.name);
}

function fromCsv(text: string | Uint8Array, fileName: string): SourceData {
  const { samples, columnNames, skippedColumns } = readCsv(text);
  const skipped = skippedColumns.map(({ name, reason }) => `${name}: ${reason}`);
  return {
    name: fileName.replace(/\.[^.]*$/, ''),
    samples,
    featureNames: columnNames,
    columns: [],
    nMissing: 0,
    standardised: undefined,
    origin: { kind: 'file', fileName, columns: columnNames },
    note: skipped.length === 0 ? '' : `Left out, as not numeric: ${skipped.join('; ')}.`,
    nComponents: Math.min(3, samples.nSamples),
    initParams: 'k-means++',
  };
}
