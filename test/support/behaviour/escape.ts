import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  GaussianMixture,
  PoissonMixture,
  type FitStep,
  type FittedMixture,
} from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { twoInOneBits, twoInOneCounts, twoInOnePlane, type TwoInOne } from '../two-in-one.ts';
import { expectRefusal, rejection, useSide } from './side.ts';

type Fits = (samples: TwoInOne['samples'], options: object) => Promise<FittedMixture>;

/** Split-and-merge moves and annealing, as options of a fit. */
export function describeEscape(backend: 'cpu' | 'webgpu'): void {
  describe(`escape from poor maxima, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const plane = twoInOnePlane();
    const common = { nComponents: 3, tol: 1e-5, maxIter: 1000 };
    const gaussian = (more: object): Promise<GaussianMixture> =>
      GaussianMixture.fit(plane.samples, { ...common, ...more, context: side.context });
    const escape = { escape: 'split-merge' } as const;
    const poor = { labelsInit: plane.poor };

    /** What a bound may fall by: rounding. */
    const slack = backend === 'cpu' ? 1e-12 : 1e-5;
    const expectNoFall = ({ lowerBounds, nIter }: FittedMixture): void => {
      expect(lowerBounds.length).toBe(nIter);
      for (let t = 1; t < nIter; t++) {
        expect(lowerBounds[t]).toBeGreaterThan(
          lowerBounds[t - 1] - slack * Math.abs(lowerBounds[t]),
        );
      }
    };

    const gaussians =
      (more: object): Fits =>
      (samples, options) =>
        GaussianMixture.fit(samples, { ...more, ...options, nComponents: 3 });
    const cases: [string, TwoInOne, Fits][] = [
      ['full', plane, gaussians({ covarianceType: 'full' })],
      ['tied', plane, gaussians({ covarianceType: 'tied' })],
      ['diag', plane, gaussians({ covarianceType: 'diag' })],
      ['spherical', plane, gaussians({ covarianceType: 'spherical' })],
      ['fixed', plane, gaussians({ covarianceType: 'fixed' })],
      ["full, prior 'mclust'", plane, gaussians({ prior: 'mclust' })],
      ['full, weighted', plane, gaussians({ sampleWeights: plane.good.map((c) => 1 + (c % 2)) })],
      ['full, hard', plane, gaussians({ assignment: 'hard' })],
      [
        'bernoulli',
        twoInOneBits(),
        (samples, options) => BernoulliMixture.fit(samples, { ...options, nComponents: 3 }),
      ],
      [
        'bernoulli under a prior',
        twoInOneBits(),
        (samples, options) =>
          BernoulliMixture.fit(samples, {
            ...options,
            nComponents: 3,
            prior: { alpha: 2, a: 2, b: 2 },
          }),
      ],
      [
        'poisson',
        twoInOneCounts(),
        (samples, options) => PoissonMixture.fit(samples, { ...options, nComponents: 3 }),
      ],
    ];

    test.each(cases)(
      'moves leave a maximum with two components in one cluster and one in two (%s)',
      async (_, { samples, poor, good }, fit) => {
        const asked = { ...common, context: side.context };
        const kept = await fit(samples, { ...asked, labelsInit: poor });
        const best = await fit(samples, { ...asked, labelsInit: good });
        const moved = await fit(samples, { ...asked, ...escape, labelsInit: poor });
        expect(kept.converged).toBe(true);
        expect(kept.lowerBound).toBeLessThan(best.lowerBound - 0.02);
        expect(moved.lowerBound).toBeGreaterThan(best.lowerBound - 1e-3);
        expect(moved.nComponents).toBe(3);
        expect(Math.min(...moved.weights)).toBeGreaterThan(0.2);
        expect(moved.converged).toBe(true);
        expectNoFall(moved);
        // the way to the first maximum is that of the fit without moves
        expect(moved.lowerBounds.slice(0, kept.nIter)).toEqual(kept.lowerBounds);
        const { moves } = moved.restarts[0];
        expect(moves.find((move) => move.accepted)).toMatchObject({
          merged: [0, 1],
          split: 2,
          lowerBoundBefore: kept.lowerBound,
        });
        for (const { lowerBound, lowerBoundBefore } of moves.filter((move) => move.accepted)) {
          expect(lowerBound).toBeGreaterThan(lowerBoundBefore + common.tol);
        }
        expect(moves.at(-1)!.accepted).toBe(false);
      },
    );

    test('none is accepted where nothing is to be gained: the fit is that without them', async () => {
      const asked = { labelsInit: plane.good };
      const plain = await gaussian(asked);
      const moved = await gaussian({ ...asked, ...escape });
      expect(moved.restarts[0].moves.length).toBeGreaterThan(0);
      expect(moved.restarts[0].moves.some(({ accepted }) => accepted)).toBe(false);
      expect(moved.lowerBounds).toEqual(plain.lowerBounds);
      expect(moved.means).toEqual(plain.means);
      expect(plain.restarts[0].moves).toEqual([]);
    });

    test('the same seed gives the same moves, and steps tell the accepted path', async () => {
      const steps: FitStep[] = [];
      const onIteration = (step: FitStep): void => void steps.push(step);
      const one = await gaussian({ ...poor, ...escape, onIteration });
      const two = await gaussian({ ...poor, ...escape });
      expect(two.restarts).toEqual(one.restarts);
      expect(two.means).toEqual(one.means);
      expect(steps.map(({ iteration }) => iteration)).toEqual(
        [...one.lowerBounds.keys()].map((t) => t + 1),
      );
      expect(steps.map(({ lowerBound }) => lowerBound)).toEqual([...one.lowerBounds]);
      expect(steps.every(({ inverseTemperature }) => inverseTemperature === 1)).toBe(true);
      const changes = steps.slice(1).map(({ change }) => change);
      expect(Math.min(...changes)).toBeGreaterThan(-slack * 10);
      expect(changes.reduce((sum, change) => sum + change, 0)).toBeCloseTo(
        one.lowerBound - one.lowerBounds[0],
        9,
      );
    });

    test('restarts in lockstep make the moves that each makes alone, to the bit', async () => {
      const { data } = hashgen({
        seed: 8,
        n: 300,
        k: 5,
        d: 2,
        kind: 'full',
        sep: 2.5,
        corr: 0.5,
        smin: 0.5,
        smax: 1.5,
      });
      const samples = { data, nSamples: 300, nFeatures: 2 };
      const asked = {
        ...escape,
        nComponents: 5,
        tol: 1e-3,
        initParams: 'random_from_data' as const,
        context: side.context,
      };
      const together = await GaussianMixture.fit(samples, { ...asked, nInit: 5, seed: 2 });
      const accepted = together.restarts.flatMap(({ moves }) =>
        moves.filter((move) => move.accepted),
      );
      expect(accepted.length).toBeGreaterThan(1);
      for (const restart of together.restarts) {
        const alone = await GaussianMixture.fit(samples, { ...asked, seed: restart.seed });
        expect(alone.restarts[0]).toEqual(restart);
      }
    }, 120_000);

    test('maxMoves ends them; a single component has none, nor has a fit without iterations', async () => {
      const { restarts } = await gaussian({ ...poor, ...escape, maxMoves: 1 });
      expect(restarts[0].moves.filter(({ accepted }) => accepted).length).toBe(1);
      expect(restarts[0].moves.at(-1)!.accepted || restarts[0].moves.length > 1).toBe(true);
      const one = await gaussian({ ...escape, nComponents: 1 });
      expect(one.restarts[0].moves).toEqual([]);
      const none = await gaussian({ ...poor, ...escape, maxIter: 0 });
      expect([none.nIter, none.restarts[0].moves]).toEqual([0, []]);
    });

    test('of many samples a part is enough to find them', async () => {
      const times = 60;
      const { data, nSamples } = plane.samples;
      const many = new Float64Array(data.length * times).map((_, i) => data[i % data.length]);
      const samples = { data: many, nSamples: nSamples * times, nFeatures: 2 };
      const labelsInit = Int32Array.from(
        { length: samples.nSamples },
        (_, n) => plane.poor[n % nSamples],
      );
      const asked = { ...common, ...escape, maxMoves: 1, labelsInit, context: side.context };
      const moved = await GaussianMixture.fit(samples, asked);
      const best = await gaussian({ labelsInit: plane.good });
      expect(samples.nSamples).toBeGreaterThan(2 ** 14);
      expect(Math.abs(moved.lowerBound - best.lowerBound)).toBeLessThan(1e-3);
    });

    test('two components are parted anew, another way', async () => {
      // each with half of A, B and C: the maximum that they reach is far below that of A beside B and C together
      const asked = { nComponents: 2, covarianceType: 'diag' as const };
      const across = plane.poor.map((_, n) => (plane.samples.data[2 * n + 1] > 0 ? 1 : 0));
      const kept = await gaussian({ ...asked, labelsInit: across });
      const best = await gaussian({ ...asked, labelsInit: plane.good.map((c) => Math.min(c, 1)) });
      const moved = await gaussian({ ...asked, ...escape, labelsInit: across });
      expect(kept.lowerBound).toBeLessThan(best.lowerBound - 0.02);
      expect(moved.lowerBound).toBeGreaterThan(best.lowerBound - 1e-3);
      expect(moved.restarts[0].moves[0]).toMatchObject({ merged: [0, 1], accepted: true });
      expectNoFall(moved);
    });

    test('leave alone the components that labels name', async () => {
      const { data } = plane.samples;
      const nSamples = plane.samples.nSamples + 40;
      const far = plane.poor.slice(0, 40);
      const samples = {
        data: Float64Array.from([...data, ...data.slice(0, 80).map((x) => x / 2 - 20)]),
        nSamples,
        nFeatures: 2,
      };
      const labelsInit = Int32Array.from([...plane.poor, ...far.fill(3)]);
      const asked = { ...common, ...escape, nComponents: 4, labelsInit, context: side.context };
      const labels = labelsInit.map((label, n) => (label === 3 && n % 2 === 0 ? 3 : -1));
      const free = await GaussianMixture.fit(samples, { ...asked, labels });
      expect(free.restarts[0].moves[0]).toMatchObject({ accepted: true, merged: [0, 1], split: 2 });
      for (const { merged, split } of free.restarts[0].moves)
        expect([...merged, split]).not.toContain(3);
      expect(free.means[6]).toBeLessThan(-15);
      // three of four named: nothing is left to move
      const more = labelsInit.map((label, n) => (label !== 1 && n % 10 === 0 ? label : -1));
      const held = await GaussianMixture.fit(samples, { ...asked, labels: more });
      expect(held.restarts[0].moves).toEqual([]);
    });

    test('missing entries: moves leave that maximum too', async () => {
      const data = plane.samples.data.map((x, i) => (i % 17 === 3 ? Number.NaN : x));
      const samples = { ...plane.samples, data };
      for (const covarianceType of ['full', 'diag'] as const) {
        const asked = { ...common, covarianceType, context: side.context };
        const best = await GaussianMixture.fit(samples, { ...asked, labelsInit: plane.good });
        const moved = await GaussianMixture.fit(samples, { ...asked, ...escape, ...poor });
        expect(moved.lowerBound).toBeGreaterThan(best.lowerBound - 1e-3);
        expectNoFall(moved);
      }
    });

    test.each([
      ['in a round of moves', escape],
      ['in annealing', { annealing: true }],
    ])('an abort %s frees everything', async (_, more) => {
      const controller = new AbortController();
      const error = await rejection(
        gaussian({
          ...poor,
          ...more,
          signal: controller.signal,
          onIteration: ({ converged, inverseTemperature }: FitStep) => {
            if (converged || inverseTemperature > 0.8) controller.abort(new Error('enough'));
          },
        }),
      );
      expect((error as Error).message).toBe('enough');
      expect(side.context.liveBuffers).toBe(0);
    });

    test('annealing tells its steps apart, and ends in EM whose bounds never fall', async () => {
      const steps: FitStep[] = [];
      const asked = { annealing: { from: 0.4, factor: 1.5 }, seed: 3 };
      const mixture = await gaussian({
        ...asked,
        onIteration: (step: FitStep) => steps.push(step),
      });
      const annealed = steps.filter(({ inverseTemperature }) => inverseTemperature < 1);
      const temperatures = [...new Set(annealed.map((step) => step.inverseTemperature))];
      expect(temperatures).toEqual([0.4, 0.4 * 1.5, 0.4 * 1.5 * 1.5]);
      for (const step of annealed) {
        expect([step.iteration, step.lowerBound, step.converged]).toEqual([0, -Infinity, false]);
        expect(step.mixture.weights.every(Number.isFinite)).toBe(true);
      }
      expect(steps.length - annealed.length).toBe(mixture.nIter);
      expectNoFall(mixture);
      const again = await gaussian(asked);
      expect(again.means).toEqual(mixture.means);
    });

    test('annealing and moves together, of several restarts in lockstep', async () => {
      const asked = { annealing: { from: 0.6, factor: 1.3 }, ...escape };
      const together = await gaussian({ ...asked, nInit: 3, seed: 4 });
      const alone = await gaussian({ ...asked, seed: 6 });
      expect(together.restarts[2]).toEqual(alone.restarts[0]);
      const best = await gaussian({ labelsInit: plane.good });
      expect(together.lowerBound).toBeGreaterThan(best.lowerBound - 1e-3);
    });

    test('moves follow incremental EM, whose bound never falls either', async () => {
      const asked = { ...poor, algorithm: 'incremental', batchSize: 256 };
      const kept = await gaussian(asked);
      const moved = await gaussian({ ...asked, ...escape });
      expect(moved.lowerBound).toBeGreaterThan(kept.lowerBound + 0.02);
      expectNoFall(moved);
    });

    test('a warm start goes on with moves, and is not annealed', async () => {
      const kept = await gaussian(poor);
      await expectRefusal(
        gaussian({ warmStart: kept, annealing: true }),
        'INVALID_OPTION',
        /begins anew/,
      );
      const moved = await gaussian({ warmStart: kept, ...escape });
      expect(moved.lowerBound).toBeGreaterThan(kept.lowerBound + 0.02);
      expect(moved.restarts[0].moves.some(({ accepted }) => accepted)).toBe(true);
    });
  });
}
