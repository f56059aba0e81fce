import { across, exp, LEAST_EXPONENT, log, splat } from './math.as';
import {
  addEntropy, addLogLikelihood, cutoff, hard, inverse, inverseTemperature, joint, laneWeights, mass, nComponents,
  ROW, tile,
} from './state.as';

/** Bytes from one component's joint densities of a tile to the next's. */
// @ts-ignore: decorator
@inline
function line(): usize {
  return <usize>tile << 3;
}

/** max_k a_nk of two samples; 0 where that is -Infinity, so that a_nk less it is no NaN. */
// @ts-ignore: decorator
@inline
function finite(maximum: v128): v128 {
  return v128.bitselect(f64x2.splat(0), maximum, f64x2.eq(maximum, f64x2.splat(-Infinity)));
}

/** max_k of two samples at `at` (the first component's). */
// @ts-ignore: decorator
@inline
function largest(at: usize): v128 {
  let maximum = v128.load(at);
  const end = at + <usize>nComponents * line();
  for (let k = at + line(); k < end; k += line()) maximum = f64x2.pmax(maximum, v128.load(k));
  return maximum;
}

/** exp, where a pair of samples is not far below: most are, as soon as components are apart. */
// @ts-ignore: decorator
@inline
function expOf(x: v128): v128 {
  return v128.any_true(f64x2.gt(x, f64x2.splat(LEAST_EXPONENT))) ? exp(x) : f64x2.splat(0);
}

/**
 * a_nk of a tile become weighted responsibilities s_n gamma_nk; the log-likelihood and the masses gain theirs (responsibilities.ts,
 * `settle`).
 */
export function settleTile(): void {
  if (hard) settleHard();
  else settleSoft();
}

function settleSoft(): void {
  const end = <usize>tile << 3;
  const components = <usize>nComponents * line();
  const beta = f64x2.splat(inverseTemperature);
  const annealed = inverseTemperature != 1;
  let total = f64x2.splat(0);
  for (let n: usize = 0; n < end; n += 16) {
    const at = joint + n;
    if (annealed) {
      for (let k: usize = 0; k < components; k += line()) {
        v128.store(at + k, f64x2.mul(v128.load(at + k), beta));
      }
    }
    const maximum = finite(largest(at));
    let sum = f64x2.splat(0);
    for (let k: usize = 0; k < components; k += line()) {
      const e = expOf(f64x2.sub(v128.load(at + k), maximum));
      v128.store(at + k, e);
      sum = f64x2.add(sum, e);
    }
    const weight = v128.load(laneWeights + n);
    const share = f64x2.mul(weight, f64x2.add(maximum, log(sum)));
    total = f64x2.add(total, v128.and(share, f64x2.gt(weight, f64x2.splat(0))));
    const possible = f64x2.gt(sum, f64x2.splat(0));
    v128.store(inverse + n, v128.and(f64x2.div(weight, sum), possible));
  }
  addLogLikelihood(across(total) / inverseTemperature);
  const least = f64x2.splat(cutoff);
  for (let k = 0; k < nComponents; k++) {
    const row = joint + <usize>k * line();
    let gained = f64x2.splat(0);
    for (let n: usize = 0; n < end; n += 16) {
      const e = v128.load(row + n);
      const r = f64x2.mul(e, v128.load(inverse + n));
      gained = f64x2.add(gained, r);
      v128.store(row + n, v128.and(r, f64x2.ge(e, least)));
    }
    const own = mass + (<usize>k << 3);
    store<f64>(own, load<f64>(own) + across(gained));
  }
}

function settleHard(): void {
  for (let n = 0; n < tile; n++) {
    const at = joint + (<usize>n << 3);
    const weight = load<f64>(laneWeights + (<usize>n << 3));
    let best = 0;
    let most = load<f64>(at);
    for (let k = 1; k < nComponents; k++) {
      const value = load<f64>(at + <usize>k * line());
      if (value > most) {
        most = value;
        best = k;
      }
    }
    const possible = most > -Infinity;
    for (let k = 0; k < nComponents; k++) {
      store<f64>(at + <usize>k * line(), possible && k == best ? weight : 0);
    }
    if (weight > 0) {
      addLogLikelihood(weight * most);
      if (possible) {
        const own = mass + (<usize>best << 3);
        store<f64>(own, load<f64>(own) + weight);
      }
    }
  }
}

/** ln p(x_n) of a tile at `inverse`, -Infinity where no component can have made the sample. `joint` stays. */
export function scoreTile(): void {
  const end = <usize>tile << 3;
  const components = <usize>nComponents * line();
  for (let n: usize = 0; n < end; n += 16) {
    const at = joint + n;
    const maximum = finite(largest(at));
    let sum = f64x2.splat(0);
    for (let k: usize = 0; k < components; k += line()) {
      sum = f64x2.add(sum, expOf(f64x2.sub(v128.load(at + k), maximum)));
    }
    v128.store(inverse + n, f64x2.add(maximum, log(sum)));
  }
}

/** The log-likelihood and -sum_n s_n sum_k gamma_nk ln gamma_nk of a tile whose scores are at `inverse`. */
export function measureTile(): void {
  const zero = f64x2.splat(0);
  let total = zero;
  let entropy = zero;
  for (let n: usize = 0; n < <usize>tile << 3; n += 16) {
    const weight = v128.load(laneWeights + n);
    const counts = f64x2.gt(weight, zero);
    const score = v128.load(inverse + n);
    total = f64x2.add(total, v128.and(f64x2.mul(weight, score), counts));
    let own = zero;
    for (let k = 0; k < nComponents; k++) {
      const logarithm = f64x2.sub(v128.load(joint + n + <usize>k * line()), score);
      const r = expOf(logarithm);
      // 0 ln 0 is 0; an impossible sample has no logarithms
      own = f64x2.add(own, v128.and(f64x2.mul(r, logarithm), f64x2.gt(r, zero)));
    }
    entropy = f64x2.sub(entropy, v128.and(f64x2.mul(weight, own), counts));
  }
  addLogLikelihood(across(total));
  addEntropy(across(entropy));
}
