import assign from '../../shaders/assign.wgsl?raw';
import dispatch from '../../shaders/dispatch.wgsl?raw';
import eStep from '../../shaders/e-step.wgsl?raw';
import reduce from '../../shaders/reduce.wgsl?raw';
import residualsSplit from '../../shaders/residuals-split.wgsl?raw';
import residuals from '../../shaders/residuals.wgsl?raw';
import responsibilities from '../../shaders/responsibilities.wgsl?raw';
import samples from '../../shaders/samples.wgsl?raw';
import statistics from '../../shaders/statistics.wgsl?raw';
import { blocksOf } from '../families/device-layout.ts';
import type { Family } from '../families/family.ts';
import { gaussianFamilies } from '../families/registry.ts';
import type { BindingKind, KernelSource } from '../gpu/kernel.ts';
import { GROUP_SLABS, shareBlocks, slabSamples, tileQuads, WORKGROUP } from './kernel-shape.ts';

const ENTRY_POINTS: Readonly<Record<string, { code: string; workspace: readonly BindingKind[] }>> =
  {
    e_step: { code: eStep, workspace: ['write', 'write', 'write'] },
    statistics: { code: statistics, workspace: ['read', 'read', 'write'] },
    reduce: { code: reduce, workspace: ['read', 'write'] },
    responsibilities: { code: responsibilities, workspace: ['read', 'read', 'write'] },
    assign: { code: assign, workspace: ['write', 'write'] },
  };
export type EntryPoint = 'e_step' | 'statistics' | 'reduce' | 'responsibilities' | 'assign';

/** What a kernel's text depends on. */
export interface KernelShape {
  readonly family: Family;
  readonly nFeatures: number;
  /** vec4s of whitening a component; 0 where all components share one. */
  readonly whiteningVectors: number;
  /** Samples and means as pairs of float32. */
  readonly split: boolean;
}

/** vec4s in one block of sums of a family: the stride of its `Sums` struct, over 16 bytes. */
export const vectorsPerBlock = (family: Family): number => family.deviceVectors(1);

/** Blocks of sums a component has on the device. */
export const blockCount = (family: Family, nFeatures: number): number =>
  family.deviceVectors(nFeatures) / vectorsPerBlock(family);

/**
 * One kernel's whole text: numbers, shared declarations, the family, the entry point. Declaration order is free in WGSL.
 */
export function kernelSource(entryPoint: EntryPoint, shape: KernelShape): KernelSource {
  const { family, nFeatures, whiteningVectors, split } = shape;
  const quads = tileQuads(family.tileRows(nFeatures));
  const { shared, owned, groups } = shareBlocks(blockCount(family, nFeatures), quads);
  const numbers = {
    D: nFeatures,
    BLOCKS: blocksOf(nFeatures),
    WORKGROUP,
    TILE_QUADS: quads,
    SLAB_TILES: slabSamples(quads) / (4 * quads),
    GROUP_SLABS,
    SHARED: shared,
    OWNED: owned,
    BLOCK_GROUPS: groups,
    BLOCKS_PER_GROUP: (WORKGROUP / shared) * owned,
    WHITENING_STRIDE: whiteningVectors,
  };
  const header = Object.entries(numbers).map(([name, value]) => `const ${name} = ${value}u;\n`);
  const { code, workspace } = ENTRY_POINTS[entryPoint];
  return {
    name: `${entryPoint}(${family.name}, D=${nFeatures}, whitening=${whiteningVectors}${split ? ', split' : ''})`,
    entryPoint,
    code: [
      header.join(''),
      dispatch,
      samples,
      split ? residualsSplit : residuals,
      family.shader,
      code,
    ].join('\n'),
    groups: [
      split ? ['read', 'read', 'read'] : ['read', 'read'],
      ['read', 'read'],
      workspace,
      ['uniform'],
    ],
  };
}

/** Every kernel in every family, plain and split, over a spread of shapes: for the check that all compile. */
export function kernelVariants(): { name: string; code: string }[] {
  const variants = new Map<string, string>();
  for (const family of Object.values(gaussianFamilies)) {
    for (const nFeatures of [1, 2, 4, 7, 8, 33, 64, 256]) {
      for (const split of [false, true]) {
        for (const entryPoint of Object.keys(ENTRY_POINTS) as EntryPoint[]) {
          const whiteningVectors = whiteningVectorsOf(family, nFeatures);
          const { name, code } = kernelSource(entryPoint, {
            family,
            nFeatures,
            whiteningVectors,
            split,
          });
          variants.set(name, code);
        }
      }
    }
  }
  return [...variants].map(([name, code]) => ({ name, code }));
}

/** vec4s of whitening per component, found by packing two components; 0 where they share it. */
function whiteningVectorsOf(family: Family, nFeatures: number): number {
  const narrow = family.narrow(new Float64Array(2 * nFeatures), 2, nFeatures, 1);
  const standardisation = {
    means: new Float64Array(nFeatures),
    scales: new Float64Array(nFeatures).fill(1),
    constantColumns: [],
    largest: 1,
    logScale: 0,
  };
  const density = family.density(narrow, standardisation);
  return whiteningVectors(density.whiteningStride, family.pack(density, false).whitening.length, 2);
}

/** vec4s of whitening per component from the length of the packed whitening. */
export function whiteningVectors(
  whiteningStride: number,
  packedFloats: number,
  nComponents: number,
): number {
  return whiteningStride === 0 ? 0 : packedFloats / 4 / nComponents;
}
