import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext, type Context } from '../../src/index.ts';
import { hoursAreFound, wavesAreFound } from './own-family-checks.ts';
import { fitHours, fitWaves } from './own-family.ts';
import { contextOn } from '../support/context.ts';

describe('The families of docs/own-family.md on WebGPU', () => {
  let webgpu: Context;
  let cpu: Context;
  beforeAll(async () => {
    webgpu = await contextOn('webgpu');
    cpu = await createContext({ backend: 'cpu' });
  });
  afterAll(() => webgpu.dispose());

  test('the waves', async () => {
    const mixture = await fitWaves(webgpu);
    expect(mixture.contextInfo!.backend).toBe('webgpu');
    wavesAreFound(mixture);
    const expected = await fitWaves(cpu);
    expect(mixture.lowerBound).toBeCloseTo(expected.lowerBound, 6);
    expect((await fitWaves(webgpu)).parameters).toEqual(mixture.parameters);
  });

  test('the rush hours', async () => {
    const fitted = await fitHours(webgpu);
    expect(fitted.mixture.contextInfo!.backend).toBe('webgpu');
    hoursAreFound(fitted);
    // (parameters agree to the digits of hoursAreFound: near a flat maximum the two sides stop an iteration or so apart)
    const { mixture } = await fitHours(cpu);
    expect(fitted.mixture.lowerBound).toBeCloseTo(mixture.lowerBound, 6);
  });
});
