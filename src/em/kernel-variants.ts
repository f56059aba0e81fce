import { identityStandardisation } from '../data/standardisation.ts';
import type { Family } from '../families/family.ts';
import { exampleFamilies } from '../families/registry.ts';
import type { KernelSource } from '../gpu/kernel.ts';
import {
  kernelSource,
  SUMMING,
  ENTRY_POINTS,
  type EntryPoint,
  type KernelShape,
} from './kernels.ts';
import { seedKernel } from './seeding-device.ts';

/** Every kernel in every family, over a spread of shapes: for the check that all compile. */
export function kernelVariants(): { name: string; code: string }[] {
  const variants = new Map<string, string>();
  for (const family of exampleFamilies()) {
    const { nFeatures: own } = family.settings;
    const sizes = typeof own === 'number' ? [own] : [1, 2, 4, 7, 8, 33, 64, 256];
    for (const nFeatures of sizes) {
      for (const missing of family.missing === 'observed' ? [false, true] : [false]) {
        for (const source of familyKernels(family, nFeatures, missing)) {
          variants.set(source.name, source.code);
        }
      }
    }
  }
  for (const nFeatures of [1, 4, 7]) {
    for (const missing of [false, true]) {
      for (const split of [false, true]) {
        for (const entryPoint of ['seed_distances', 'seed_draws'] as const) {
          const { name, code } = seedKernel(entryPoint, nFeatures, split, missing);
          variants.set(name, code);
        }
      }
    }
  }
  return [...variants].map(([name, code]) => ({ name, code }));
}

function familyKernels(family: Family, nFeatures: number, missing: boolean): KernelSource[] {
  const twin = family.device(nFeatures, missing);
  const density = family.density(family.neutral(2, nFeatures), identityStandardisation(nFeatures));
  const { tableVectors } = twin.pack(density, false);
  const splits = twin.layout === 'standardised' ? [false, true] : [false];
  const shape = { twin, nFeatures, tableVectors, missing };
  const forms = [twin.sums, twin.shortSums, twin.fusedSums].filter((form) => form !== undefined);
  const all = (more: Partial<KernelShape>): KernelSource[] =>
    (Object.keys(ENTRY_POINTS) as EntryPoint[])
      .filter((entryPoint) => entryPoint !== 'whiten_samples' || (twin.linear && !more.split))
      .flatMap((entryPoint) =>
        (SUMMING.has(entryPoint) || entryPoint === 'log_joint' ? forms : [undefined])
          .filter(
            (sums) =>
              entryPoint === 'reduce' ||
              (SUMMING.has(entryPoint)
                ? sums?.kernel === entryPoint
                : // fused sums have no a_nk kept for them
                  sums?.kernel !== 'fused'),
          )
          .map((sums) => kernelSource(entryPoint, { ...shape, split: false, sums, ...more })),
      );
  const plain = splits.flatMap((split) => all({ split, lanes: split ? 4 : 16 }));
  if (nFeatures !== 4 && nFeatures !== family.settings['nFeatures']) return plain;
  // what any family may be asked for beside: at one size
  const guided = (['labels', 'priors', 'random'] as const).flatMap((guidance) => all({ guidance }));
  return [...plain, ...all({ hard: true }), ...all({ hard: true, lanes: 4 }), ...guided];
}
