import { describe, expect, test } from 'vitest';
import {
  bernoulli,
  createDataset,
  selectComponents,
  selectComponentsSteps,
  type Candidate,
  type GaussianSelectionOptions,
  type SelectionStep,
} from '../../../src/index.ts';
import { tableOf } from '../selection-rows.ts';
import { expectRefusal, rejection, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** Ten equal samples beside ten others: without regCovar one of two components has no spread at all. */
const spike = Array.from({ length: 20 }, (_, i) => (i < 10 ? [0, 0] : [5 + i, ((i * 7) % 10) + 9]));

/** How a selection runs: what it uploads, what it survives, how it is watched and stopped. */
export function describeSelecting(backend: 'cpu' | 'webgpu'): void {
  describe(`running a selection, on the ${backend} backend`, () => {
    const side = useSide(backend);

    test('samples are read and uploaded once, and freed', async () => {
      let reads = 0;
      const stream = {
        chunks() {
          reads++;
          return [samples];
        },
      };
      const device = side.context.device;
      const create = device?.createBuffer.bind(device);
      const sizes: string[] = [];
      if (device && create) {
        device.createBuffer = (descriptor: GPUBufferDescriptor) => {
          sizes.push(String(descriptor.label));
          return create(descriptor);
        };
      }
      const uploads = () => sizes.filter((label) => /standardised|weights/i.test(label)).length;
      const select = async (nComponents: number[]) => {
        sizes.length = 0;
        await selectComponents(stream, { nComponents, context: side.context });
        return uploads();
      };
      const once = await select([2]);
      const many = await select([1, 2, 3, 4]);
      if (device && create) device.createBuffer = create;
      expect(reads).toBe(2);
      expect(many).toBe(once);
      expect(once > 0).toBe(backend === 'webgpu');
      expect(side.context.liveBuffers).toBe(0);
    });

    test("a dataset is used as it is, and stays the caller's", async () => {
      const dataset = await createDataset(samples, { context: side.context });
      // the dataset makes its low halves of narrow components' samples on first use, and keeps them
      const { mixture } = await selectComponents(dataset, { nComponents: [2, 3] });
      const before = side.context.liveBuffers;
      await selectComponents(dataset, { nComponents: [1, 2, 3] });
      expect(mixture.nComponents).toBe(3);
      expect(side.context.liveBuffers).toBe(before);
      expect((await mixture.predict(dataset)).length).toBe(300);
      dataset.dispose();
    });

    test('a candidate that collapses, or has too few samples, is a row with its error', async () => {
      const selection = await selectComponents(spike, {
        nComponents: [1, 2, 21],
        regCovar: 0,
        context: side.context,
      });
      const errors = selection.candidates.map(({ error }) => error?.code);
      expect(errors).toEqual([undefined, 'COLLAPSED_COMPONENT', 'TOO_FEW_SAMPLES']);
      const [, failed] = selection.candidates;
      expect(failed).toMatchObject({ nComponents: 2, covarianceType: 'full', converged: false });
      expect([failed.mixture, failed.bic, failed.icl, failed.nIter]).toEqual(
        Array.from({ length: 4 }, () => undefined),
      );
      expect(failed.error?.message).toMatch(/collapsed/);
      expect(selection.best.nComponents).toBe(1);
      const warning = selection.warnings.find(({ code }) => code === 'CANDIDATES_FAILED');
      expect(warning?.message).toMatch(/2 of 3 .*K = 2 full, K = 21 full/);
      expect(warning?.details['failed']).toEqual([
        { nComponents: 2, covarianceType: 'full' },
        { nComponents: 21, covarianceType: 'full' },
      ]);
    });

    test('where all candidates fail, the error has the reasons of each', async () => {
      const error = await expectRefusal(
        selectComponents(spike, { nComponents: [2, 30], regCovar: 0, context: side.context }),
        'NO_CANDIDATE',
        /None of the 2 candidates .*K = 2 full: .*collapsed.*K = 30 full: There are 20 samples/,
      );
      const table = error.details['candidates'] as Candidate[];
      expect(table.map((row) => row.error?.code)).toEqual([
        'COLLAPSED_COMPONENT',
        'TOO_FEW_SAMPLES',
      ]);
      expect(side.context.liveBuffers).toBe(0);
    });

    test('what is wrong with every candidate ends the selection', async () => {
      const options = { nComponents: [1, 2], context: side.context };
      const wrong = { ...options, maxIterations: 3 } as GaussianSelectionOptions;
      await expectRefusal(selectComponents(samples, wrong), 'INVALID_OPTION', /maxIterations/);
      const bad = { data: samples.data.with(3, Infinity), nSamples: 300, nFeatures: 2 };
      await expectRefusal(selectComponents(bad, options), 'NON_FINITE', /nfinit/);
      const family = bernoulli();
      await expectRefusal(
        selectComponents(samples, { ...options, family }),
        'OUTSIDE_SUPPORT',
        /./,
      );
      expect(side.context.liveBuffers).toBe(0);
    });

    test('progress comes after each candidate, with its row and the best so far', async () => {
      const seen: SelectionStep[] = [];
      const selection = await selectComponents(samples, {
        nComponents: [1, 3, 2],
        context: side.context,
        onProgress: (step) => seen.push(step),
      });
      expect(seen.map(({ done, total }) => [done, total])).toEqual([
        [1, 3],
        [2, 3],
        [3, 3],
      ]);
      expect(seen.map(({ candidate }) => candidate)).toEqual(selection.candidates);
      expect(seen.map(({ best }) => best?.nComponents)).toEqual([1, 3, 3]);
    });

    test('the steps are the progress, and leaving them frees everything', async () => {
      const options = { nComponents: [1, 3, 2], seed: 2, context: side.context };
      const rows: Candidate[] = [];
      const steps = selectComponentsSteps(samples, options);
      let last = await steps.next();
      for (; !last.done; last = await steps.next()) rows.push(last.value.candidate);
      expect(last.value.candidates).toEqual(rows);
      expect(tableOf(last.value)).toEqual(tableOf(await selectComponents(samples, options)));
      for await (const { done } of selectComponentsSteps(samples, options)) {
        expect(side.context.liveBuffers > 0).toBe(backend === 'webgpu');
        if (done === 2) break;
      }
      expect(side.context.liveBuffers).toBe(0);
    });

    test('a signal stops it before, between and within candidates', async () => {
      const reason = new Error('changed my mind');
      const options = { nComponents: [1, 2, 3, 4], context: side.context };
      const before = selectComponents(samples, { ...options, signal: AbortSignal.abort(reason) });
      expect(await rejection(before)).toBe(reason);
      for (const [where, stopAt] of [
        ['between', 2],
        ['within', 3],
      ] as const) {
        const controller = new AbortController();
        let done = 0;
        const error = await rejection(
          selectComponents(samples, {
            ...options,
            signal: controller.signal,
            onProgress: (step) => {
              done = step.done;
              if (where === 'between' && done === stopAt) controller.abort(reason);
            },
            onIteration: ({ mixture, iteration }) => {
              if (where === 'within' && mixture.nComponents === stopAt && iteration === 1) {
                controller.abort(reason);
              }
            },
          }),
        );
        expect(error).toBe(reason);
        expect(done).toBe(2);
        expect(side.context.liveBuffers).toBe(0);
      }
    });
  });
}
