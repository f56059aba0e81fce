import type { SourceData } from '../data/source-data.ts';
import { quoted } from './js-literal.ts';
import { samplesCode } from './program-samples.ts';
import { allRows, scaling, standardisedRow } from './program-source.ts';

/** An ES module that labels the source's rows with the page's model as JSON. */
export function labelProgramOf(data: SourceData): string {
  const { origin, standardised, nMissing } = data;
  const isOwn = origin.kind !== 'built-in' && !(origin.kind === 'file' && origin.isPasted);
  const { imports, lines, helpers = [], packages = [] } = isOwn ? allRows(data) : samplesCode(data);
  const file = quoted(`${data.name}-model.json`);
  const isLeftOut = isOwn && nMissing === 0;
  const samples = isOwn
    ? `${isLeftOut ? 'complete' : 'rows'}${standardised ? '.map(z)' : ''}`
    : 'samples';
  const reads = `import { readFile } from 'node:fs/promises';`;
  return [
    '// The labels that the page of webgpu-em gives, by its model as JSON: one a row of the source, in its order.',
    '//',
    `//     npm install ${['webgpu-em', ...packages].join(' ')}`,
    '//     node label.mjs > labels.txt',
    '//',
    `import { createContext, GaussianMixture } from 'webgpu-em';`,
    ...new Set([...imports, reads]),
    '',
    ...helpers.flatMap((helper) => [helper, '']),
    ...lines,
    ...(isOwn && standardised
      ? [
          '',
          '// what the page standardised by',
          ...scaling(standardised),
          `const z = (row) => ${standardisedRow(data)};`,
        ]
      : []),
    ...(isLeftOut
      ? [
          '',
          '// rows with a missing value have no label: -1',
          'const isComplete = (row) => !row.some(Number.isNaN);',
          'const complete = rows.filter(isComplete);',
        ]
      : []),
    '',
    `const mixture = GaussianMixture.fromJSON(await readFile(${file}, 'utf8'));`,
    `const context = await createContext({ backend: 'cpu' });`,
    `const labels = await mixture.predict(${samples}, { context });`,
    ...(isLeftOut
      ? [
          'let next = 0;',
          `console.log(rows.map((row) => (isComplete(row) ? labels[next++] : -1)).join('\\n'));`,
        ]
      : [`console.log(labels.join('\\n'));`]),
    'context.dispose();',
    '',
  ].join('\n');
}
