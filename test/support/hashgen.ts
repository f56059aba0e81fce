/**
 * The synthetic data of the fixtures ("hashgen-1"): every number is a hash of (seed, stream, index), so the same bits come
 * out in any language and in any order. test/fixtures/scripts/gen.py holds the definition; the SHA-256 of each data set is
 * in its fixture and checked by `loadSamples`.
 */
export interface HashgenSpec {
  readonly seed: number;
  readonly n: number;
  readonly k: number;
  readonly d: number;
  readonly kind: 'full' | 'tied' | 'diag' | 'spherical';
  /** Means are uniform in [-sep, sep]. */
  readonly sep: number;
  /** Bound of the off-diagonal entries of a component's factor. */
  readonly corr: number;
  /** Range of the diagonal entries of a component's factor. */
  readonly smin: number;
  readonly smax: number;
}

const STREAM = { radius: 1, angle: 2, weight: 3, component: 4, mean: 5, factor: 6 } as const;

/** A number in (0, 1) for each index of a stream: 32 bits and a half. */
export function uniform(seed: number, stream: number, index: number): number {
  return (hash(seed, stream, index) + 0.5) / 4294967296;
}

/** N x D row-major samples, multiples of 2^-16, and the component that each came from. */
export function hashgen(spec: HashgenSpec): { data: Float64Array; labels: Int32Array } {
  const { seed, n: nSamples, k: nComponents, d: nFeatures, sep } = spec;
  const triangular = spec.kind === 'full' || spec.kind === 'tied';
  const weights = Array.from(
    { length: nComponents },
    (_, k) => 1 + (hash(seed, STREAM.weight, k) & 7),
  );
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const means = Float64Array.from(
    { length: nComponents * nFeatures },
    (_, i) => sep * (2 * uniform(seed, STREAM.mean, i) - 1),
  );
  const factors = factorsOf(spec);
  const data = new Float64Array(nSamples * nFeatures);
  const labels = new Int32Array(nSamples);
  const normals = new Float64Array(nFeatures);
  for (let sample = 0; sample < nSamples; sample++) {
    const position = uniform(seed, STREAM.component, sample) * totalWeight;
    let component = 0;
    for (let end = weights[0]; position >= end; end += weights[component]) component++;
    labels[sample] = component;
    for (let d = 0; d < nFeatures; d++) {
      const index = sample * nFeatures + d;
      normals[d] =
        Math.sqrt(-2 * Math.log(uniform(seed, STREAM.radius, index))) *
        Math.cos(2 * Math.PI * uniform(seed, STREAM.angle, index));
      const row = (component * nFeatures + d) * nFeatures;
      let value = means[component * nFeatures + d];
      for (let e = triangular ? 0 : d; e <= d; e++) value += factors[row + e] * normals[e];
      // a grid of 2^-16 hides last-bit differences between implementations of log and cos
      data[index] = Math.floor(value * 65536 + 0.5) / 65536;
    }
  }
  return { data, labels };
}

/** Lower-triangular factors A of the covariances A A', K x D x D. */
function factorsOf({ seed, k, d: size, kind, corr, smin, smax }: HashgenSpec): Float64Array {
  const factors = new Float64Array(k * size * size);
  for (let component = 0; component < k; component++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        const source = kind === 'tied' ? 0 : component;
        const at = (component * size + row) * size + column;
        const from = (source * size + row) * size + column;
        if (row !== column) {
          if (kind === 'full' || kind === 'tied') {
            factors[at] = corr * (2 * uniform(seed, STREAM.factor, from) - 1);
          }
        } else {
          const diagonal = kind === 'spherical' ? component * size * size : from;
          factors[at] = smin + (smax - smin) * uniform(seed, STREAM.factor, diagonal);
        }
      }
    }
  }
  return factors;
}

function hash(seed: number, stream: number, index: number): number {
  const key = permute((seed + Math.imul(0x9e3779b9, stream)) >>> 0);
  return permute((permute(index >>> 0) + key) >>> 0);
}

/** The output permutation of a 32-bit PCG (RXS-M-XS) after one step of its congruential generator. */
function permute(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul(((state >>> ((state >>> 28) + 4)) ^ state) >>> 0, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}
