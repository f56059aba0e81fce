import type { Dataset } from '../em/dataset.ts';
import { pacer } from '../data/pause.ts';
import type { Seam } from '../em/seam.ts';
import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { componentWarnings } from './component-warnings.ts';
import { covarianceSpectra, type CovarianceSpectrum } from './covariance-spectrum.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { Warning } from './warnings.ts';

/** What `diagnose` calls ambiguous. */
export interface DiagnoseOptions {
  /** A sample whose largest responsibility is below this is ambiguous. In (0, 1]; default 0.8. */
  readonly ambiguousBelow?: number | undefined;
}

/** One component, as the samples see it. */
export interface ComponentDiagnostics {
  /** pi_k. */
  readonly weight: number;
  /** N_k = sum_n s_n gamma_nk, in the user's sample weights. */
  readonly mass: number;
  /** Samples whose largest responsibility is this component's, those of weight 0 left out. */
  readonly nAssigned: number;
  /** Share of those that are ambiguous, by weight; 0 where there are none. */
  readonly ambiguousShare: number;
  /** Mean over those, by weight, of -sum_k gamma ln gamma / ln K: 0 certain, 1 as likely of any component; 0 where there are none. */
  readonly meanEntropy: number;
  /** Share of the mass that its heaviest sample makes, and which that is (-1 without mass). */
  readonly heaviestShare: number;
  /** Number of that sample; -1 without mass. */
  readonly heaviestSample: number;
  /** Gaussian families only. */
  readonly covariance: CovarianceSpectrum | undefined;
}

/** What `mixture.diagnose` tells; docs/diagnostics.md says how to read it. */
export interface Diagnostics {
  /** One a component, K. */
  readonly components: readonly ComponentDiagnostics[];
  /** The threshold that was used. */
  readonly ambiguousBelow: number;
  /** Share of all samples that are ambiguous, by weight. */
  readonly ambiguousShare: number;
  /** -sum_n s_n sum_k gamma ln gamma, a total: what `icl` adds twice to `bic`. */
  readonly entropy: number;
  /**
   * entropy / (W ln K), 0 where components are apart to 1 where they are one; 0 for K = 1. One minus it is the relative entropy E_K
   * of Ramaswamy et al. (1993); entropy / (l(K) - l(1)) the NEC of Celeux and Soromenho (1996).
   */
  readonly normalisedEntropy: number;
  /** exp(-sum_k pi_k ln pi_k): K for equal weights, 1 where one component has all. */
  readonly effectiveComponents: number;
  /** Those of the fit, with those of components found afresh on these samples. */
  readonly warnings: readonly Warning[];
}

const AMBIGUOUS_BELOW = 0.8;
/** Found afresh: of the samples given, by the parameters that the mixture has now. */
const OF_COMPONENTS = new Set<string>(['SINGLE_SAMPLE_COMPONENT', 'NEARLY_EMPTY_COMPONENT']);

/** One pass over the responsibilities; K numbers of each kind are kept. @throws MixtureError INVALID_OPTION */
export async function diagnoseMixture(
  mixture: FittedMixture,
  seam: Seam,
  parameters: Parameters,
  dataset: Dataset,
  options: DiagnoseOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Diagnostics> {
  const { signal, ambiguousBelow = AMBIGUOUS_BELOW } = options;
  if (!(typeof ambiguousBelow === 'number' && ambiguousBelow > 0 && ambiguousBelow <= 1)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `ambiguousBelow is ${String(ambiguousBelow)}.`,
      'Give a number above 0, at most 1.',
      { option: 'ambiguousBelow', value: ambiguousBelow },
    );
  }
  const { family, nComponents, nFeatures, weights } = mixture;
  const { nSamples, totalWeight } = dataset;
  const sums = await sumUp(seam, parameters, dataset, nComponents, ambiguousBelow, signal);
  const pause = pacer(signal);
  const spectra = await covarianceSpectra(family, mixture.given, nFeatures, pause);
  const scale = totalWeight / nSamples;
  const logComponents = nComponents > 1 ? Math.log(nComponents) : 1;
  const all = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  return {
    components: Array.from(weights, (weight, k) => ({
      weight,
      mass: sums.samples[k] * scale,
      nAssigned: sums.nAssigned[k],
      ambiguousShare: share(sums.ambiguous[k], sums.assigned[k]),
      meanEntropy: share(sums.entropy[k], sums.assigned[k]) / logComponents,
      heaviestShare: share(sums.heaviestMass[k], sums.samples[k]),
      heaviestSample: sums.heaviest[k],
      covariance: spectra?.[k],
    })),
    ambiguousBelow,
    ambiguousShare: share(all(sums.ambiguous), all(sums.assigned)),
    entropy: all(sums.entropy) * scale,
    normalisedEntropy: share(all(sums.entropy), all(sums.assigned)) / logComponents,
    effectiveComponents: Math.exp(
      -weights.reduce((sum, weight) => sum + (weight > 0 ? weight * Math.log(weight) : 0), 0),
    ),
    warnings: [
      ...mixture.warnings.filter(({ code }) => !OF_COMPONENTS.has(code)),
      ...componentWarnings(sums, family, dataset),
    ],
  };
}

/** By component; masses with sample weights scaled to sum N. `assigned`, `ambiguous` and `entropy` are those of samples assigned to it. */
async function sumUp(
  seam: Seam,
  parameters: Parameters,
  { relativeWeights }: Dataset,
  nComponents: number,
  ambiguousBelow: number,
  signal: AbortSignal | undefined,
) {
  const zeros = (): Float64Array => new Float64Array(nComponents);
  const [samples, assigned, ambiguous, entropy] = [zeros(), zeros(), zeros(), zeros()];
  const heaviestMass = zeros();
  const heaviest = new Int32Array(nComponents).fill(-1);
  const nAssigned = new Int32Array(nComponents);
  await seam.forEachResponsibilities(
    parameters,
    (first, count, rows) => {
      for (let i = 0; i < count; i++) {
        const weight = relativeWeights ? relativeWeights[first + i] : 1;
        if (weight === 0) continue;
        const row = i * nComponents;
        let best = 0;
        let undecided = 0;
        for (let k = 0; k < nComponents; k++) {
          const gamma = rows[row + k];
          if (gamma > rows[row + best]) best = k;
          if (gamma <= 0) continue;
          undecided -= gamma * Math.log(gamma);
          const mass = weight * gamma;
          samples[k] += mass;
          if (mass > heaviestMass[k]) {
            heaviestMass[k] = mass;
            heaviest[k] = first + i;
          }
        }
        nAssigned[best]++;
        assigned[best] += weight;
        // (a float32 responsibility of 1 may be a little more or less)
        entropy[best] += weight * Math.max(0, undecided);
        if (rows[row + best] < ambiguousBelow && nComponents > 1) ambiguous[best] += weight;
      }
    },
    signal,
  );
  return { samples, heaviest, heaviestMass, nAssigned, assigned, ambiguous, entropy };
}
