import { describe, test } from 'vitest';
import { BayesianGaussianMixture, GaussianMixture } from '../../../src/index.ts';
import { twoInOnePlane } from '../two-in-one.ts';
import { expectRefusal, useSide } from './side.ts';

/** What a fit says to options of moves and annealing that make no sense. */
export function describeEscapeRefusals(backend: 'cpu' | 'webgpu'): void {
  describe(`escape from poor maxima: what is refused, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = twoInOnePlane();
    const fit = (more: object): Promise<GaussianMixture> =>
      GaussianMixture.fit(samples, { nComponents: 3, ...more, context: side.context });

    test.each([
      [{ escape: 'merge' }, /escape is merge/],
      [{ escape: 'split-merge', maxMoves: 0 }, /maxMoves must be a whole number, at least 1/],
      [{ escape: 'split-merge', nCandidates: 1.5 }, /nCandidates must be a whole number/],
      [{ maxMoves: 3 }, /maxMoves was given without escape/],
      [{ annealing: [] }, /annealing must be true, false or/],
      [{ annealing: { factor: Infinity } }, /annealing.factor must be a number above 1/],
      [{ annealing: 0.5 }, /annealing must be true, false or/],
      [{ annealing: { from: 1 } }, /annealing.from must be a number between 0 and 1/],
      [{ annealing: { from: 0.5, factor: 1 } }, /annealing.factor must be a number above 1/],
      [{ annealing: { to: 1 } }, /annealing has no setting to/],
      [{ annealing: true, assignment: 'hard' }, /annealing changes nothing of assignment: 'hard'/],
    ])('%j is refused', async (more, message) => {
      await expectRefusal(fit(more), 'INVALID_OPTION', message);
    });

    test('a Bayesian mixture, which has a posterior, has neither', async () => {
      for (const [more, option] of [
        [{ escape: 'split-merge' }, 'escape'],
        [{ annealing: true }, 'annealing'],
      ] as const) {
        await expectRefusal(
          BayesianGaussianMixture.fit(samples, { nComponents: 3, ...more, context: side.context }),
          'INVALID_OPTION',
          new RegExp(`A Bayesian mixture has no ${option}`),
        );
      }
    });
  });
}
