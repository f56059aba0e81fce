// `npm run bench:streams`: passes over the samples that EM, incremental and stepwise EM need, counted on the CPU side: the same
// numbers on every machine. Prints the table of docs/streams.md.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { load } from './host.mjs';

const data = (name) => readFileSync(new URL(`../test/fixtures/data/${name}`, import.meta.url));

/** UCI skin segmentation: blue, green and red of 245,057 pixels, in the file's order mixed by a multiplication. */
function skin() {
  const bytes = gunzipSync(data('skin_bgr_label.u8.gz'));
  const nSamples = bytes.length / 4;
  const values = Float64Array.from({ length: 3 * nSamples }, (_, i) => {
    const n = (Math.floor(i / 3) * 7919) % nSamples;
    return bytes[4 * n + (i % 3)];
  });
  return { data: values, nSamples, nFeatures: 3 };
}

/** scikit-learn's 1,797 digits of 8 x 8, black where a pixel is 8 or more. */
function digits() {
  const { x, n, d } = JSON.parse(data('digits.json').toString());
  return { data: Float64Array.from(x, (value) => (value >= 8 ? 1 : 0)), nSamples: n, nFeatures: d };
}

/** Drawn: delay (minutes), distance (miles) and time in the air (minutes) of 200,000 flights, five kinds of them. */
async function flights() {
  const { GaussianMixture } = await load('src/index.ts');
  const kind = (weight, delay, spread, distance, reach) => ({
    weight,
    mean: [delay, distance, 20 + distance / 8],
    covariance: [
      [spread ** 2, 0, 0.1 * spread * (reach / 8)],
      [0, reach ** 2, (reach * reach) / 8],
      [0.1 * spread * (reach / 8), (reach * reach) / 8, (reach / 8) ** 2 + 81],
    ],
  });
  const kinds = [
    kind(0.3, -4, 6, 400, 180),
    kind(0.25, -3, 7, 900, 250),
    kind(0.12, 0, 9, 2300, 300),
    kind(0.2, 15, 20, 800, 450),
    kind(0.13, 80, 60, 900, 600),
  ];
  const { samples } = GaussianMixture.fromScikitLearn({
    covariance_type: 'full',
    weights_: kinds.map(({ weight }) => weight),
    means_: kinds.map(({ mean }) => mean),
    covariances_: kinds.map(({ covariance }) => covariance),
  }).sample(200_000, { seed: 1 });
  // drawn kind by kind: mixed
  const values = samples.data.map((_, i) => {
    const n = (Math.floor(i / 3) * 7919) % samples.nSamples;
    return samples.data[3 * n + (i % 3)];
  });
  return { ...samples, data: values };
}

const { measure, toRows } = await load('bench/streams-passes.ts');
const seeds = [0, 1, 2];
const jobs = [
  {
    name: 'skin, 245,057 x 3, full, K = 5',
    samples: skin(),
    kind: 'gaussian',
    nComponents: 5,
    seeds,
  },
  {
    name: 'flights, 200,000 x 3, full, K = 5',
    samples: await flights(),
    kind: 'gaussian',
    nComponents: 5,
    seeds,
  },
  {
    name: 'digits, 1,797 x 64, Bernoulli, K = 10',
    samples: digits(),
    kind: 'bernoulli',
    nComponents: 10,
    seeds,
  },
];
console.log(`| data, seed | passes: EM | incremental | stepwise | after 3: EM | incremental | stepwise | end: incremental | stepwise |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |`);
for (const job of jobs.filter(({ name }) => name.startsWith(process.argv[2] ?? ''))) {
  for (const row of toRows(job, await measure(job))) console.log(row);
}
