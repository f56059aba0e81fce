import type { MclustFixture } from './mclust-fixtures.ts';
import type { FlatParameters } from './parameter-differences.ts';

/**
 * ln p(theta) of Fraley and Raftery's conjugate prior, without its constant: normal(mu_P, Sigma / kappa) on each mean and inverse
 * Wishart(nu, Lambda) on each covariance (full), on the shared one (tied), inverse gamma(nu / 2, Lambda / 2) on each variance (diag)
 * or each component's (spherical). Its modes are the M-steps of test/fixtures/README.md.
 */
export function mclustLogPrior(
  { means, covariances }: FlatParameters,
  { prior, covarianceType, nComponents, nFeatures }: MclustFixture,
): number {
  const { kappa, mean, dof, scale } = prior!;
  const residual = (k: number): Float64Array =>
    Float64Array.from(mean, (value, d) => means[k * nFeatures + d] - value);
  const components = [...Array(nComponents).keys()];
  if (covarianceType === 'diag' || covarianceType === 'spherical') {
    const perFeature = covarianceType === 'diag';
    return sum(
      components.map((k) => {
        const squares = residual(k).map((step) => step * step);
        if (!perFeature) {
          const variance = covariances[k];
          const spread = (scale as number) + kappa * sum(squares);
          return -((dof + nFeatures + 2) * Math.log(variance) + spread / variance) / 2;
        }
        return sum(
          squares.map((square, d) => {
            const variance = covariances[k * nFeatures + d];
            const spread = (scale as number) + kappa * square;
            return -((dof + 3) * Math.log(variance) + spread / variance) / 2;
          }),
        );
      }),
    );
  }
  const Lambda = typeof scale === 'number' ? [scale] : scale;
  const size = nFeatures * nFeatures;
  const factors = Array.from({ length: covarianceType === 'tied' ? 1 : nComponents }, (_, k) =>
    cholesky(
      Array.from({ length: size }, (_, i) => covariances[k * size + i]),
      nFeatures,
    ),
  );
  const means2 = components.map((k) =>
    quadraticForm(factors[k % factors.length], residual(k), nFeatures),
  );
  const perCovariance = dof + nFeatures + 1 + nComponents / factors.length;
  const covarianceTerms = factors.map((factor) => {
    let logDeterminant = 0;
    let trace = 0;
    const root = cholesky(Lambda, nFeatures);
    for (let d = 0; d < nFeatures; d++) {
      logDeterminant += 2 * Math.log(factor[d * nFeatures + d]);
      // Lambda = R R': tr(Lambda S^-1) is the sum of r' S^-1 r over the columns r of R
      const column = Float64Array.from(
        { length: nFeatures },
        (_, row) => root[row * nFeatures + d],
      );
      trace += quadraticForm(factor, column, nFeatures);
    }
    return perCovariance * logDeterminant + trace;
  });
  return -(sum(covarianceTerms) + kappa * sum(means2)) / 2;
}

/** Lower-triangular factor of a D x D matrix. */
function cholesky(matrix: readonly number[], size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column];
      for (let e = 0; e < column; e++) rest -= factor[row * size + e] * factor[column * size + e];
      factor[row * size + column] =
        row === column ? Math.sqrt(rest) : rest / factor[column * size + column];
    }
  }
  return factor;
}

/** v' S^-1 v from the factor of S. */
function quadraticForm(factor: Float64Array, vector: Float64Array, size: number): number {
  const solved = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let rest = vector[row];
    for (let e = 0; e < row; e++) rest -= factor[row * size + e] * solved[e];
    solved[row] = rest / factor[row * size + row];
  }
  return sum(solved.map((value) => value * value));
}

function sum(values: ArrayLike<number>): number {
  return Array.prototype.reduce.call(values, (a, b) => (a as number) + (b as number), 0) as number;
}
