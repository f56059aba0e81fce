import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeScikitLearn } from './support/scikit-learn.ts';

describeScikitLearn('cpu', 1e-9);

test('docs/scikit-learn.md shows the scripts as they are', async () => {
  const docs = new URL('../docs/', import.meta.url);
  const page = await readFile(new URL('scikit-learn.md', docs), 'utf8');
  const names = [
    'fit_in_python.py',
    'score-in-javascript.mjs',
    'fit-in-javascript.mjs',
    'score_in_python.py',
  ];
  for (const name of names) {
    const script = await readFile(new URL(`scikit-learn/${name}`, docs), 'utf8');
    expect(page).toContain(script);
  }
});
