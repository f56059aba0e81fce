/** Clumps of the synthetic data: weight, mean, standard deviations along the axes, and their tilt in degrees. */
const CLUMPS = [
  { weight: 0.22, mean: [-5.5, 3.6], deviations: [1.6, 0.45], tilt: 28 },
  { weight: 0.16, mean: [-1.2, 5.2], deviations: [0.7, 0.7], tilt: 0 },
  { weight: 0.14, mean: [3.4, 4.4], deviations: [1.5, 0.4], tilt: -38 },
  { weight: 0.12, mean: [6.4, 0.6], deviations: [0.4, 1.5], tilt: 8 },
  { weight: 0.12, mean: [0.4, 0.4], deviations: [1.1, 0.8], tilt: 60 },
  { weight: 0.1, mean: [-5.2, -2.2], deviations: [0.55, 1.3], tilt: -15 },
  { weight: 0.09, mean: [-0.8, -4.4], deviations: [1.8, 0.35], tilt: 12 },
  { weight: 0.05, mean: [4.2, -4.0], deviations: [0.5, 0.5], tilt: 0 },
] as const;

export const N_CLUMPS = CLUMPS.length;

/** N x 2, row-major. */
export interface Synthetic {
  readonly data: Float32Array | Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** More samples are drawn in float32. */
const MOST_DOUBLE = 2 ** 23;

const TURNED = CLUMPS.map(({ tilt }) => {
  const angle = (tilt * Math.PI) / 180;
  return { cos: Math.cos(angle), sin: Math.sin(angle) };
});

/** Samples from the clumps, the same for the same seed. Neighbours come from any clump. */
export function clumps(nSamples: number, seed: number): Synthetic {
  const random = sfc32(seed);
  const data =
    nSamples > MOST_DOUBLE ? new Float32Array(nSamples * 2) : new Float64Array(nSamples * 2);
  for (let n = 0; n < nSamples; n++) {
    const chosen = choose(random());
    const { mean, deviations } = CLUMPS[chosen];
    const { cos, sin } = TURNED[chosen];
    // Box-Muller; 1 - u keeps the logarithm finite
    const length = Math.sqrt(-2 * Math.log(1 - random()));
    const turn = 2 * Math.PI * random();
    const along = deviations[0] * length * Math.cos(turn);
    const across = deviations[1] * length * Math.sin(turn);
    data[2 * n] = mean[0] + along * cos - across * sin;
    data[2 * n + 1] = mean[1] + along * sin + across * cos;
  }
  return { data, nSamples, nFeatures: 2 };
}

function choose(uniform: number): number {
  let passed = 0;
  for (let k = 0; k < CLUMPS.length; k++) {
    passed += CLUMPS[k].weight;
    if (uniform < passed) return k;
  }
  return CLUMPS.length - 1;
}

/** Small fast counter generator of 32 bits (PractRand's sfc32): uniform in [0, 1). */
function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}
