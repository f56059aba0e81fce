import { threeDigits } from '../format.ts';
import { sideOf, type Row } from '../result.ts';
import { describeShape, type BenchShape } from '../shapes.ts';

/**
 * What a finished run comes to, in one sentence: on hardware, how the GPU compares with the faster CPU side at the largest shape that
 * both were right at. On a software adapter there is nothing to say of a GPU, and that is said.
 */
export function headline(kind: 'hardware' | 'software' | 'cpu', rows: readonly Row[]): string {
  if (kind === 'software') {
    return 'No headline: the adapter is software, so every side ran on the same processor, and no time here is that of a GPU.';
  }
  if (kind === 'cpu') return 'No headline: without an adapter only the CPU was measured.';
  const both = rows.flatMap((row) => {
    const gpu = sideOf(row, 'webgpu')?.time?.milliseconds.median;
    const cpu = ['cpu', 'threads'] as const;
    const times = cpu.flatMap((side) => sideOf(row, side)?.time?.milliseconds.median ?? []);
    return gpu === undefined || times.length === 0
      ? []
      : [{ shape: row.shape, gpu, cpu: Math.min(...times) }];
  });
  const [largest] = both.toSorted((a, b) => size(b.shape) - size(a.shape));
  if (largest === undefined) return 'No shape has a right time on both the GPU and the CPU.';
  const { shape, gpu, cpu } = largest;
  const [times, word] = cpu >= gpu ? [cpu / gpu, 'fast'] : [gpu / cpu, 'slow'];
  return `${describeShape(shape)}: an iteration takes ${threeDigits(gpu)} ms on the GPU and ${threeDigits(cpu)} ms on the CPU, ${threeDigits(times)} times as ${word} on the GPU.`;
}

function size({ nSamples, nFeatures, nComponents }: BenchShape): number {
  return nSamples * nFeatures * nComponents;
}
