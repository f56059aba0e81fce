// Fits Old Faithful with webgpu-em and writes the mixtures in scikit-learn's attribute layout.
//
//     node docs/scikit-learn/fit-in-javascript.mjs test/fixtures/faithful.csv test/fixtures/scikit-learn/from-javascript.json
import { readFile, writeFile } from 'node:fs/promises';
import { createContext, GaussianMixture } from 'webgpu-em';

const [, , csv, json] = process.argv;
const lines = (await readFile(csv, 'utf8')).trim().split('\n').slice(1);
const samples = lines.map((line) => line.split(',').map(Number));

const context = await createContext({ backend: 'cpu' });
const models = {};
for (const covarianceType of ['full', 'tied', 'diag', 'spherical']) {
  const mixture = await GaussianMixture.fit(samples, { nComponents: 2, covarianceType, context });
  models[covarianceType] = mixture.toScikitLearn();
  const score = await mixture.score(samples, { context });
  const bic = await mixture.bic(samples, { context });
  console.log(`${covarianceType.padEnd(9)} score ${score.toFixed(12)}  bic ${bic.toFixed(8)}`);
}
context.dispose();
await writeFile(json, JSON.stringify({ program: 'webgpu-em', models }, null, 1));
