import type { Columns } from './columns.ts';
import type { GaussianDensity } from './gaussian.ts';

/** The part of a Gaussian with independent features in a mixture of several families. */
export const diagonalColumns: Columns<GaussianDensity> = {
  kind: 'quadratic',
  width: 1,
  encode(value, out, offset) {
    out[offset] = value;
  },
  tables(density) {
    const { nComponents, nFeatures, means, whitening, whiteningStride, featureConstants } = density;
    // a row for each component where all share one
    const rows = (values: Float64Array): Float64Array =>
      Float64Array.from(
        { length: nComponents * nFeatures },
        (_, i) => values[Math.floor(i / nFeatures) * whiteningStride + (i % nFeatures)],
      );
    return {
      constants: rows(featureConstants!),
      origins: means,
      slopes: rows(whitening),
      logProbabilities: new Float64Array(0),
      nCategories: new Int32Array(0),
    };
  },
  // the sums stay about the device's origins, which are then the statistics' own
  collect(column, feature, nFeatures, sums) {
    sums[feature] = column.first[0]!;
    sums[nFeatures + feature] = column.second;
  },
};
