import type { Family } from '../families/family.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Dataset } from './dataset.ts';
import { Device } from './device.ts';
import type { Guidance } from './guidance.ts';
import { Reference } from './reference.ts';
import { MissingReference } from './reference-missing.ts';
import type { Seam } from './seam.ts';
import { StreamSeam } from './stream-seam.ts';
import { checkSupport } from './support.ts';

/**
 * The side of the seam that a dataset's context calls for: the one place that chooses.
 * @param regCovar what M-steps will add to the diagonals, D, in standardised units: tells the device which spread matters
 * @param guidance what is known of the samples' components, held through every E-step
 * @throws MixtureError OUTSIDE_SUPPORT, NON_FINITE where the family gives the samples no density
 */
export function makeSeam(
  dataset: Dataset,
  family: Family,
  regCovar?: Float64Array,
  guidance?: Guidance,
): Seam {
  dataset.assertUsable();
  if (dataset.streamed) {
    const roundoff = onDevice(dataset, family) ? 2 ** -24 : 2 ** -53;
    return new StreamSeam(dataset, family, guidance, roundoff, (chunk, own) =>
      sideOf(chunk, family, regCovar, own),
    );
  }
  checkSupport(dataset, family);
  return sideOf(dataset, family, regCovar, guidance);
}

const onDevice = (dataset: Dataset, family: Family): boolean =>
  dataset.context?.backend === 'webgpu' && whyNotDevice(dataset, family) === undefined;

/** The side for samples in memory. */
function sideOf(
  dataset: Dataset,
  family: Family,
  regCovar: Float64Array | undefined,
  guidance: Guidance | undefined,
): Seam {
  if (dataset.missing > 0 && family.missing === 'conditional') {
    return new MissingReference(dataset, family, guidance);
  }
  return onDevice(dataset, family)
    ? new Device(dataset, family, dataset.context!, regCovar, guidance)
    : new Reference(dataset, family, guidance);
}

/**
 * A seam with its samples on the device, where it has one.
 * @throws MixtureError as `makeSeam`; OUT_OF_MEMORY, LIMIT_EXCEEDED
 */
export async function openSeam(
  dataset: Dataset,
  family: Family,
  regCovar?: Float64Array,
  signal?: AbortSignal,
  guidance?: Guidance,
): Promise<Seam> {
  const seam = makeSeam(dataset, family, regCovar, guidance);
  try {
    if (seam instanceof Device) await seam.prepare(signal);
    return seam;
  } catch (error) {
    seam.dispose();
    throw error;
  }
}

/** Why a fit on a WebGPU context computes on the CPU all the same; undefined where it does not. */
function whyNotDevice(dataset: Dataset, family: Family): string | undefined {
  if (family.deviceless !== undefined) return family.deviceless;
  if (dataset.missing > 0 && family.missing === 'conditional') {
    return `${family.name} with missing entries needs conditional moments for each pattern of missingness, which only the float64 side computes`;
  }
  return undefined;
}

/** Where a fit really runs, and why there. */
export function infoFor(dataset: Dataset, family: Family, info: ContextInfo): ContextInfo {
  const reason = info.backend === 'webgpu' ? whyNotDevice(dataset, family) : undefined;
  if (reason === undefined) return info;
  return {
    ...info,
    backend: 'cpu',
    code: 'NOT_ON_DEVICE',
    reason: `Runs on the CPU in float64: ${reason}.`,
  };
}
