import type { SourceData } from '../../src/app/data/source-data.ts';

/** Rows as a part of the page gets them. */
export function dataOf(rows: readonly (readonly number[])[]): SourceData {
  const nFeatures = rows[0].length;
  return {
    name: 'rows',
    samples: { data: Float64Array.from(rows.flat()), nSamples: rows.length, nFeatures },
    featureNames: Array.from({ length: nFeatures }, (_, d) => `f${d}`),
    columns: [],
    nMissing: rows.flat().filter(Number.isNaN).length,
    standardised: undefined,
    origin: { kind: 'file', fileNames: ['rows.csv'], columns: [] },
    note: '',
    nComponents: 2,
    initParams: 'k-means++',
  };
}
