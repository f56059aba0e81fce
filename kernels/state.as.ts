/**
 * Where everything lies in this instance's memory, set by the host (src/cpu/memory.ts) before a pass. Pointers are bytes; numbers are
 * float64 unless said otherwise. A tile is TILE consecutive samples, in blocks of eight: feature d of sample s of a block at d * 8 + s,
 * so that a vector holds one feature of two samples and nothing is ever summed across a vector but once a tile.
 */

/** Bytes of one feature of a block of eight. */
export const ROW: usize = 64;

// the samples of this shard
export let samples: usize = 0;
/** 4 (float32) or 8 a number; 0 where the samples are bits, `words` 32-bit words each. */
export let sampleBytes: i32 = 4;
export let words: i32 = 0;
/** One each, 0 without. */
export let weights: usize = 0;
export let means: usize = 0;
export let scales: usize = 0;
export let nFeatures: i32 = 0;

// the problem
export let nComponents: i32 = 0;
/** Samples in a tile: a multiple of eight. */
export let tile: i32 = 64;
/** The samples that count, numbered within the shard. */
export let firstSample: i32 = 0;
export let endSample: i32 = 0;
/** 0 triangular, 1 triangular and shared by all components, 2 diagonal, 3 bits. */
export let kind: i32 = 0;
export let hard: i32 = 0;
export let inverseTemperature: f64 = 1;
/** Responsibilities below this count towards the mass alone. */
export let cutoff: f64 = 0;

// tables of the parameters: K, K x D, and the family's own
export let constants: usize = 0;
export let origins: usize = 0;
export let whitening: usize = 0;
/** Bytes from one component's whitening to the next: 0 where all share one. */
export let whiteningStride: usize = 0;
/** Shared triangular: whitened means, K x D, and a row of ones. */
export let whitenedMeans: usize = 0;
export let ones: usize = 0;
/** Bits: log-odds, D rows of `paddedComponents`; features that are certainly 1, and those likely to be, K x words. */
export let slopes: usize = 0;
export let paddedComponents: i32 = 0;
export let certain: usize = 0;
export let anyCertain: i32 = 0;
export let likely: usize = 0;

/** What is known of the samples' components: 0 nothing; 1 labels, int32, -1 unknown; 2 ln tau, K float64 a sample. */
export let guideKind: i32 = 0;
export let guide: usize = 0;

// a tile at work
/** TILE x D, standardised. */
export let z: usize = 0;
/** The same whitened, where all components share a whitening. */
export let y: usize = 0;
/** K x TILE: ln(pi_k p(x_n | k)), then responsibilities. */
export let joint: usize = 0;
/** TILE each. */
export let laneWeights: usize = 0;
export let inverse: usize = 0;
/** Eight rows' worth, D x 8; and lists of a tile's samples that matter, or of a sample's features that are 1. */
export let residuals: usize = 0;
export let list: usize = 0;

// sums
export let mass: usize = 0;
export let sums: usize = 0;
export let sumsLength: i32 = 0;
/** Residuals that wait until there are PENDING of them, a component each: see outer-products.as.ts. */
export let pending: usize = 0;
export let pendingCounts: usize = 0;
export let logLikelihood: f64 = 0;
export let entropy: f64 = 0;

/** Results for the host, one a sample (or K a sample), from `endSample` on never written. */
export let output: usize = 0;
export let logarithms: i32 = 0;

/** The first byte that is the host's. */
export function heapBase(): usize {
  return __heap_base;
}

export function addLogLikelihood(value: f64): void {
  logLikelihood += value;
}

export function addEntropy(value: f64): void {
  entropy += value;
}
