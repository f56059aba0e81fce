import { afterEach, expect, test, vi } from 'vitest';
import { createContext, GaussianMixture } from '../../src/index.ts';
import { problemOn, shape } from '../support/threads/problems.ts';

afterEach(() => vi.restoreAllMocks());

test('where a policy refuses WebAssembly, the reference computes, and the fit says why', async () => {
  vi.spyOn(WebAssembly, 'compile').mockRejectedValue(
    new WebAssembly.CompileError('unsafe-eval is not an allowed source'),
  );
  const { samples } = problemOn(shape('full', 300, 3, 3));
  const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
  const options = { nComponents: 3, seed: 1 };
  const mixture = await GaussianMixture.fit(samples, { ...options, context });
  expect(mixture.contextInfo).toMatchObject({
    threads: 0,
    reason: expect.stringMatching(/WebAssembly is refused here \(.*unsafe-eval/),
  });
  expect(context.threads).toBe(0);
  context.dispose();
  const plain = await createContext({ backend: 'cpu' });
  const reference = await GaussianMixture.fit(samples, { ...options, context: plain });
  expect(mixture.lowerBounds).toEqual(reference.lowerBounds);
});
