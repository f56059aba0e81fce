import type { Columns } from './columns.ts';
import { constantAt, devicePoint, sumFromOrigin } from './exponential-family-device.ts';
import type { ExponentialDensity, SufficientStatistics } from './exponential-family-density.ts';

/** A family's part in a mixture of several: slopes are eta (-Infinity where a T above 0 is impossible), origins near E[T]. */
export function exponentialColumns(
  sufficientStatistics: SufficientStatistics,
  nStatistics: number,
  nonNegative: boolean,
): Columns<ExponentialDensity> {
  return {
    kind: 'linear',
    width: nStatistics,
    encode: sufficientStatistics,
    tables(density) {
      const { natural, means, nComponents, nFeatures } = density;
      const origins = means.map((mean, j) => devicePoint(mean, natural[j], nonNegative).t);
      const constants = Float64Array.from({ length: nComponents * nFeatures }, (_, i) =>
        constantAt(density, i, (s) => origins[i * nStatistics + s]),
      );
      return {
        constants,
        origins,
        slopes: natural,
        logProbabilities: new Float64Array(0),
        nCategories: new Int32Array(0),
      };
    },
    collect({ first, origins, observed }, feature, _nFeatures, sums) {
      for (let s = 0; s < nStatistics; s++) {
        sums[feature * nStatistics + s] = sumFromOrigin(
          first[s],
          origins[s],
          observed,
          nonNegative,
        );
      }
    },
  };
}
