import type { CsvSamples } from '../io/csv.ts';

/** What is told of the samples of a file, whether they are in memory or not. */
export interface TableFacts extends Pick<
  CsvSamples,
  'columnNames' | 'categories' | 'missing' | 'skippedColumns'
> {
  readonly samples: Pick<CsvSamples['samples'], 'nSamples' | 'nFeatures'>;
}
