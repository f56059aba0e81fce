// `npm run bench:starts`: where this library's fits end by seed, beside scikit-learn's (bench/results/starts-sklearn.json). CPU side;
// writes docs/bounds.md and bench/results/starts-webgpu-em.json. It exits with 1 where the default start's median or best bound is below scikit-learn's.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from './binary-host.mjs';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench:starts -- [--init LIST] [--only LIST] [--help]
  --init LIST  starts to try (default: k-means++,kmeans)
  --only LIST  of data sets by name; then nothing is written`;
const here = dirname(fileURLToPath(import.meta.url));
const json = (path) => JSON.parse(readFileSync(join(here, path), 'utf8'));

process.exitCode = await main();

async function main() {
  let options;
  try {
    options = parseArgs({
      options: {
        init: { type: 'string', default: 'k-means++,kmeans' },
        only: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const { complaints, toMarkdown } = await load('bench/starts-report.ts');
  const settings = json('starts/problems.json');
  const only = options.only?.split(',');
  const problems = [];
  for (const problem of settings.problems) {
    if (only && !only.includes(problem.name)) continue;
    problems.push(await measure(problem, settings, options.init.split(',')));
  }
  const peers = json('results/starts-sklearn.json');
  for (const own of problems) {
    own.scikitLearn = peers.results.find(({ name }) => name === own.name);
  }
  const { tol, maxIter, endTol, regCovar } = settings;
  const { date, commit, node, processor } = stampOf('', undefined);
  const stamp = { date, commit, node, processor };
  const { scikitLearn } = peers;
  const result = { stamp, scikitLearn, tol, maxIter, endTol, regCovar, problems };
  const page = toMarkdown(result);
  if (only) {
    console.log(page);
  } else {
    writeFileSync(join(here, '..', 'docs', 'bounds.md'), page);
    writeFileSync(
      join(here, 'results', 'starts-webgpu-em.json'),
      `${JSON.stringify(ownPart(result))}\n`,
    );
  }
  const worse = complaints(result);
  for (const complaint of worse) console.error(`FAILED: ${complaint}`);
  return worse.length === 0 ? 0 : 1;
}

/** A fit a seed: what `nInit` restarts from it, it starts from seed, seed + 1, ... */
async function measure(problem, given, inits) {
  const { createDataset, GaussianMixture } = await load('src/index.ts');
  const { bestOfTens } = await load('bench/starts-report.ts');
  const { name, data, covarianceType, nComponents } = problem;
  const raw = json(`../test/fixtures/data/${data}.json`);
  const shape = { nSamples: raw.n, nFeatures: raw.d };
  const dataset = await createDataset({ data: Float64Array.from(raw.x), ...shape });
  const { tol, maxIter, endTol, endMaxIter, regCovar, groups } = given;
  const settings = { nComponents, covarianceType, tol, maxIter, regCovar };
  const library = {};
  for (const initParams of inits) {
    const start = performance.now();
    const one = { bounds: [], ends: [], eigenvalues: [] };
    for (let seed = 0; seed < 10 * groups; seed++) {
      const mixture = await GaussianMixture.fit(dataset, { ...settings, initParams, seed });
      const further = { ...settings, warmStart: mixture, tol: endTol, maxIter: endMaxIter };
      const end = await GaussianMixture.fit(dataset, further);
      const { components } = await end.diagnose(dataset);
      one.bounds.push(mixture.lowerBound);
      one.ends.push(end.lowerBound);
      one.eigenvalues.push(Math.min(...components.map((k) => k.covariance.smallestEigenvalue)));
    }
    library[initParams] = { one, ten: bestOfTens(one) };
    console.error(`${name}, ${initParams}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
  return { name, ...shape, covarianceType, nComponents, library };
}

/** What the other file has, and what follows from the rest, is not written. */
function ownPart({ problems, ...rest }) {
  return {
    ...rest,
    problems: problems.map(({ name, library }) => ({
      name,
      library: Object.fromEntries(Object.entries(library).map(([init, { one }]) => [init, one])),
    })),
  };
}
