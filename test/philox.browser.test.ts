import { atOnce } from '../src/data/pause.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import philoxSource from '../shaders/philox.wgsl?raw';
import { philox } from '../src/data/philox.ts';
import { createContext, type Context } from '../src/index.ts';
import { BufferUsage, readMapped } from '../src/gpu/buffers.ts';
import { KNOWN_ANSWERS } from './support/philox-answers.ts';

/** Evaluates the shader at counters, one after another (4 words each), with keys (2 words each). */
const KERNEL = `${philoxSource}
@group(0) @binding(0) var<storage, read> counters: array<vec4u>;
@group(0) @binding(1) var<storage, read> keys: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> words: array<vec4u>;

@compute @workgroup_size(64)
fn evaluate(@builtin(global_invocation_id) at: vec3u) {
  if (at.x < arrayLength(&words)) {
    words[at.x] = philox(counters[at.x], keys[at.x]);
  }
}`;

describe('Philox4x32-10 in WGSL', () => {
  let context: Context;
  beforeAll(async () => {
    context = await createContext({ backend: 'webgpu' });
  });
  afterAll(() => context.dispose());

  async function onDevice(counters: Uint32Array, keys: Uint32Array): Promise<Uint32Array> {
    const { device, buffers } = context.gpu();
    const upload = (name: string, values: Uint32Array): GPUBuffer =>
      atOnce(
        buffers.filled(
          name,
          values.byteLength,
          BufferUsage.STORAGE,
          function* fill(contents, ready) {
            yield;
            new Uint32Array(contents).set(values);
            ready(0, values.byteLength);
          },
        ),
      );
    const bytes = counters.byteLength;
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = BufferUsage;
    const words = buffers.create('words', bytes, STORAGE | COPY_SRC);
    const readback = buffers.create('readback', bytes, MAP_READ | COPY_DST);
    const { pipeline, layouts } = await context.kernel({
      name: 'philox',
      entryPoint: 'evaluate',
      code: KERNEL,
      groups: [['read', 'read', 'write']],
    });
    const bound = [upload('counters', counters), upload('keys', keys), words];
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: layouts[0],
        entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    );
    pass.dispatchWorkgroups(Math.ceil(counters.length / 4 / 64));
    pass.end();
    encoder.copyBufferToBuffer(words, 0, readback, 0, bytes);
    device.queue.submit([encoder.finish()]);
    const [read] = await readMapped(readback, [bytes]);
    return new Uint32Array(read.buffer);
  }

  test('gives the published words', async () => {
    const counters = Uint32Array.from(KNOWN_ANSWERS.flatMap(({ counter }) => counter));
    const keys = Uint32Array.from(KNOWN_ANSWERS.flatMap(({ key }) => key));
    const words = await onDevice(counters, keys);
    expect([...words].slice(0, counters.length)).toEqual(
      KNOWN_ANSWERS.flatMap(({ words: expected }) => expected),
    );
  });

  test('agrees with TypeScript on 4,096 other counters', async () => {
    const counters = new Uint32Array(4 * 4096);
    const keys = new Uint32Array(2 * 4096);
    const expected = new Uint32Array(4 * 4096);
    const word = new Uint32Array(4);
    for (let i = 0; i < 4096; i++) {
      // words with all their bits in use: the generator's own
      philox([i, 0, 0, 0], [9, 9], word);
      counters.set(word, 4 * i);
      philox([i, 1, 0, 0], [9, 9], word);
      keys.set(word.subarray(0, 2), 2 * i);
      philox(counters.subarray(4 * i), [keys[2 * i], keys[2 * i + 1]], word);
      expected.set(word, 4 * i);
    }
    expect(await onDevice(counters, keys)).toEqual(expected);
  });
});
