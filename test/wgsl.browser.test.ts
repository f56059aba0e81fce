import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelVariants } from '../src/em/kernel-variants.ts';

// Every WGSL module that the library or the page can ask a device to compile.
const modules = [
  ...kernelVariants(),
  ...Object.entries(
    import.meta.glob<string>('../src/app/**/*.wgsl', {
      query: '?raw',
      import: 'default',
      eager: true,
    }),
  ).map(([name, code]) => ({ name, code })),
];

describe('every WGSL module compiles without an error or a warning', () => {
  let device: GPUDevice;

  beforeAll(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) throw new Error('This browser has no WebGPU adapter.');
    device = await adapter.requestDevice();
  });
  afterAll(() => device.destroy());

  test('there are some', () => {
    expect(modules.length).toBeGreaterThan(0);
    expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
  });

  test.each(modules)('$name', async ({ name, code }) => {
    device.pushErrorScope('validation');
    const shader = device.createShaderModule({ label: name, code });
    const { messages } = await shader.getCompilationInfo();
    const error = await device.popErrorScope();
    const complaints = messages
      .filter(({ type }) => type !== 'info')
      .map(({ type, lineNum, linePos, message }) => {
        const line = code.split('\n')[lineNum - 1] ?? '';
        return `${type} ${lineNum}:${linePos} ${message}\n  ${line.trim()}`;
      });
    expect(complaints.join('\n')).toBe('');
    expect(error).toBeNull();
  });
});
