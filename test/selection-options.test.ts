import { describe, expect, test } from 'vitest';
import { poisson, selectComponents, type GaussianSelectionOptions } from '../src/index.ts';
import { expectRefusal } from './support/behaviour/side.ts';

const samples = [
  [0, 1],
  [1, 0],
  [2, 2],
];

/** Options that no type allows come from JavaScript. */
function refusal(options: unknown, message: RegExp) {
  return expectRefusal(
    selectComponents(samples, options as GaussianSelectionOptions),
    'INVALID_OPTION',
    message,
  );
}

describe('selectComponents says why it refuses', () => {
  test.each<[string, unknown, RegExp]>([
    ['no options', undefined, /has no options/],
    ['no list', {}, /nComponents is no list, but undefined/],
    ['one number', { nComponents: 4 }, /nComponents is one number, 4: there is nothing to choose/],
    ['an empty list', { nComponents: [] }, /nComponents is empty/],
    ['a fraction', { nComponents: [1, 2.5] }, /whole numbers, at least 1, but element 1 is 2\.5/],
    ['zero', { nComponents: [0, 1] }, /at least 1, but element 0 is 0/],
    ['no number', { nComponents: [1, '2'] }, /whole numbers, at least 1, but element 1 is 2/],
    ['one size twice', { nComponents: [1, 3, 3] }, /nComponents has 3 twice/],
    ['another criterion', { nComponents: [1], criterion: 'dic' }, /criterion is dic/],
    ['a type that is none', { nComponents: [1], covarianceTypes: ['round'] }, /Types is round/],
    ['no types', { nComponents: [1], covarianceTypes: [] }, /covarianceTypes is empty/],
    ['a word for a list', { nComponents: [1], covarianceTypes: 'full' }, /is no list, but full/],
    ['a type twice', { nComponents: [1], covarianceTypes: ['diag', 'diag'] }, /has diag twice/],
    ['covarianceType', { nComponents: [1], covarianceType: 'diag' }, /covarianceType is for a fit/],
    [
      'both types and family',
      { nComponents: [1], covarianceTypes: ['full'], family: poisson() },
      /Both covarianceTypes and family/,
    ],
    [
      'a fixed covariance of no candidate',
      { nComponents: [1], fixedCovariance: 'identity' },
      /covarianceTypes has no 'fixed'/,
    ],
    ...['weightsInit', 'labelsInit', 'responsibilitiesInit', 'meansInit', 'covariancesInit'].map(
      (name): [string, unknown, RegExp] => [
        name,
        { nComponents: [2], [name]: [0, 1, 0] },
        new RegExp(`${name} is for a fit of one mixture`),
      ],
    ),
    ['a misspelt option', { nComponents: [1], max_iter: 3 }, /There is no option max_iter/],
  ])('%s', async (_, options, message) => {
    await refusal(options, message);
  });

  test('before it reads the samples', async () => {
    const unread = { chunks: () => expect.unreachable() };
    const options = { nComponents: [] };
    await expectRefusal(selectComponents(unread, options), 'INVALID_OPTION', /empty/);
  });

  test("fixedCovariance goes to 'fixed' alone", async () => {
    const { candidates } = await selectComponents(samples, {
      nComponents: [1],
      covarianceTypes: ['full', 'fixed'],
      fixedCovariance: [2, 0, 0, 2],
    });
    expect(candidates.map(({ mixture }) => mixture?.covarianceType)).toEqual(['full', 'fixed']);
    expect(Array.from(candidates[1].mixture!.covariances)).toEqual([2, 0, 0, 2]);
  });
});
