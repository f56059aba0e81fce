import { describe, expect, test } from 'vitest';
import { createContext, GaussianMixture } from '../src/index.ts';
import { describeTimings } from './support/behaviour/timings.ts';
import { hashgen } from './support/hashgen.ts';

describeTimings('webgpu');

/** More samples than k-means++ looks at one by one. */
const nSamples = 70_000;
const { data } = hashgen({
  seed: 3,
  n: nSamples,
  k: 2,
  d: 2,
  kind: 'diag',
  sep: 6,
  corr: 0,
  smin: 1,
  smax: 1,
});
const samples = { data, nSamples, nFeatures: 2 };

/** What a device is asked for, in order. */
function record(device: GPUDevice): string[] {
  const log: string[] = [];
  const compile = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    log.push(`ask ${descriptor.label}`);
    const pipeline = await compile(descriptor);
    log.push(`have ${descriptor.label}`);
    return pipeline;
  };
  const write = device.queue.writeBuffer.bind(device.queue);
  device.queue.writeBuffer = (buffer, ...rest) => {
    if (buffer.label === 'Dataset.values') log.push('upload');
    write(buffer, ...rest);
  };
  const submit = device.queue.submit.bind(device.queue);
  device.queue.submit = (buffers) => {
    log.push('submit');
    return submit(buffers);
  };
  return log;
}

describe('kernels of a fit', () => {
  test.each(['k-means++', 'kmeans'] as const)(
    'are compiled side by side, each once, while the samples are uploaded (%s)',
    async (initParams) => {
      const context = await createContext({ backend: 'webgpu' });
      const log = record(context.device!);
      const options = {
        nComponents: 2,
        initParams,
        covarianceType: 'diag',
        seed: 1,
        maxIter: 2,
        tol: 0,
      } as const;
      await GaussianMixture.fit(samples, { ...options, context });
      const asked = log.filter((line) => line.startsWith('ask'));
      // an E-step's (the fused one of few features and its sums' reduction, or at least four) and two of k-means||
      expect(asked.length).toBeGreaterThanOrEqual(4);
      expect(new Set(asked).size).toBe(asked.length);
      const lastAsked = log.indexOf(asked.at(-1)!);
      expect(lastAsked).toBeLessThan(log.findIndex((line) => line.startsWith('have')));
      expect(lastAsked).toBeLessThan(log.indexOf('upload'));
      expect(log.lastIndexOf('upload')).toBeLessThan(log.indexOf('submit'));
      const before = log.length;
      await GaussianMixture.fit(samples, { ...options, context });
      expect(log.slice(before).some((line) => line.startsWith('ask'))).toBe(false);
      context.dispose();
    },
  );
});
