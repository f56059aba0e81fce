/** src/app/data/synthetic.ts as a program has it: the same samples, bit for bit (a test compares them). */
export const syntheticCode = (
  array: 'Float32Array' | 'Float64Array',
): string => `// weight, mean, standard deviations along the axes of an ellipse, and its tilt in degrees
const CLUMPS = [
  [0.22, [-5.5, 3.6], [1.6, 0.45], 28],
  [0.16, [-1.2, 5.2], [0.7, 0.7], 0],
  [0.14, [3.4, 4.4], [1.5, 0.4], -38],
  [0.12, [6.4, 0.6], [0.4, 1.5], 8],
  [0.12, [0.4, 0.4], [1.1, 0.8], 60],
  [0.1, [-5.2, -2.2], [0.55, 1.3], -15],
  [0.09, [-0.8, -4.4], [1.8, 0.35], 12],
  [0.05, [4.2, -4.0], [0.5, 0.5], 0],
];

/** N x 2 samples, the same ones for the same seed. */
function clumps(nSamples, seed) {
  const random = sfc32(seed);
  const data = new ${array}(nSamples * 2);
  for (let n = 0; n < nSamples; n++) {
    const chosen = random();
    let passed = 0;
    const [, mean, deviations, tilt] =
      CLUMPS.find(([weight]) => chosen < (passed += weight)) ?? CLUMPS.at(-1);
    const angle = (tilt * Math.PI) / 180;
    const length = Math.sqrt(-2 * Math.log(1 - random()));
    const turn = 2 * Math.PI * random();
    const along = deviations[0] * length * Math.cos(turn);
    const across = deviations[1] * length * Math.sin(turn);
    data[2 * n] = mean[0] + along * Math.cos(angle) - across * Math.sin(angle);
    data[2 * n + 1] = mean[1] + along * Math.sin(angle) + across * Math.cos(angle);
  }
  return { data, nSamples, nFeatures: 2 };
}

/** Uniform numbers in [0, 1). */
function sfc32(seed) {
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
}`;
