/**
 * The sample of every block of `every` that stands for it: one of them by a hash of the block's number, the same each time. Rows often
 * come in turns (stations, sensors, classes): every m-th of them would be all of one kind. As `sample_of` in plot/splat.wgsl.
 */
export function thinnedSample(block: number, every: number, nSamples: number): number {
  const first = block * every;
  return every === 1 ? first : first + (hash(block) % Math.min(every, nSamples - first));
}

/** PCG, 32 bits. */
function hash(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}
