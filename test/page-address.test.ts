import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContext, GaussianMixture } from '../src/index.ts';
import { clumps } from '../src/app/data/synthetic.ts';
import { MOST } from '../src/app/fit/settings.ts';
import { decodeState, encodeState } from '../src/app/results/address.ts';
import { pack, unpack } from '../src/app/results/packed-model.ts';
import type { PageState } from '../src/app/results/address.ts';
import { sameCases } from './support/seeded.ts';

sameCases();

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const positive = fc.double({ min: 1e-12, max: 1e6, noNaN: true });

const rows = fc.array(
  fc.array(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    { minLength: 1, maxLength: 4 },
  ),
  { minLength: 1, maxLength: 3 },
);

/** States as they can be; a window's numbers have no more digits than a link keeps. */
const state: fc.Arbitrary<PageState> = fc.record(
  {
    data: fc.oneof(
      fc.constantFrom('faithful', 'synthetic-1000000', 'file'),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    ),
    columns: fc.array(name, { minLength: 1, maxLength: 4 }),
    standardise: fc.boolean(),
    missing: fc.constantFrom('fit' as const, 'leave out' as const),
    nComponents: fc.integer({ min: 1, max: 64 }),
    covarianceType: fc.constantFrom('full', 'tied', 'diag', 'spherical'),
    initParams: fc.constantFrom('k-means++', 'kmeans', 'random_from_data', 'random'),
    seed: fc.nat(4294967295),
    nInit: fc.integer({ min: 1, max: 64 }),
    regCovar: positive,
    tol: positive,
    maxIter: fc.integer({ min: 1, max: 100_000 }),
    axes: fc.oneof(fc.constant('pca' as const), fc.array(name, { minLength: 1, maxLength: 2 })),
    window: fc
      .tuple(fc.integer(), fc.integer({ min: 1 }), fc.integer(), fc.integer({ min: 1 }))
      .map(([x, width, y, height]) => [x, x + width, y, y + height] as const),
    colouring: fc.oneof(
      fc.constantFrom({ by: 'component' as const }, { by: 'entropy' as const }),
      fc.record({ by: fc.constant('responsibility' as const), component: fc.nat(63) }),
      fc.record({ by: fc.constant('column' as const), name }),
    ),
    palette: fc.constantFrom('petroff', 'okabe-ito', 'tol'),
    density: fc.boolean(),
    speed: fc.oneof(fc.constant(Infinity), fc.constantFrom(1, 4, 12)),
    sample: fc.nat(),
    component: fc.nat(63),
    order: fc.constantFrom('number' as const, 'weight' as const),
    compare: fc.record({
      from: fc.integer({ min: 1, max: 30 }),
      to: fc.integer({ min: 31, max: 64 }),
      nInit: fc.integer({ min: 1, max: 100 }),
      criterion: fc.constantFrom('bic' as const, 'aic' as const, 'icl' as const),
    }),
    picked: fc.integer({ min: 1, max: 64 }),
    placed: rows,
    model: rows,
    edits: fc.array(rows, { minLength: 1, maxLength: 3 }),
    restart: fc.integer({ min: 1, max: 64 }),
    at: fc.record({
      iteration: fc.nat(999),
      isBefore: fc.boolean(),
      known: fc.oneof(fc.constant(Infinity), fc.nat(999)),
      restart: fc.integer({ min: 1, max: 64 }),
    }),
  },
  { requiredKeys: [] },
);

/** `axes: ['pca']`, a lone feature of that name, reads as the principal components: two features are needed to see any. */
const plain = state.filter(
  ({ axes }) => !(axes !== 'pca' && axes?.length === 1 && axes[0] === 'pca'),
);

describe('the address', () => {
  test('every state comes back from it', () => {
    fc.assert(
      fc.property(plain, (given) => {
        // through a browser, which may escape what is not plain
        const hash = new URL(`https://example.org/#${encodeState(given)}`).hash;
        expect(decodeState(hash)).toEqual({ state: given, problems: [] });
      }),
    );
  });

  test('nothing in it, whatever it is, throws; what is used is in range', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `k=${text}&window=${text}`),
        ),
        (text) => {
          const { state: read, problems } = decodeState(`#${text}`);
          expect(Array.isArray(problems)).toBe(true);
          expect(read.nComponents ?? 1).toBeGreaterThan(0);
        },
      ),
    );
  });

  test.each(['full', 'tied', 'diag', 'spherical'] as const)(
    'a model of %s covariances comes back from its rows, to the last of six digits',
    async (covarianceType) => {
      const context = await createContext({ backend: 'cpu' });
      const samples = clumps(300, 1);
      // two features that are almost one: six digits alone would leave no positive definite matrix
      for (let n = 0; n < 300; n++) samples.data[2 * n + 1] = samples.data[2 * n] * (1 + 1e-5 * n);
      for (const given of [clumps(300, 1), samples]) {
        const mixture = await GaussianMixture.fit(given, {
          nComponents: 30,
          covarianceType,
          regCovar: 1e-9,
          maxIter: 3,
          context,
        });
        const packed = pack(mixture)!;
        const { state: read } = decodeState(`#${encodeState({ model: packed })}`);
        const again = unpack(read.model!, covarianceType, 2)!;
        for (const name of ['weights', 'means', 'covariances'] as const) {
          expect(again[name].length).toBe(mixture[name].length);
          again[name].forEach((value, i) =>
            expect(Math.abs(value - mixture[name][i])).toBeLessThan(
              1e-5 * Math.abs(mixture[name][i]) + 1e-300,
            ),
          );
        }
        expect(unpack(packed.slice(1), covarianceType, 3)).toBe(undefined);
        expect(unpack([], covarianceType, 2)).toBe(undefined);
      }
      context.dispose();
    },
  );

  test('is short and readable, and leaves out what is usual', () => {
    const given: PageState = {
      data: 'synthetic-1000000',
      nComponents: 8,
      covarianceType: 'diag',
      seed: 0,
      axes: ['wait to the next (minutes)', 'eruption, in minutes'],
      window: [1.234567, 5.4321, 40, 100],
      speed: Infinity,
    };
    const usual: PageState = { data: 'faithful', nComponents: 2, seed: 0 };
    expect(encodeState(given, usual)).toBe(
      'data=synthetic-1000000&k=8&cov=diag&axes=wait+to+the+next+(minutes),eruption%2C+in+minutes&window=1.2346,5.4321,40,100&speed=full',
    );
    expect(encodeState(usual, usual)).toBe('');
    expect(encodeState({ data: 'https://example.org/a.csv?x=1' })).toBe(
      'data=https://example.org/a.csv?x=1',
    );
  });

  test.each(['constructor', 'toString', '__proto__'])('%s is neither yes nor no', (word) => {
    const { state: read, problems } = decodeState(`#density=${word}&standardise=yes`);
    expect(read).toEqual({ standardise: true });
    expect(problems).toEqual([`"density=${word}" cannot be used.`]);
  });

  test('takes what the form takes, and no more', () => {
    const most = (more: number) =>
      `#k=${MOST.components + more}&restarts=${MOST.restarts + more}&seed=${MOST.seed + more}&iterations=${MOST.iterations + more}`;
    expect(decodeState(most(0)).problems).toEqual([]);
    expect(decodeState(most(1))).toMatchObject({ state: {}, problems: { length: 4 } });
  });

  test('names what cannot be used, and passes over it', () => {
    const { state: read, problems } = decodeState(
      '#k=0&cov=round&seed=1.5&seed2=1&window=3,2,1,0&data=javascript:alert(1)&tol=&axes=a,b,c&colour=column:%E0%A4&start=kmeans',
    );
    expect(read).toEqual({ initParams: 'kmeans' });
    expect(problems).toHaveLength(9);
    expect(problems[0]).toBe('"k=0" cannot be used.');
    expect(problems[3]).toBe('"seed2" is no setting of this page.');
    expect(decodeState('#main')).toEqual({ state: {}, problems: [] });
  });
});
