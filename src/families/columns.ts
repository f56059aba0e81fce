import type { Density } from './family.ts';

/**
 * What a mixture of several families (independent.ts) needs of one whose features are independent given the component, so that
 * one kernel (shaders/families/independent.wgsl) serves all of them. A feature becomes `width` device columns:
 *   'linear'     ln p = constant + sum_s slope_s (T_s(x) - origin_s)                     sums: gamma (T_s - origin_s)
 *   'quadratic'  ln p = constant - (slope (z - origin))^2 / 2                            sums: gamma (z - origin), gamma (z - origin)^2
 *   'category'   ln p = logProbabilities[x]                                              sums: gamma [x = c] for each category c
 * all less ln h(x), and without ln pi_k.
 */
export interface Columns<D extends Density = Density> {
  readonly kind: 'linear' | 'quadratic' | 'category';
  /** Device columns a feature: the number of sufficient statistics ('linear'), else 1. */
  readonly width: number;
  /** Writes the feature's device numbers for one observed value (in the family's coordinates) to `out` at `offset`. */
  encode(value: number, out: Float64Array, offset: number): void;
  tables(density: D): ColumnTables;
  /**
   * Writes what the device summed for one feature into the component's sums, in the family's own layout. `column.first` are
   * sums about the origins in `column.origins`, `observed` the mass of the observed entries.
   */
  collect(column: ColumnSums, feature: number, nFeatures: number, sums: Float64Array): void;
}

/** Tables of K components, D features, float64. */
export interface ColumnTables {
  /** K x D: ln p at the origins ('linear', 'quadratic'); 0 for 'category'. */
  readonly constants: Float64Array;
  /** K x D x width; empty for 'category'. */
  readonly origins: Float64Array;
  readonly slopes: Float64Array;
  /** 'category': K x D x C with C the most categories, and how many each feature has (D). */
  readonly logProbabilities: Float64Array;
  readonly nCategories: Int32Array;
}

/** What the device summed for one feature of one component. */
export interface ColumnSums {
  readonly observed: number;
  /** 'linear', 'quadratic': width numbers. */
  readonly first: ArrayLike<number>;
  readonly origins: ArrayLike<number>;
  /** 'quadratic'. */
  readonly second: number;
  /** 'category': a number a category. */
  readonly counts: ArrayLike<number>;
}
