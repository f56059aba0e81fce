import { hasSimd } from '../cpu/kernels.ts';
import { KernelsRefused } from '../cpu/refused.ts';
import type { Family } from '../families/family.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Dataset } from './dataset.ts';
import { Device } from './device.ts';
import type { Guidance } from './guidance.ts';
import { compileAhead, type Ahead } from './kernels-ahead.ts';
import { atOnce, inTurns } from '../data/pause.ts';
import { Reference } from './reference.ts';
import type { Seam } from './seam.ts';
import { checkSupport } from './support.ts';
import { canThread } from './can-thread.ts';

/**
 * The side of the seam that a dataset's context calls for: the one place that chooses. Sides that few fits need are fetched for
 * them: a page that fits complete samples on a device has no use for the others.
 * @param regCovar what M-steps will add to the diagonals, D, in standardised units: tells the device which spread matters
 * @param guidance what is known of the samples' components, held through every E-step
 * @throws MixtureError OUTSIDE_SUPPORT, NON_FINITE where the family gives the samples no density
 */
export async function makeSeam(
  dataset: Dataset,
  family: Family,
  regCovar?: Float64Array,
  guidance?: Guidance,
): Promise<Seam> {
  dataset.assertUsable();
  if (dataset.streamed) {
    const roundoff = onDevice(dataset, family) ? 2 ** -24 : 2 ** -53;
    const { StreamSeam } = await import('./stream-seam.ts');
    return new StreamSeam(dataset, family, guidance, roundoff, async (chunk, own) => {
      const side = await sideOf(chunk, family, regCovar, own);
      // (a device's planes are those that the chunk before was asked for)
      if (!onDevice(chunk, family)) await side.prepare?.();
      return side;
    });
  }
  atOnce(checkSupport(dataset, family));
  return sideOf(dataset, family, regCovar, guidance);
}

const onDevice = (dataset: Dataset, family: Family): boolean =>
  dataset.context?.backend === 'webgpu' && whyNotDevice(dataset, family) === undefined;

/** The side for samples in memory. */
async function sideOf(
  dataset: Dataset,
  family: Family,
  regCovar: Float64Array | undefined,
  guidance: Guidance | undefined,
): Promise<Seam> {
  if (dataset.missing > 0 && family.missing === 'conditional') {
    const { MissingReference } = await import('./reference-missing.ts');
    return new MissingReference(dataset, family, guidance);
  }
  const { context } = dataset;
  if (onDevice(dataset, family)) return new Device(dataset, family, context!, regCovar, guidance);
  if (context && family.threads && onThreads(dataset, family, context.info, guidance)) {
    const { Threaded } = await import('./threaded.ts');
    return new Threaded(dataset, family, family.threads, context, guidance);
  }
  return new Reference(dataset, family, guidance);
}

/**
 * A seam with its samples on the device, where it has one.
 * @param ahead the E-steps that will follow: on a device their kernels are compiled while the samples are uploaded
 * @throws MixtureError as `makeSeam`; OUT_OF_MEMORY, LIMIT_EXCEEDED
 */
export async function openSeam(
  dataset: Dataset,
  family: Family,
  regCovar?: Float64Array,
  signal?: AbortSignal,
  guidance?: Guidance,
  ahead?: Ahead,
): Promise<Seam> {
  dataset.assertUsable();
  // (a stream's seam looks at the chunks as they come)
  if (!dataset.streamed) await inTurns(checkSupport(dataset, family), signal);
  if (family.coordinates === 'standardised') await dataset.findStandardisation(signal);
  const seam = await makeSeam(dataset, family, regCovar, guidance);
  try {
    if (onDevice(dataset, family)) {
      if (family.device(dataset.nFeatures, dataset.missing > 0).couples) {
        await dataset.findDecorrelation(signal);
      }
      if (ahead) compileAhead(dataset, family, dataset.context!, ahead, guidance);
    }
    await seam.prepare?.(signal);
    return seam;
  } catch (error) {
    seam.dispose();
    const { context } = dataset;
    if (!context || !(error instanceof KernelsRefused)) throw error;
    context.amend({
      threads: 0,
      reason: `${context.info.reason} WebAssembly is refused here (${error.message}), so that the plain reference computes.`,
    });
    return makeSeam(dataset, family, regCovar, guidance);
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

/** Whether the kernels on worker threads compute a fit; else the plain reference does. */
function onThreads(
  dataset: Dataset,
  family: Family,
  info: ContextInfo,
  guidance?: Guidance,
): boolean {
  const known = guidance?.kind !== 'random';
  return family.threads !== undefined && known && canThread(dataset, info);
}

/** Where a fit really runs, and why there. @param info the context's: looked at once its samples are where they are computed */
export function infoFor(
  dataset: Dataset,
  family: Family,
  info: ContextInfo,
  guidance?: Guidance,
): ContextInfo {
  const reason = info.backend === 'webgpu' ? whyNotDevice(dataset, family) : undefined;
  if (reason !== undefined) {
    return {
      ...info,
      backend: 'cpu',
      code: 'NOT_ON_DEVICE',
      reason: `Runs on the CPU in float64: ${reason}.`,
    };
  }
  if (info.threads === 0 || onThreads(dataset, family, info, guidance)) return info;
  const why = hasSimd()
    ? 'worker threads serve complete samples of Gaussian and Bernoulli mixtures'
    : 'this engine has no WebAssembly SIMD';
  return { ...info, threads: 0, reason: `${info.reason} On the calling thread alone: ${why}.` };
}
