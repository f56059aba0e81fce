import type { Kernel } from '../gpu/kernel.ts';
import type { Work } from '../gpu/work-queue.ts';
import { GROUP_SLABS, groupsTouched, WORKGROUP } from './kernel-shape.ts';

/** What shaders/reduce.wgsl adds up: so many vec4s of each of a run of slabs. */
export interface SlabSums {
  readonly vectors: number;
  readonly firstSlab: number;
  readonly slabs: number;
  /** As of the kernel that summed the slabs. */
  readonly uniforms: readonly number[];
}

/** The work that adds slabs' partials to the totals of their groups. */
export function reduceWork(
  kernel: Kernel,
  bindGroups: readonly GPUBindGroup[],
  { vectors, firstSlab, slabs, uniforms }: SlabSums,
): Work {
  return {
    kernel,
    bindGroups,
    units: Math.ceil((groupsTouched(firstSlab, slabs) * vectors) / WORKGROUP),
    workgroupsPerUnit: 1,
    costPerUnit: WORKGROUP * Math.min(slabs, GROUP_SLABS) * 4,
    uniforms,
  };
}
