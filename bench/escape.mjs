// `npm run bench:escape`: how often a fit from a random start reaches the best lower bound known, alone, with split-and-merge moves
// and with annealing, over 100 seeds of data sets that come with the tests; what that costs; and what as many restarts find.
// CPU side, float64. Writes JSON and Markdown.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from './host.mjs';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench:escape -- [options]
  --seeds NUMBER   starts of each problem (default: 100)
  --only LIST      problems by name
  --out FOLDER     where the figures go (default: bench/results)`;

/** A bound this near the best known, per sample, has reached it. */
const NEAR = 1e-3;
const LOOP = { tol: 1e-6, maxIter: 1000 };
const VARIANTS = {
  plain: {},
  'split-merge': { escape: 'split-merge' },
  'annealing from 0.7': { annealing: true },
  'annealing from 0.2': { annealing: { from: 0.2, factor: 1.2 } },
};
/** `every`: each so-manieth sample alone, to bound the time; `above`: a value above it is 1, another 0. */
const PROBLEMS = [
  { name: 'faithful, K = 3, full', data: 'faithful', options: { nComponents: 3 } },
  { name: 'diabetes, K = 3, full', data: 'diabetes_mclust', options: { nComponents: 3 } },
  {
    name: 'iris, K = 4, tied',
    data: 'iris',
    options: { nComponents: 4, covarianceType: 'tied' },
  },
  {
    name: 'wine, K = 3, diag',
    data: 'wine',
    options: { nComponents: 3, covarianceType: 'diag' },
  },
  {
    name: 'wine, K = 3, tied',
    data: 'wine',
    options: { nComponents: 3, covarianceType: 'tied' },
  },
  {
    name: 'GvHD.control, every 4th, K = 5, full',
    data: 'gvhd_control',
    every: 4,
    options: { nComponents: 5 },
  },
  {
    name: 'digits (0 or 1), every 6th, K = 10, Bernoulli',
    data: 'digits',
    every: 6,
    above: 7,
    kind: 'BernoulliMixture',
    options: { nComponents: 10, prior: { a: 1.5, b: 1.5 } },
  },
  {
    name: '25 overlapping clusters, K = 25, spherical',
    make: clusters,
    options: { nComponents: 25, covarianceType: 'spherical' },
  },
];

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, '..', 'test', 'fixtures');

let asked;
try {
  const text = { type: 'string' };
  asked = parseArgs({
    options: {
      seeds: { ...text, default: '100' },
      only: text,
      out: { ...text, default: join(here, 'results') },
    },
  }).values;
} catch (error) {
  console.error(`${error.message}\n${USAGE}`);
  process.exit(2);
}
async function main({ seeds: count, only, out }) {
  const library = await load('src/index.ts');
  const seeds = Array.from({ length: Number(count) }, (_, seed) => seed);
  const wanted = only?.split(';');
  const problems = [];
  for (const problem of PROBLEMS.filter(({ name }) => !wanted || wanted.includes(name))) {
    const samples = problem.make ? problem.make() : read(problem);
    const kind = library[problem.kind ?? 'GaussianMixture'];
    const variants = {};
    for (const [variant, extra] of Object.entries(VARIANTS)) {
      const runs = [];
      for (const seed of seeds) {
        runs.push(await run(kind, samples, { ...LOOP, ...problem.options, ...extra, seed }));
      }
      variants[variant] = runs;
      console.error(`${problem.name}, ${variant}: ${seconds(runs).toFixed(1)} s`);
    }
    problems.push(summary(problem, samples, variants));
    console.error(JSON.stringify(problems.at(-1).variants, undefined, 1));
  }
  const { browser: _, adapter: __, ...stamp } = stampOf('none', undefined);
  const result = { version: 1, stamp, near: NEAR, loop: LOOP, seeds: seeds.length, problems };
  mkdirSync(out, { recursive: true });
  const file = join(out, `escape-${stamp.date.slice(0, 10)}`);
  writeFileSync(`${file}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(`${file}.md`, toMarkdown(result));
  return 0;
}

/** One fit: its bound (none where it collapsed), its E-steps of every kind, its time. */
async function run(kind, samples, options) {
  let annealed = 0;
  const started = performance.now();
  try {
    const mixture = await kind.fit(samples, {
      ...options,
      onIteration: ({ inverseTemperature }) => (annealed += inverseTemperature < 1 ? 1 : 0),
    });
    const { moves } = mixture.restarts[0];
    const lost = moves.reduce((sum, move) => sum + (move.accepted ? 0 : move.nIter), 0);
    return {
      bound: mixture.lowerBound,
      eSteps: mixture.nIter + annealed + lost,
      accepted: moves.filter(({ accepted }) => accepted).length,
      milliseconds: performance.now() - started,
    };
  } catch (error) {
    if (error.code !== 'COLLAPSED_COMPONENT') throw error;
    return { bound: null, eSteps: 0, accepted: 0, milliseconds: performance.now() - started };
  }
}

function summary({ name, options }, { nSamples, nFeatures }, variants) {
  const all = Object.values(variants).flatMap((runs) =>
    runs.map(({ bound }) => bound ?? -Infinity),
  );
  const best = Math.max(...all);
  const reached = (runs) =>
    runs.filter(({ bound }) => bound !== null && bound > best - NEAR).length;
  const { plain } = variants;
  const rows = Object.entries(variants).map(([variant, runs]) => {
    const sorted = runs.map(({ bound }) => bound ?? -Infinity).toSorted((a, b) => a - b);
    const cost = mean(runs, 'eSteps') / mean(plain, 'eSteps');
    const costInTime = mean(runs, 'milliseconds') / mean(plain, 'milliseconds');
    const restartsAt = (price) => {
      const count = Math.max(1, Math.round(price));
      return { count, reach: bestOf(reached(plain), plain.length, count) };
    };
    return {
      variant,
      reached: reached(runs),
      of: runs.length,
      median: sorted[sorted.length >> 1],
      worst: Number.isFinite(sorted[0]) ? sorted[0] : null,
      eSteps: mean(runs, 'eSteps'),
      accepted: mean(runs, 'accepted'),
      milliseconds: mean(runs, 'milliseconds'),
      cost,
      costInTime,
      // the best of so many plain runs, drawn from those that were made
      restarts: restartsAt(cost),
      restartsInTime: restartsAt(costInTime),
    };
  });
  return { name, nSamples, nFeatures, options, best, variants: rows };
}

/** How likely one of `count` runs drawn without replacement from `total` is one of the `good` ones. */
function bestOf(good, total, count) {
  let none = 1;
  for (let i = 0; i < Math.min(count, total); i++)
    none *= Math.max(0, total - good - i) / (total - i);
  return 1 - none;
}

const mean = (runs, name) => runs.reduce((sum, one) => sum + one[name], 0) / runs.length;
const seconds = (runs) => (mean(runs, 'milliseconds') * runs.length) / 1000;

function read({ data, every = 1, above }) {
  const { d, x } = JSON.parse(readFileSync(join(fixtures, 'data', `${data}.json`), 'utf8'));
  const values = x
    .filter((_, i) => Math.floor(i / d) % every === 0)
    .map((value) => (above === undefined ? value : Number(value > above)));
  return { data: Float64Array.from(values), nSamples: values.length / d, nFeatures: d };
}

/** A 5 x 5 grid of clusters at distance 1, standard deviation 0.2, 40 samples each. */
function clusters() {
  let state = 1;
  // Mulberry32
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const data = Float64Array.from({ length: 2000 }, (_, i) => {
    const cluster = Math.floor(i / 80);
    return (i % 2 === 0 ? Math.floor(cluster / 5) : cluster % 5) + 0.2 * normal();
  });
  return { data, nSamples: 1000, nFeatures: 2 };
}

function toMarkdown({ stamp, seeds, problems }) {
  const percent = (share) => `${Math.round(100 * share)} %`;
  const lines = problems.flatMap(({ name, best, variants }) =>
    variants.map((row, at) =>
      [
        '',
        at === 0 ? `${name} (best ${best.toFixed(4)})` : '',
        row.variant,
        percent(row.reached / row.of),
        row.median.toFixed(4),
        row.worst === null ? 'collapsed' : row.worst.toFixed(4),
        row.eSteps.toFixed(0),
        `${row.cost.toFixed(1)} / ${row.costInTime.toFixed(1)}`,
        at === 0 ? '' : `${row.restarts.count}: ${percent(row.restarts.reach)}`,
        at === 0 ? '' : `${row.restartsInTime.count}: ${percent(row.restartsInTime.reach)}`,
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  );
  return `# Escape from poor maxima, ${stamp.date.slice(0, 10)}

${stamp.os}, ${stamp.processor}, ${stamp.cores} cores; Node ${stamp.node}; commit ${stamp.commit}. CPU side, float64; ${seeds} seeds; tol
1e-6; k-means++ starts. "Reached": a lower bound within 1e-3 a sample of the best that any run here found.

| problem | fit | reached | median | worst | E-steps a fit | cost in E-steps / time | restarts for the same E-steps reach | for the same time |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}

process.exitCode = await main(asked);
