import type { Steps } from '../data/pause.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { readArray, readResponsibilities, type NumberArray } from './arrays.ts';
import type { CommonOptions } from './options.ts';

/** Arrays of a start by name, `weights` among them. */
export type GivenStart = Partial<Record<string, Float64Array>>;

/**
 * The parts of a start that the caller gave, copied, checked against the family's shapes and in the user's units.
 * @param values by the names of the family's arrays; `optionOf` says what the caller called them
 * @throws MixtureError INVALID_OPTION
 */
export function readGivenStart(
  family: Family,
  weights: NumberArray | undefined,
  values: Readonly<Record<string, NumberArray | undefined>>,
  optionOf: (name: string) => string,
  nComponents: number,
  nFeatures: number,
): GivenStart {
  const shapes = family.parameterShapes(nComponents, nFeatures);
  const given: GivenStart = {};
  if (weights !== undefined) given['weights'] = readWeights(weights, nComponents);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const shape = shapes[name];
    if (!shape) {
      throw new MixtureError(
        'INVALID_OPTION',
        `A mixture of ${family.name} has no array ${name}.`,
        `Its arrays are: ${Object.keys(shapes).join(', ')}.`,
        { name },
      );
    }
    given[name] = readArray(value, shape, optionOf(name), 'INVALID_OPTION');
  }
  return given;
}

/**
 * Checks parameters that the caller gave in part, with the rest found.
 * @throws MixtureError INVALID_OPTION
 */
export function checkStart(family: Family, parameters: Parameters, nFeatures: number): void {
  const wrong = family.checkParameters(parameters, nFeatures);
  if (wrong !== undefined) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The start is no mixture of ${family.name}: ${wrong}.`,
      'Correct the ...Init options.',
      { family: family.name },
    );
  }
}

/** Checked and scaled to sum 1 exactly. */
export function readWeights(value: unknown, nComponents: number): Float64Array {
  const weights = readArray(value, [nComponents], 'weightsInit', 'INVALID_OPTION');
  const least = Math.min(...weights);
  const most = Math.max(...weights);
  if (least < 0 || most > 1) {
    throw new MixtureError(
      'INVALID_OPTION',
      `weightsInit must lie in [0, 1], but goes from ${least} to ${most}.`,
      'Give mixing proportions.',
      { least, most },
    );
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    throw new MixtureError(
      'INVALID_OPTION',
      `weightsInit must sum to 1, but sums to ${sum}.`,
      'Divide each by the sum.',
      { sum },
    );
  }
  return weights.map((weight) => weight / sum);
}

/** Labels as one-hot rows, or responsibilities row by row; undefined where neither is given. */
export function* readPartition(
  { labelsInit, responsibilitiesInit }: Pick<CommonOptions, 'labelsInit' | 'responsibilitiesInit'>,
  nComponents: number,
  nSamples: number,
): Steps<((n: number, row: Float64Array) => void) | undefined> {
  if (labelsInit !== undefined) {
    if (typeof labelsInit !== 'object' || (labelsInit as unknown) === null) {
      throw new MixtureError(
        'INVALID_OPTION',
        'labelsInit is no array.',
        'Give one label a sample, 0 to nComponents - 1.',
        { option: 'labelsInit' },
      );
    }
    if (labelsInit.length !== nSamples) {
      throw new MixtureError(
        'INVALID_OPTION',
        `labelsInit has ${labelsInit.length} labels for ${nSamples} samples.`,
        'Give one label a sample.',
      );
    }
    for (let n = 0; n < nSamples; n++) {
      if (n % 1024 === 1023) yield;
      const label = labelsInit[n];
      if (!Number.isInteger(label) || label < 0 || label >= nComponents) {
        throw new MixtureError(
          'INVALID_OPTION',
          `labelsInit gives sample ${n} the label ${label}.`,
          `Labels are whole numbers from 0 to ${nComponents - 1}.`,
          { sample: n, label },
        );
      }
    }
    return (n, row) => {
      row.fill(0);
      row[labelsInit[n]] = 1;
    };
  }
  if (responsibilitiesInit === undefined) return undefined;
  const rows = yield* readResponsibilities(
    responsibilitiesInit,
    nSamples,
    nComponents,
    'responsibilitiesInit',
  );
  return (n, row) => {
    for (let k = 0; k < nComponents; k++) row[k] = rows[n * nComponents + k]!;
  };
}
