import { MixtureError } from '../../index.ts';
import { count, plural } from '../shared/format.ts';
import { translated } from '../shared/glossary.ts';
import type { Explanation, Way } from '../shared/problem-panel.ts';
import type { FitSettings } from './settings.ts';

/** What the page knows of the fit that failed. */
export interface Known {
  readonly settings: Pick<FitSettings, 'nComponents' | 'covarianceType' | 'regCovar'>;
  readonly featureNames: readonly string[];
  /** Positions of columns that hold one value only. */
  readonly constant: readonly number[];
  /** Whether columns may be left out and standardised: not those of a mixture that was drawn. */
  readonly hasColumns: boolean;
  readonly isStandardised: boolean;
}

/** What a button of the panel may do. */
export interface Remedies {
  leaveOut(column: string): void;
  standardise(): void;
  setComponents(nComponents: number): void;
  /** To the field "Added to variances". */
  showAdded(): void;
}

/** An error of a fit in the page's words; undefined for one that is no fit's. */
export function explained(
  error: unknown,
  known: Known,
  remedies: Remedies,
): Explanation | undefined {
  if (!(error instanceof MixtureError)) return undefined;
  const { code } = error;
  if (code === 'COLLAPSED_COMPONENT') return collapse(error, known, remedies);
  // (a table of one row says itself what became of the others)
  if (code === 'TOO_FEW_SAMPLES' && error.details['nSamples'] !== undefined)
    return tooFew(error, remedies);
  if (code === 'NO_CANDIDATE') return noneFitted(error, known, remedies);
  if (code === 'NO_MODE') {
    return {
      message: `Under these priors no best fit exists: component ${Number(error.details['component'])} holds too little.`,
      hint: 'Use fewer components, or priors of 1 and above.',
      ways: fewer(known, remedies),
    };
  }
  return {
    message: translated(error.message, known.featureNames),
    hint: translated(error.hint, known.featureNames),
  };
}

function collapse({ details }: MixtureError, known: Known, remedies: Remedies): Explanation {
  const { settings, featureNames, constant, hasColumns, isStandardised } = known;
  const { covarianceType, nComponents } = settings;
  const at = typeof details['feature'] === 'number' ? details['feature'] : -1;
  const column = featureNames[at];
  const isAlone = featureNames.length < 2;
  const who =
    covarianceType === 'tied' || nComponents === 1
      ? 'the samples'
      : `the samples of component ${Number(details['component'])}`;
  const leaveOut: Way[] =
    column !== undefined && hasColumns && !isAlone
      ? [{ label: `Leave out “${column}”`, take: () => remedies.leaveOut(column) }]
      : [];
  const added: Way = { label: 'Set “Added to variances”', take: () => remedies.showAdded() };
  if (column !== undefined && constant.includes(at)) {
    return {
      message: `“${column}” has the same value in every row, so there is no spread to fit.`,
      hint: 'Leave it out, or give “Added to variances” (under More) a number above 0.',
      ways: [...leaveOut, added],
    };
  }
  // a first column has none before it that it could follow from
  const isJoint = (covarianceType === 'full' || covarianceType === 'tied') && at > 0;
  const where = column === undefined ? '' : ` in “${column}”`;
  const standardise: Way[] =
    hasColumns && !isStandardised
      ? [{ label: 'Standardise', take: () => remedies.standardise() }]
      : [];
  return {
    message: isJoint
      ? `Among ${who}, “${column}” follows from the other columns or does not vary: the density would grow without bound.`
      : `All of ${who} have next to the same value${where}: the density there would grow without bound.`,
    hint: [
      leaveOut.length > 0 && isJoint ? 'leave out a column that repeats others' : '',
      nComponents > 1 ? 'use fewer components' : '',
      'give “Added to variances” (under More) a larger number',
    ]
      .filter(Boolean)
      .join(', or ')
      .replace(/^./, (first) => first.toUpperCase())
      .concat('.'),
    ways: [...(isJoint ? leaveOut : []), ...fewer(known, remedies), ...standardise, added],
  };
}

function fewer({ settings: { nComponents } }: Known, remedies: Remedies): Way[] {
  if (nComponents < 2) return [];
  const label = nComponents === 2 ? 'Use one component' : `Use ${nComponents - 1} components`;
  return [{ label, take: () => remedies.setComponents(nComponents - 1) }];
}

function tooFew({ details }: MixtureError, remedies: Remedies): Explanation {
  const nSamples = Number(details['nSamples']);
  const nComponents = Number(details['nComponents'] ?? details['nClusters']);
  if (nSamples < 2) {
    return {
      message: `There ${nSamples === 1 ? 'is one sample' : 'is no sample'}: a mixture needs two at least.`,
      hint: 'Bring data with more rows.',
    };
  }
  return {
    message: `There are ${count(nSamples)} samples for ${plural(nComponents, 'component')}: each needs one at least.`,
    hint: 'Use fewer components, or bring data with more rows.',
    ways: [{ label: `Use ${nSamples} components`, take: () => remedies.setComponents(nSamples) }],
  };
}

/** The comparison: most often all sizes fail for one reason. */
function noneFitted({ details }: MixtureError, known: Known, remedies: Remedies): Explanation {
  const candidates = details['candidates'] as readonly {
    readonly nComponents: number;
    readonly error?: MixtureError;
  }[];
  const [first] = candidates;
  const settings = { ...known.settings, nComponents: first.nComponents };
  const reason = explained(first.error, { ...known, settings }, remedies);
  const size = plural(first.nComponents, 'component');
  return {
    message: `None of the ${plural(candidates.length, 'size')} could be fitted. With ${size}: ${
      reason?.message ?? 'a sample is so far out that it is impossible.'
    }`,
    hint: reason?.hint ?? 'Look for samples that are far out.',
    // (fewer components than the fewest were not asked for)
    ways: (reason?.ways ?? []).filter(({ label }) => !label.startsWith('Use')),
  };
}
