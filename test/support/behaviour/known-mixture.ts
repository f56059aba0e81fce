import { GaussianMixture } from '../../../src/index.ts';

/** A mixture in the plane with known parameters. */
export function knownMixture(
  covarianceType: 'full' | 'tied' | 'diag' | 'spherical',
): GaussianMixture {
  const matrix = [
    [2, 0.8],
    [0.8, 1],
  ];
  return GaussianMixture.fromScikitLearn({
    covariance_type: covarianceType,
    weights_: [0.25, 0.75],
    means_: [
      [1, 2],
      [-4, 5],
    ],
    covariances_: {
      full: [
        matrix,
        [
          [1, 0],
          [0, 3],
        ],
      ],
      tied: matrix,
      diag: [
        [2, 1],
        [1, 3],
      ],
      spherical: [2, 0.5],
    }[covarianceType],
  });
}
