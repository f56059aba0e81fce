import { afterEach, expect, test, vi } from 'vitest';
import { createContext, createDataset, GaussianMixture } from '../src/index.ts';

afterEach(() => vi.restoreAllMocks());

test('samples and weights go to the device in pieces that no page notices, some at a time', async () => {
  const context = await createContext({ backend: 'webgpu' });
  const { device } = context.gpu();
  const mapped: number[] = [];
  const create = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    if (descriptor.mappedAtCreation === true) mapped.push(descriptor.size);
    return create(descriptor);
  });
  const pieces: number[] = [];
  let [scopes, most] = [0, 0];
  const write = device.queue.writeBuffer.bind(device.queue);
  vi.spyOn(device.queue, 'writeBuffer').mockImplementation(
    (buffer, offset, data, dataOffset, size) => {
      pieces.push(size ?? data.byteLength);
      write(buffer, offset, data, dataOffset, size);
    },
  );
  const pop = device.popErrorScope.bind(device);
  vi.spyOn(device, 'popErrorScope').mockImplementation(async () => {
    most = Math.max(most, ++scopes);
    try {
      return await pop();
    } finally {
      scopes--;
    }
  });
  const [nSamples, nFeatures] = [1_000_000, 8];
  const data = Float32Array.from({ length: nSamples * nFeatures }, (_, i) => Math.sin(i));
  const sampleWeights = new Float32Array(nSamples).fill(1);
  const dataset = await createDataset({ data, nSamples, nFeatures }, { context, sampleWeights });
  const MEBIBYTE = 2 ** 20;
  expect(Math.max(...mapped, 0)).toBeLessThan(MEBIBYTE);
  expect(Math.max(...pieces)).toBeLessThanOrEqual(MEBIBYTE);
  const sum = pieces.reduce((total, piece) => total + piece, 0);
  expect(sum).toBeGreaterThanOrEqual(4 * nSamples * (nFeatures + 1));
  // 16 MiB on their way make Chromium's main thread wait
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThan(12);
  const mixture = await GaussianMixture.fit(dataset, {
    nComponents: 1,
    maxIter: 1,
    context,
    regCovar: 0,
    covarianceType: 'diag',
  });
  let [total, squares] = [0, 0];
  for (let i = 0; i < data.length; i += nFeatures) {
    total += data[i];
    squares += data[i] ** 2;
  }
  const mean = total / nSamples;
  expect(mixture.means[0]).toBeCloseTo(mean, 6);
  expect(mixture.covariances[0]).toBeCloseTo(squares / nSamples - mean ** 2, 5);
  dataset.dispose();
  context.dispose();
});
