import { describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { readSamples } from '../../src/data/samples.ts';
import { integrate, sumOver } from '../support/quadrature.ts';
import type { Statistics } from '../../src/families/statistics.ts';
import { atOnce } from '../../src/data/pause.ts';
import {
  apart,
  drawSamples,
  familyCases,
  logDensity,
  options,
  standard,
  type Arrays,
} from './exponential-problems.ts';

/** Statistics of samples under random responsibilities, and those responsibilities. */
function randomStatistics(name: string, nFeatures: number, missing: boolean) {
  const nComponents = 3;
  const drawn = drawSamples(familyCases[name], 200, nFeatures, nComponents, missing);
  const { family } = familyCases[name];
  const random = new Random(11);
  const gamma = new Float64Array(200 * nComponents).map(() => random.uniform());
  const density = family.density(drawn.parameters, standard(nFeatures));
  const statistics: Statistics = {
    nComponents,
    componentMass: new Float64Array(nComponents),
    sums: new Float64Array(nComponents * family.statisticsLength(nFeatures)),
    origin: family.origin(density),
    observed: missing ? new Float64Array(nComponents * nFeatures) : undefined,
  };
  const scratch = new Float64Array(nFeatures);
  for (let n = 0; n < 200; n++) {
    const sample = drawn.samples.data.subarray(n * nFeatures, (n + 1) * nFeatures);
    for (let k = 0; k < nComponents; k++) {
      const weight = gamma[n * nComponents + k];
      statistics.componentMass[k] += weight;
      family.accumulate(density, k, weight, sample, scratch, statistics.sums);
      sample.forEach((x, d) => {
        if (missing && !Number.isNaN(x)) statistics.observed![k * nFeatures + d] += weight;
      });
    }
  }
  return { ...drawn, family, gamma, statistics, nComponents };
}

/** The second of each pair. */
const sines = (means: Float64Array): Float64Array => means.filter((_, i) => i % 2 === 1);

describe.each(['poisson', 'exponential', 'geometric', 'rayleigh', 'von Mises'])('%s', (name) => {
  const { family, parameters } = familyCases[name];

  test('densities integrate to 1, with and without a tilt', async () => {
    const random = new Random(2);
    const drawn = parameters(4, 1, random);
    const rule = name === 'poisson' || name === 'geometric' ? sumOver : integrate;
    const [from, to] = name === 'von Mises' ? [-Math.PI, Math.PI] : [0, Infinity];
    const { samples } = drawSamples(familyCases[name], 50, 1, 4, false);
    const tilted = atOnce(family.resolve!(await readSamples(samples)));
    for (const one of [family, tilted]) {
      for (let k = 0; k < 4; k++) {
        const total = rule(
          (x) => Math.exp(logDensity(one, drawn, k, Float64Array.of(x))),
          from,
          to,
        );
        expect(total).toBeCloseTo(1, 6);
      }
    }
  });

  test('a tilt changes nothing but rounding', async () => {
    const { samples, parameters: drawn } = drawSamples(familyCases[name], 60, 5, 3, true);
    const tilted = atOnce(family.resolve!(await readSamples(samples)));
    for (let n = 0; n < 60; n++) {
      const sample = samples.data.subarray(n * 5, (n + 1) * 5);
      for (let k = 0; k < 3; k++) {
        const expected = logDensity(family, drawn, k, sample);
        const found = logDensity(tilted, drawn, k, sample);
        expect(apart(found, expected)).toBeLessThan(1e-11);
      }
    }
  });

  test('a sample with nothing observed has log-density 0', () => {
    const drawn = parameters(2, 3, new Random(4));
    expect(logDensity(family, drawn, 1, new Float64Array(3).fill(Number.NaN))).toBeCloseTo(0, 12);
  });

  test('draws have the expectation of T, and of x where it is told', () => {
    const {
      samples,
      parameters: drawn,
      labels,
    } = drawSamples(familyCases[name], 6000, 2, 2, false);
    // (the von Mises leaves E[x] out: its sines are compared)
    const cyclic = name === 'von Mises';
    const expected = cyclic
      ? sines(family.density(drawn, standard(2)).means)
      : family.expectation(drawn, 2);
    for (let k = 0; k < 2; k++) {
      for (let d = 0; d < 2; d++) {
        const values = Array.from(labels.keys())
          .filter((n) => labels[n] === k)
          .map((n) => samples.data[2 * n + d])
          .map((x) => (cyclic ? Math.sin(x) : x));
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
        const error = Math.sqrt(variance / values.length);
        expect(Math.abs(mean - expected[2 * k + d])).toBeLessThanOrEqual(5 * error);
      }
    }
  });

  test.each([false, true])('the M-step is a maximum (prior: %s)', (withPrior) => {
    const {
      statistics,
      samples,
      gamma,
      nComponents,
      parameters: previous,
    } = randomStatistics(name, 2, true);
    const own = name === 'rayleigh' || name === 'von Mises';
    const ownPrior = name === 'rayleigh' ? { statistics: 3 } : { statistics: [0.2, -0.5] };
    const prior = withPrior
      ? family.readPrior(own ? { ...ownPrior, strength: [2, 0.5] } : { a: [2, 1.5], b: 3 }, {
          nComponents,
          nFeatures: 2,
          samples: undefined as never,
        })
      : undefined;
    const next = family.mStep(statistics, previous, options(2, prior));
    const scratch = new Float64Array(2);
    const weights = new Float64Array(nComponents).fill(1);
    const objective = (at: Arrays): number => {
      const density = family.density({ ...at, weights }, standard(2));
      let sum = family.logPrior(at, prior);
      for (let n = 0; n < samples.nSamples; n++) {
        const sample = samples.data.subarray(2 * n, 2 * n + 2);
        for (let k = 0; k < nComponents; k++) {
          const a = family.logDensity(density, k, sample, scratch);
          sum += gamma[n * nComponents + k] * a;
        }
      }
      return sum;
    };
    const best = objective(next);
    expect(best).toBeGreaterThan(-Infinity);
    for (const key of Object.keys(family.parameterShapes(nComponents, 2))) {
      for (let i = 0; i < next[key].length; i++) {
        for (const step of [-1e-4, 1e-4]) {
          const moved = { ...next, [key]: next[key].slice() };
          moved[key][i] *= 1 + step;
          if (family.checkParameters(moved, 2) !== undefined) continue;
          expect(objective(moved)).toBeLessThanOrEqual(best + 1e-9 * Math.abs(best));
        }
      }
    }
  });

  test('an unseen column stays, and under a prior goes to the mode', () => {
    const previous = parameters(2, 2, new Random(9));
    const S = family.statisticsLength(1);
    const statistics: Statistics = {
      nComponents: 2,
      componentMass: Float64Array.of(3, 0),
      sums: new Float64Array(4 * S),
      origin: new Float64Array(0),
      observed: new Float64Array(4),
    };
    const next = family.mStep(statistics, previous, options(2));
    for (const key of Object.keys(family.parameterShapes(2, 2)))
      expect(next[key]).toEqual(previous[key]);
    expect(Array.from(next.weights)).toEqual([1, 0]);
  });

  test('columns of a mixture of families say the same density', () => {
    const { samples, parameters: drawn } = drawSamples(familyCases[name], 40, 2, 3, false);
    const density = family.density({ ...drawn, weights: new Float64Array(3).fill(1) }, standard(2));
    const { tables: tablesOf, encode, width, kind } = family.columns!;
    const tables = tablesOf(density);
    expect(kind).toBe('linear');
    const t = new Float64Array(width);
    const scratch = new Float64Array(2);
    for (let n = 0; n < 40; n++) {
      const sample = samples.data.subarray(2 * n, 2 * n + 2);
      for (let k = 0; k < 3; k++) {
        let sum = 0;
        for (let d = 0; d < 2; d++) {
          const i = 2 * k + d;
          encode(sample[d], t, 0);
          sum += tables.constants[i];
          for (let s = 0; s < width; s++) {
            const away = t[s] - tables.origins[i * width + s];
            if (away !== 0) sum += tables.slopes[i * width + s] * away;
          }
        }
        const expected = family.logDensity(density, k, sample, scratch);
        expect(apart(sum, expected)).toBeLessThan(1e-10);
      }
    }
  });
});
