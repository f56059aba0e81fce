import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeSeam } from '../../src/em/make-seam.ts';
import { createContext, createDataset, GaussianMixture } from '../../src/index.ts';
import { describeCancellation } from '../support/behaviour/cancellation.ts';
import { rejection, useThreads } from '../support/behaviour/side.ts';
import { describeAgreement } from '../support/threads/agreement.ts';
import { problemOn, shape } from '../support/threads/problems.ts';

describeAgreement(
  [
    shape('full', 3001, 5, 3, { weighted: true }),
    shape('full', 700, 16, 20),
    shape('tied', 3001, 4, 3),
    shape('diag', 3001, 7, 5, { form: 'float32' }),
    shape('bernoulli', 3001, 70, 6, { form: 'bits' }),
  ],
  2,
);

useThreads(2);
describeCancellation('cpu');

describe('worker threads in a page', () => {
  const { samples, family, parameters } = problemOn(shape('full', 30_000, 8, 8));
  afterEach(() => vi.unstubAllGlobals());

  /** What a fit of 3 iterations says of its context, and its bounds. */
  async function fit() {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const options = { nComponents: 3, seed: 1, maxIter: 3, tol: 0, context };
    const { contextInfo, lowerBounds } = await GaussianMixture.fit(samples, options);
    context.dispose();
    return { threads: contextInfo!.threads, reason: contextInfo!.reason, lowerBounds };
  }

  test('stop at an abort and serve the next pass', async () => {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const dataset = await createDataset(samples, { context });
    const seam = await makeSeam(dataset, family);
    const at = family.standardise(parameters, dataset.standardisationFor(family));
    const whole = await seam.eStep(at);
    const stop = new AbortController();
    const pass = seam.eStep(at, stop.signal);
    stop.abort(new Error('enough'));
    expect(await rejection(pass)).toEqual(new Error('enough'));
    expect(await seam.eStep(at)).toEqual(whole);
    context.dispose();
  });

  test('may be refused by a policy of the page’s, at once or by an event: the page computes, the same', async () => {
    const workers = await fit();
    expect(workers.threads).toBe(2);
    class Late extends EventTarget {
      constructor() {
        super();
        setTimeout(() => this.dispatchEvent(new ErrorEvent('error', { message: 'by policy' })), 5);
      }
      terminate(): void {}
    }
    const refusals = [
      function refuse() {
        throw new DOMException('by policy', 'SecurityError');
      },
      Late,
    ];
    for (const refusal of refusals) {
      vi.stubGlobal('Worker', refusal);
      const page = await fit();
      expect([page.threads, page.reason]).toEqual([1, expect.stringMatching(/by policy/)]);
      expect(page.lowerBounds).toEqual(workers.lowerBounds);
    }
  });
});
