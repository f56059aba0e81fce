import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bernoulli,
  createContext,
  createDataset,
  GaussianMixture,
  Mixture,
  type Context,
} from '../src/index.ts';
import { expectRefusal } from './support/behaviour/side.ts';
import { hashgen } from './support/hashgen.ts';
import { readBuffer } from './support/read-buffer.ts';

const nSamples = 10000;
const nFeatures = 3;
const { data } = hashgen({
  seed: 6,
  n: nSamples,
  k: 3,
  d: nFeatures,
  kind: 'full',
  sep: 4,
  corr: 0.5,
  smin: 0.5,
  smax: 1.5,
});
const samples = { data, nSamples, nFeatures };

/** A caller's own pipeline: copies a storage buffer out word by word, by reading it as read-only storage. */
async function readStorage(device: GPUDevice, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const { size } = buffer;
  const copy = device.createBuffer({
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const readback = device.createBuffer({
    size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const code = `
    @group(0) @binding(0) var<storage, read> source: array<u32>;
    @group(0) @binding(1) var<storage, read_write> copy: array<u32>;
    @compute @workgroup_size(64)
    fn copy_words(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&source)) { copy[id.x] = source[id.x]; }
    }`;
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'copy_words' },
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [buffer, copy].map((resource, binding) => ({
        binding,
        resource: { buffer: resource },
      })),
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(size / 256));
  pass.end();
  encoder.copyBufferToBuffer(copy, 0, readback, 0, size);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ);
  const bytes = readback.getMappedRange().slice(0);
  copy.destroy();
  readback.destroy();
  return bytes;
}

describe("what a caller's own pipelines may read", () => {
  let context: Context;
  beforeAll(async () => {
    context = await createContext({ backend: 'webgpu' });
  });
  afterAll(() => context.dispose());

  test.each([undefined, 4096])(
    "a dataset's samples, standardised, in chunks of %s",
    async (most) => {
      const dataset = await createDataset(samples, {
        context,
        ...(most && { maxChunkSamples: most }),
      });
      const chunks = dataset.chunks;
      expect(chunks.reduce((sum, chunk) => sum + chunk.nSamples, 0)).toBe(nSamples);
      expect(chunks.length).toBe(most ? 3 : 1);
      let next = 0;
      for (const { values, firstSample, nSamples: count, stride } of chunks) {
        expect(firstSample).toBe(next);
        next += count;
        expect(stride).toBeGreaterThanOrEqual(count);
        const words = new Float32Array(await readStorage(context.device!, values));
        for (let i = 0; i < count; i += 97) {
          for (let d = 0; d < nFeatures; d++) {
            const x = data[(firstSample + i) * nFeatures + d];
            const z = (x - dataset.columnMeans[d]) / dataset.columnScales[d];
            expect(words[d * stride + i]).toBe(Math.fround(z));
          }
        }
      }
      dataset.dispose();
    },
  );

  test.each([undefined, 4096])('labels that stay on the device, in chunks of %s', async (most) => {
    const dataset = await createDataset(samples, {
      context,
      ...(most && { maxChunkSamples: most }),
    });
    const mixture = await GaussianMixture.fit(dataset, { nComponents: 3, context });
    const before = context.liveBuffers;
    const labels = await mixture.predictBuffers(dataset);
    expect(labels.buffers.length).toBe(dataset.chunks.length);
    const expected = await mixture.predict(dataset, { context });
    for (const [index, buffer] of labels.buffers.entries()) {
      const chunk = dataset.chunks[index];
      const words = new Uint32Array(await readStorage(context.device!, buffer));
      const own = Array.from(words.subarray(0, chunk.nSamples));
      expect(own).toEqual(
        Array.from(expected.subarray(chunk.firstSample, chunk.firstSample + chunk.nSamples)),
      );
    }
    labels.dispose();
    labels.dispose();
    expect(context.liveBuffers).toBe(before);
    dataset.dispose();
    expect(context.liveBuffers).toBe(0);
  });

  test.each([undefined, 4096])(
    'responsibilities and entropies that stay on the device, in chunks of %s',
    async (most) => {
      const dataset = await createDataset(samples, {
        context,
        ...(most && { maxChunkSamples: most }),
      });
      const mixture = await GaussianMixture.fit(dataset, { nComponents: 3, context, maxIter: 3 });
      const before = context.liveBuffers;
      const gamma = await mixture.predictProba(samples);
      const second = await mixture.responsibilityBuffers(dataset, 1);
      const entropies = await mixture.entropyBuffers(dataset);
      expect(entropies.buffers.length).toBe(dataset.chunks.length);
      let [worst, undecided] = [0, 0];
      for (const [index, { firstSample, nSamples: count }] of dataset.chunks.entries()) {
        const ones = new Float32Array(await readBuffer(context.device!, second.buffers[index]));
        const sums = new Float32Array(await readStorage(context.device!, entropies.buffers[index]));
        for (let i = 0; i < count; i++) {
          const row = gamma.subarray(3 * (firstSample + i), 3 * (firstSample + i + 1));
          let entropy = 0;
          for (const p of row) entropy -= p > 0 ? p * Math.log(p) : 0;
          worst = Math.max(worst, Math.abs(ones[i] - row[1]), Math.abs(sums[i] - entropy));
          if (entropy > 0.3) undecided++;
        }
      }
      expect(worst).toBeLessThan(1e-4);
      expect(undecided).toBeGreaterThan(50);
      for (const kept of [second, entropies, second]) kept.dispose();
      expect(context.liveBuffers).toBe(before);
      await expectRefusal(
        mixture.responsibilityBuffers(dataset, 3),
        'INVALID_OPTION',
        /component 3 of 3/,
        { component: 3, nComponents: 3 },
      );
      dataset.dispose();
      await expectRefusal(mixture.entropyBuffers(dataset), 'DISPOSED', /disposed/);
    },
  );

  test('of a sample that no component can have made, the responsibilities on the device are the weights', async () => {
    const parameters = {
      weights: Float64Array.of(0.25, 0.75),
      probabilities: Float64Array.of(0, 0.5, 0, 0.5),
    };
    const mixture = new Mixture(bernoulli(), parameters, 2);
    const rows = { data: Float64Array.of(1, 0, 0, 1), nSamples: 2, nFeatures: 2 };
    const dataset = await createDataset(rows, { context });
    const second = await mixture.responsibilityBuffers(dataset, 1);
    const entropies = await mixture.entropyBuffers(dataset);
    const entropy = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);
    for (const [kept, expected] of [
      [second, 0.75],
      [entropies, entropy],
    ] as const) {
      const values = new Float32Array(await readBuffer(context.device!, kept.buffers[0]));
      expect(values[0]).toBeCloseTo(expected, 6);
      expect(values[1]).toBeCloseTo(expected, 6);
      kept.dispose();
    }
    dataset.dispose();
  });

  test('a dataset on the CPU has no chunks, and no labels on a device', async () => {
    const cpu = await createContext({ backend: 'cpu' });
    const dataset = await createDataset(samples, { context: cpu });
    expect(dataset.chunks).toEqual([]);
    const mixture = await GaussianMixture.fit(dataset, {
      nComponents: 3,
      context: cpu,
      maxIter: 2,
    });
    for (const refused of [
      mixture.predictBuffers(dataset),
      mixture.responsibilityBuffers(dataset, 0),
      mixture.entropyBuffers(dataset),
    ]) {
      await expectRefusal(refused, 'INVALID_OPTION', /on the CPU/);
    }
    dataset.dispose();
    cpu.dispose();
  });

  test('a dataset refuses a context that it was not made for, instead of running elsewhere', async () => {
    const cpu = await createContext({ backend: 'cpu' });
    const webgpu = await createContext({ backend: 'webgpu' });
    const onCpu = await createDataset(samples);
    const onDevice = await createDataset(samples, { context: webgpu });
    const options = { nComponents: 2, maxIter: 1 };
    await expectRefusal(
      GaussianMixture.fit(onCpu, { ...options, context: webgpu }),
      'INVALID_OPTION',
      /made for another context/,
      { made: 'cpu', given: 'webgpu' },
    );
    const mixture = await GaussianMixture.fit(onDevice, { ...options, context: webgpu });
    await expectRefusal(
      mixture.predict(onDevice, { context: cpu }),
      'INVALID_OPTION',
      /made for another context/,
      { made: 'webgpu', given: 'cpu' },
    );
    expect((await GaussianMixture.fit(onCpu, { ...options, context: cpu })).nIter).toBe(1);
    webgpu.dispose();
    cpu.dispose();
  });
});
