import { afterAll, beforeAll, expect } from 'vitest';
import {
  MixtureError,
  type Context,
  type ContextOptions,
  type ErrorCode,
} from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { contextOn } from '../context.ts';

/** One side of the seam, for the duration of a suite. */
export interface Side {
  readonly backend: 'cpu' | 'webgpu';
  /** How well one step agrees with exact arithmetic. */
  readonly near: number;
  readonly context: Context;
}

let cpuOptions: ContextOptions = {};

/** Suites on the CPU backend that follow, in this file, compute by the kernels on worker threads, however small their samples. */
export function useThreads(threads: number): void {
  cpuOptions = { threads, leastWork: 0 };
  afterAll(() => (cpuOptions = {}));
}

/** Makes the side's context before a suite's tests and disposes of it after them, with nothing left on the device. */
export function useSide(backend: 'cpu' | 'webgpu'): Side {
  let context: Context | undefined;
  beforeAll(async () => {
    context = await contextOn(backend, cpuOptions);
  });
  afterAll(() => {
    const left = context?.liveBuffers;
    context?.dispose();
    expect(left).toBe(0);
  });
  return {
    backend,
    near: backend === 'cpu' ? 1e-9 : 1e-5,
    get context() {
      return context!;
    },
  };
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a rejection, got ${String(value)}.`);
    },
    (error: unknown) => error,
  );
}

/** Expects a typed error: its code, words of its message, numbers of its details, and a hint. */
export async function expectRefusal(
  promise: Promise<unknown>,
  code: ErrorCode,
  message: RegExp,
  details: Record<string, unknown> = {},
): Promise<MixtureError> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(MixtureError);
  const refusal = error as MixtureError;
  expect([refusal.code, refusal.message]).toEqual([code, expect.stringMatching(message)]);
  expect(refusal.details).toMatchObject(details);
  expect(refusal.hint).not.toBe('');
  return refusal;
}

/** Three well-separated clusters in the plane, 300 samples, with their labels. */
export function threeClusters(): {
  samples: { data: Float64Array; nSamples: number; nFeatures: number };
  labels: Int32Array;
} {
  const { data, labels } = hashgen({
    seed: 1,
    n: 300,
    k: 3,
    d: 2,
    kind: 'full',
    sep: 12,
    corr: 0.4,
    smin: 0.5,
    smax: 1,
  });
  return { samples: { data, nSamples: 300, nFeatures: 2 }, labels };
}
