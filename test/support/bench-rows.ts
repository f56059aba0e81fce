import type { Differences } from '../../bench/check.ts';
import { gatesOf } from '../../bench/gates.ts';
import type { Rate, Roofline } from '../../bench/micro.ts';
import type { SideMeasured } from '../../bench/row.ts';
import type { BenchShape } from '../../bench/shapes.ts';
import type { SideName } from '../../bench/sides.ts';
import { spread } from '../../bench/statistics.ts';

export const gates = gatesOf;

export function shape(
  model: BenchShape['model'],
  nSamples: number,
  nFeatures: number,
  nComponents: number,
): BenchShape {
  return { model, nSamples, nFeatures, nComponents };
}

/** An adapter of so many operations and bytes a second, a tenth as many exponentials, and half a millisecond of latency. */
export function roofline(flops: number, bytes: number): Roofline {
  const rate = (value: number): Rate => ({ measured: spread([value]), how: 'by hand' });
  return {
    fma: rate(flops),
    exp: rate(flops / 10),
    copy: rate(bytes),
    latency: rate(0.0005),
    failures: [],
  };
}

/** A side that took so many milliseconds an iteration in each repetition. */
export function sideAt(
  side: SideName,
  milliseconds: readonly number[],
  differences: Differences = { iterations: 20, lowerBound: 0, meansInSigma: 0 },
): SideMeasured {
  return { side, threads: 0, differences, milliseconds, iterations: [1, 11] };
}
