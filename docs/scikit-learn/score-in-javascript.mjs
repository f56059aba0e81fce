// Scores samples in JavaScript with mixtures that scikit-learn fitted.
//
//     node docs/scikit-learn/score-in-javascript.mjs test/fixtures/faithful.csv test/fixtures/scikit-learn/from-python.json
import { readFile } from 'node:fs/promises';
import { createContext, GaussianMixture } from 'webgpu-em';

const [, , csv, json] = process.argv;
const lines = (await readFile(csv, 'utf8')).trim().split('\n').slice(1);
const samples = lines.map((line) => line.split(',').map(Number));
const { models } = JSON.parse(await readFile(json, 'utf8'));

const context = await createContext({ backend: 'cpu' });
for (const [covarianceType, stored] of Object.entries(models)) {
  const mixture = GaussianMixture.fromScikitLearn(stored.attributes);
  const scores = await mixture.scoreSamples(samples, { context });
  const labels = await mixture.predict(samples, { context });
  const difference = Math.max(
    ...stored.score_samples.map((score, n) => Math.abs(score - scores[n])),
  );
  const same = stored.predict.every((label, n) => label === labels[n]);
  const score = await mixture.score(samples, { context });
  const bic = await mixture.bic(samples, { context });
  console.log(
    `${covarianceType.padEnd(9)} score ${score.toFixed(12)}  bic ${bic.toFixed(8)}`,
    ` largest difference ${difference.toExponential(1)}, labels ${same ? 'the same' : 'DIFFER'}`,
  );
}
context.dispose();
