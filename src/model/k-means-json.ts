import { MixtureError } from '../errors.ts';
import { nest, readArray } from './arrays.ts';
import { finiteOrNull, parseModel, readNames, requireFormat } from './json.ts';
import type { KMeans } from './k-means.ts';
import { UNFITTED_K_MEANS, type KMeansRecord } from './k-means-options.ts';

const FORMAT = 'webgpu-em/k-means';

/** What `KMeans.toJSON` writes: version 1. */
export interface PlainKMeans {
  /** 'webgpu-em/k-means'. */
  readonly format: string;
  /** 1. */
  readonly version: number;
  /** K x D, nested. */
  readonly clusterCenters: unknown[];
  /** The fit's; null where it is not known. */
  readonly inertia: number | null;
  /** Iterations of the fit. */
  readonly nIter: number;
  /** Whether it came to rest before `maxIter`. */
  readonly converged: boolean;
  /** Where the samples had names. */
  readonly columnNames?: readonly string[];
}

export function toPlainKMeans(fitted: KMeans): PlainKMeans {
  return {
    format: FORMAT,
    version: 1,
    clusterCenters: nest(fitted.clusterCenters, [fitted.nClusters, fitted.nFeatures]),
    inertia: finiteOrNull(fitted.inertia),
    nIter: fitted.nIter,
    converged: fitted.converged,
    ...(fitted.columnNames && { columnNames: fitted.columnNames }),
  };
}

/** @throws MixtureError INVALID_MODEL naming what is missing or wrong */
export function fromPlainKMeans(json: unknown): {
  centers: Float64Array;
  nFeatures: number;
  record: KMeansRecord;
} {
  const plain = parseModel(json);
  requireFormat(plain, FORMAT, 'k-means of this library');
  const rows = plain['clusterCenters'];
  const nFeatures = Array.isArray(rows) && Array.isArray(rows[0]) ? rows[0].length : 0;
  if (!Array.isArray(rows) || nFeatures === 0) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The model has no clusterCenters.',
      'Pass what toJSON() gave.',
    );
  }
  const number = (name: string, missing: number): number =>
    typeof plain[name] === 'number' ? plain[name] : missing;
  return {
    centers: readArray(rows, [rows.length, nFeatures], 'clusterCenters', 'INVALID_MODEL'),
    nFeatures,
    record: {
      ...UNFITTED_K_MEANS,
      inertia: number('inertia', Infinity),
      nIter: number('nIter', 0),
      converged: plain['converged'] === true,
      columnNames: readNames(plain['columnNames']),
    },
  };
}
