import type { Family } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import type { Dataset } from './dataset.ts';
import type { Guidance } from './guidance.ts';
import { fuses, normaliseLanes } from './kernel-shape.ts';
import { kernelSource, type EntryPoint, type KernelShape } from './kernels.ts';
import { needsSplit } from './precision.ts';
import { isHard, type Responsibilities } from './responsibilities.ts';

/** What E-steps will be taken. */
export interface Ahead {
  readonly hows: readonly Responsibilities[];
  readonly nComponents: number;
}

/**
 * Begins to compile what E-steps need, all of it side by side, so that it is there when the first one comes. A guess: a model of
 * another form has its kernels compiled when it comes, and what does not compile is reported then.
 */
export function compileAhead(
  dataset: Dataset,
  family: Family,
  context: Context,
  { hows, nComponents }: Ahead,
  guidance?: Guidance,
): void {
  const { nFeatures } = dataset;
  const missing = dataset.missing > 0;
  const twin = family.device(nFeatures, missing);
  const decorrelation = twin.couples ? dataset.decorrelation : undefined;
  const split =
    twin.layout === 'standardised' &&
    needsSplit(new Float64Array(0), dataset, decorrelation !== undefined);
  const density = family.density(family.neutral(2, nFeatures), dataset.standardisationFor(family));
  const { tableVectors } = twin.pack(density, split);
  const shape = { twin, nFeatures, tableVectors, split, missing, guidance: guidance?.kind };
  const ask = (entryPoint: EntryPoint, more: Partial<KernelShape> = {}): void => {
    context.kernel(kernelSource(entryPoint, { ...shape, ...more })).catch(() => {});
  };
  if (fuses(twin, nComponents)) {
    const sums = twin.fusedSums;
    for (const how of hows) ask('fused', { hard: isHard(how), sums });
    ask('reduce', { sums });
    return;
  }
  const lanes = normaliseLanes(nComponents);
  for (const how of hows) ask('normalise', { hard: isHard(how), lanes });
  // which of the family's sums are accurate enough, the parameters say (in pairs of float32, its own alone: ShortForm.suits)
  for (const sums of [twin.sums, decorrelation || split ? undefined : twin.shortSums]) {
    if (!sums) continue;
    ask('log_joint', { sums });
    ask(sums.kernel, { sums });
    ask('reduce', { sums });
  }
}
