// `npm run bench:starts`: where this library's fits end by seed, beside scikit-learn's (bench/results/starts-sklearn.json). CPU side;
// writes bench/results/starts-webgpu-em.json and docs/bounds.md. It exits with 1 where the default start's median or best bound is
// below scikit-learn's.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from './host.mjs';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench:starts -- [--init LIST] [--only LIST | --page] [--help]
  --init LIST  starts to try (default: k-means++,kmeans)
  --only LIST  of data sets by name; prints, writes nothing
  --page       writes the page again from the results that are there`;
const OWN_RESULTS = 'results/starts-webgpu-em.json';
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
        page: { type: 'boolean' },
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
  const own = options.page ? json(OWN_RESULTS) : await measureAll(options);
  const result = await besidePeer(own);
  const page = toMarkdown(result);
  if (options.only) {
    console.log(page);
  } else {
    writeFileSync(join(here, OWN_RESULTS), `${JSON.stringify(own)}\n`);
    writeFileSync(join(here, '..', 'docs', 'bounds.md'), page);
  }
  const worse = complaints(result);
  for (const complaint of worse) console.error(`FAILED: ${complaint}`);
  return worse.length === 0 ? 0 : 1;
}

/** What goes to the file: a fit a seed, from each start. */
async function measureAll({ init, only }) {
  const settings = json('starts/problems.json');
  const names = only?.split(',');
  const { date, commit, node, processor } = stampOf('', undefined);
  const problems = [];
  for (const problem of settings.problems) {
    if (names && !names.includes(problem.name)) continue;
    const library = {};
    for (const initParams of init.split(',')) {
      library[initParams] = await measure(problem, settings, initParams);
    }
    problems.push({ name: problem.name, library });
  }
  return { stamp: { date, commit, node, processor }, problems };
}

/** What `nInit` restarts from a seed, it starts from seed, seed + 1, ... */
async function measure(problem, given, initParams) {
  const { createDataset, GaussianMixture } = await load('src/index.ts');
  const { name, covarianceType, nComponents } = problem;
  const { tol, maxIter, endTol, endMaxIter, regCovar, groups } = given;
  const settings = { nComponents, covarianceType, tol, maxIter, regCovar };
  const { data, shape } = samplesOf(problem);
  const dataset = await createDataset({ data: Float64Array.from(data), ...shape });
  const start = performance.now();
  const found = { bounds: [], ends: [], eigenvalues: [] };
  for (let seed = 0; seed < 10 * groups; seed++) {
    const mixture = await GaussianMixture.fit(dataset, { ...settings, initParams, seed });
    const further = { ...settings, warmStart: mixture, tol: endTol, maxIter: endMaxIter };
    const end = await GaussianMixture.fit(dataset, further);
    const { components } = await end.diagnose(dataset);
    found.bounds.push(mixture.lowerBound);
    found.ends.push(end.lowerBound);
    found.eigenvalues.push(Math.min(...components.map((k) => k.covariance.smallestEigenvalue)));
  }
  dataset.dispose();
  console.error(`${name}, ${initParams}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return found;
}

/** The two programs' results and what they are of. */
async function besidePeer({ stamp, problems }) {
  const { bestOfTens } = await load('bench/starts-report.ts');
  const settings = json('starts/problems.json');
  const peers = json('results/starts-sklearn.json');
  const { tol, maxIter, endTol, regCovar } = settings;
  const both = problems.map(({ name, library }) => {
    const problem = settings.problems.find((one) => one.name === name);
    const { covarianceType, nComponents } = problem;
    const programs = Object.entries(library).map(([init, one]) => [
      init,
      { one, ten: bestOfTens(one) },
    ]);
    return {
      name,
      ...samplesOf(problem).shape,
      covarianceType,
      nComponents,
      scikitLearn: peers.results.find((one) => one.name === name),
      library: Object.fromEntries(programs),
    };
  });
  const { scikitLearn } = peers;
  return { stamp, scikitLearn, tol, maxIter, endTol, regCovar, problems: both };
}

function samplesOf({ data }) {
  const { x, n, d } = json(`../test/fixtures/data/${data}.json`);
  return { data: x, shape: { nSamples: n, nFeatures: d } };
}
