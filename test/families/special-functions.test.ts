import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { digamma, logBeta, logGamma } from '../../src/families/special-functions.ts';
import { relativeDifference } from '../support/numbers.ts';

interface Row {
  readonly x: number;
  readonly logGamma: number;
  readonly digamma: number;
}

async function loadRows(): Promise<readonly Row[]> {
  const file = new URL('../fixtures/bayesian/special.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { rows: Row[] }).rows;
}

test('ln Gamma and psi agree with 40-digit arithmetic to 4e-15 of their size, from 1e-300 to 3.5e12', async () => {
  for (const row of await loadRows()) {
    expect(relativeDifference(logGamma(row.x), row.logGamma)).toBeLessThan(4e-15);
    expect(relativeDifference(digamma(row.x), row.digamma)).toBeLessThan(4e-15);
  }
});

test('ln B(a, b) is symmetric, and -ln n at (1, n)', () => {
  expect(logBeta(2.5, 7)).toBeCloseTo(logBeta(7, 2.5), 14);
  for (const n of [1, 2, 40]) expect(logBeta(1, n)).toBeCloseTo(-Math.log(n), 12);
});
