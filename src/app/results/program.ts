import { count } from '../shared/format.ts';
import { literal, oneLine } from './js-literal.ts';
import { samplesCode } from './program-samples.ts';
import { fitOptions } from './recipe.ts';
import type { Recipe } from './recipe.ts';

/** An ES module that fits the mixture shown again and prints it as the model's JSON. It runs in Node and in browsers. */
export function programOf(recipe: Recipe): string {
  const { data, backend } = recipe;
  const { imports, lines, helpers = [], packages = [] } = samplesCode(data);
  const options = Object.entries(fitOptions(recipe)).map(([name, value]) => property(name, value));
  return [
    `// The Gaussian mixture of "${oneLine(data.name)}" (${count(data.samples.nSamples)} samples) that the page of webgpu-em shows.`,
    '//',
    `//     npm install ${['webgpu-em', ...packages].join(' ')}`,
    '//     node fit.mjs > model.json',
    '//',
    '// In a browser: a <script type="module"> with an import map for webgpu-em.',
    `import { createContext, GaussianMixture } from 'webgpu-em';`,
    ...imports,
    '',
    'const options = {',
    ...options,
    '};',
    '',
    ...helpers.flatMap((helper) => [helper, '']),
    ...lines,
    '',
    ...(backend === 'cpu'
      ? [`const context = await createContext({ backend: 'cpu' });`]
      : [
          '// (in Node, WebGPU takes the package "webgpu"; without it this is the CPU, and the last digits differ)',
          'const context = await createContext();',
        ]),
    'const mixture = await GaussianMixture.fit(samples, { ...options, context });',
    '// its labels: await mixture.predict(samples, { context })',
    'console.log(JSON.stringify(mixture, null, 2));',
    'context.dispose();',
    '',
  ].join('\n');
}

/** One line where it fits; long arrays a row a line. */
function property(name: string, value: unknown): string {
  const short = `  ${name}: ${literal(value)},`;
  if (short.length <= 100 || !Array.isArray(value)) return short;
  return [`  ${name}: [`, ...value.map((row) => `    ${literal(row)},`), '  ],'].join('\n');
}
