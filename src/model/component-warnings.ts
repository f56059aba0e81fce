import type { Dataset } from '../em/dataset.ts';
import type { Seam } from '../em/seam.ts';
import type { Family, Parameters } from '../families/family.ts';
import { leastSamples } from '../families/least-samples.ts';
import type { Warning } from './warnings.ts';

/** A component is one sample's where that sample makes more than this of its mass. */
const SINGLE_SAMPLE_SHARE = 0.9;

/** How a mixture's mass lies on its components. */
export interface ComponentMasses {
  /** N_k in samples: sample weights scaled to sum N; K. */
  readonly samples: Float64Array;
  /** The sample with the most mass in each component, K; -1 where none is looked for. */
  readonly heaviest: Int32Array;
  /** That sample's mass, K. */
  readonly heaviestMass: Float64Array;
}

/**
 * N_k of final weights, any prior's pseudo-counts taken off: N_k = pi_k (N + sum_j (alpha_j - 1)) - (alpha_k - 1), alpha scaled
 * as the weights are.
 */
function massesOfWeights(
  { weights }: Parameters,
  { nSamples, totalWeight }: Dataset,
  alpha: Float64Array | undefined,
): Float64Array {
  const pseudo = (k: number): number => (alpha ? ((alpha[k] - 1) * nSamples) / totalWeight : 0);
  const total = weights.reduce((sum, _, k) => sum + pseudo(k), nSamples);
  return weights.map((weight, k) => Math.max(0, weight * total - pseudo(k)));
}

/**
 * The masses with each component's heaviest sample: one pass over the responsibilities, and that only where one sample can make
 * SINGLE_SAMPLE_SHARE of a component (with equal weights: where a component has less than 1.12 samples).
 */
export async function findMasses(
  seam: Seam,
  parameters: Parameters,
  dataset: Dataset,
  alpha: Float64Array | undefined,
  signal: AbortSignal | undefined,
): Promise<ComponentMasses> {
  const samples = massesOfWeights(parameters, dataset, alpha);
  const { length } = samples;
  const heaviest = new Int32Array(length).fill(-1);
  const heaviestMass = new Float64Array(length);
  const { relativeWeights } = dataset;
  const most = dataset.largestWeight;
  const suspects = Array.from(samples.keys()).filter(
    (k) => samples[k] > 0 && most > SINGLE_SAMPLE_SHARE * samples[k],
  );
  if (suspects.length === 0) return { samples, heaviest, heaviestMass };
  const seen = new Float64Array(length);
  await seam.forEachResponsibilities(
    parameters,
    (first, count, rows) => {
      for (let i = 0; i < count; i++) {
        const weight = relativeWeights ? relativeWeights[first + i] : 1;
        for (const k of suspects) {
          const mass = weight * rows[i * length + k];
          seen[k] += mass;
          if (mass > heaviestMass[k]) {
            heaviestMass[k] = mass;
            heaviest[k] = first + i;
          }
        }
      }
    },
    signal,
  );
  // (one E-step newer than the weights, which the last M-step made)
  for (const k of suspects) samples[k] = seen[k];
  return { samples, heaviest, heaviestMass };
}

/** Components that one sample makes, and those with fewer samples than their parameters need. */
export function componentWarnings(
  { samples, heaviest, heaviestMass }: ComponentMasses,
  family: Family,
  { nSamples, nFeatures, totalWeight, relativeWeights }: Dataset,
): Warning[] {
  const components = Array.from(samples.keys());
  const single = components.filter((k) => {
    const weight = heaviest[k] < 0 ? Infinity : (relativeWeights?.[heaviest[k]] ?? 1);
    return heaviestMass[k] > SINGLE_SAMPLE_SHARE * samples[k] && heaviestMass[k] > weight / 2;
  });
  // components that empty out are what a variational posterior is for
  const least = family.evidenceBound ? 0 : leastSamples(family, nFeatures);
  // (float32 sums, and weights of a last M-step, are not exact)
  const scarce = components.filter((k) => samples[k] < least * (1 - 1e-5) && !single.includes(k));
  const scale = totalWeight / nSamples;
  const massesOf = (some: readonly number[]): number[] => some.map((k) => samples[k] * scale);
  const warnings: Warning[] = [];
  if (single.length > 0) {
    const of = single.map((k) => heaviest[k]);
    const each = single.map((k, i) => `${k} of sample ${of[i]}`).join(', ');
    warnings.push({
      code: 'SINGLE_SAMPLE_COMPONENT',
      message: `${single.length} of ${components.length} components are one sample each (component ${each}): it makes over ${100 * SINGLE_SAMPLE_SHARE} % of their mass. Try fewer components, another start, or a prior; or look whether the sample is an outlier.`,
      details: {
        components: single,
        samples: of,
        masses: massesOf(single),
        shares: single.map((k) => heaviestMass[k] / samples[k]),
      },
    });
  }
  if (scarce.length > 0) {
    const each = scarce.map((k) => `${k} with ${samples[k].toPrecision(3)}`).join(', ');
    warnings.push({
      code: 'NEARLY_EMPTY_COMPONENT',
      message: `${scarce.length} of ${components.length} components have fewer samples than the ${least} that their parameters need (component ${each}). Try fewer components, another start, or a prior.`,
      details: {
        components: scarce,
        masses: massesOf(scarce),
        samples: scarce.map((k) => samples[k]),
        least,
      },
    });
  }
  return warnings;
}
