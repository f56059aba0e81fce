import { BufferUsage } from '../gpu/buffers.ts';
import type { Work } from '../gpu/work-queue.ts';
import type { DeviceChunk } from './device-chunks.ts';
import type { ChunkPart, PassTargets } from './device-e-step.ts';
import type { Model } from './device-model.ts';
import type { DeviceWorks } from './device-works.ts';
import { slabOf, sumVectors } from './kernel-shape.ts';
import { reduceWork } from './reduce-work.ts';
import { inverseTemperatureOf, type Responsibilities } from './responsibilities.ts';

/**
 * One E-step over a chunk whose kernels keep nothing of a sample: shaders/fused.wgsl, and reduce.
 * @param parts of the chunk, all but the last of the same size
 */
export async function fusedWorks(
  kernels: DeviceWorks,
  parts: readonly ChunkPart[],
  chunk: DeviceChunk,
  model: Model,
  { form, totals, likelihoods, firstSlab }: PassTargets,
  how: Responsibilities,
  largestPart: number,
): Promise<Work[]> {
  const [fused, reduce] = await Promise.all([
    kernels.kernel('fused', model, { how, sums: form }),
    kernels.kernel('reduce', model, { sums: form }),
  ]);
  const models = model.parts.length;
  const stacked = model.nComponents * models;
  const vectors = sumVectors(form, stacked);
  // by the largest part, so that the scratch never grows while works that bind it wait
  const bytes = Math.ceil(largestPart / slabOf(form)) * vectors * 16;
  const partials = kernels.buffer('partials', bytes, BufferUsage.STORAGE);
  return parts.flatMap(({ firstQuad, quads, slabs, ...part }) => {
    const first = firstSlab + part.firstSlab;
    const uniforms = kernels.uniforms(model, chunk, {
      firstQuad,
      partQuads: quads,
      firstSlab: first,
      slabs,
      componentCount: stacked,
      inverseTemperature: inverseTemperatureOf(how),
    });
    return [
      {
        kernel: fused,
        bindGroups: kernels.groups(fused, chunk, model, [partials, likelihoods]),
        units: slabs * models,
        workgroupsPerUnit: 1,
        // the density twice, two exponentials, and the sums
        costPerUnit: slabOf(form) * model.nComponents * (2 * kernels.twin.densityCost + 32),
        uniforms,
      },
      reduceWork(reduce, kernels.groups(reduce, chunk, model, [partials, totals]), {
        vectors,
        firstSlab: first,
        slabs,
        uniforms,
      }),
    ];
  });
}
