import { Random } from '../data/random.ts';
import type { Dataset } from '../em/dataset.ts';
import type { Guidance } from '../em/guidance.ts';
import { collapsing } from '../em/loop.ts';
import type { Seam } from '../em/seam.ts';
import { inTurns, type Steps } from '../data/pause.ts';
import { fromResponsibilities } from '../em/start-partition.ts';
import { findStart } from '../em/starts.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { NumberArray } from './arrays.ts';
import type { Fit } from './fit-report.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { CommonOptions } from './options.ts';
import { checkStart, readGivenStart, readPartition, type GivenStart } from './start-options.ts';

/** Where the restarts begin; `repeatable` when every restart would begin at the same place. */
export async function startMaker<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
): Promise<{
  repeatable: boolean;
  /** @param seam in place of the fit's own: restarts in lockstep share it */
  make: (restart: number, seam: Seam) => Promise<Parameters>;
}> {
  const { options, checked, dataset, family } = fit;
  const { nFeatures } = dataset;
  const standardisation = dataset.standardisationFor(family);
  const problem = {
    ...fit,
    nComponents: checked.nComponents,
    labels: await inTurns(preferences(fit.guidance, dataset.nSamples), options.signal),
    signal: options.signal,
  };
  const beginning = partOfStream(problem);
  const { warmStart } = fit;
  if (warmStart) {
    if (warmStart.nComponents !== checked.nComponents || warmStart.family.name !== family.name) {
      throw new MixtureError(
        'INVALID_OPTION',
        `warmStart has ${warmStart.nComponents} components of the family ${warmStart.family.name}, the fit ${checked.nComponents} of ${family.name}.`,
        'Use the same for both.',
      );
    }
    const parameters = warmStart.parameters as unknown as Parameters;
    checkSameShapes(warmStart, family);
    return {
      repeatable: true,
      make: () => Promise.resolve(family.standardise(parameters, standardisation)),
    };
  }
  const given = givenStart(fit);
  const partition = await inTurns(
    readPartition(options, checked.nComponents, dataset.nSamples),
    options.signal,
  );
  const names = ['weights', ...Object.keys(family.parameterShapes(checked.nComponents, nFeatures))];
  if (names.every((name) => given[name])) {
    const parameters = given as unknown as Parameters;
    checkStart(family, parameters, nFeatures);
    return {
      repeatable: true,
      make: () => Promise.resolve(family.standardise(parameters, standardisation)),
    };
  }
  return {
    repeatable: partition !== undefined,
    make: async (restart, seam) => {
      const found = await (
        partition
          ? fromResponsibilities(problem, () => partition)
          : findStart(
              { ...beginning, seam },
              checked.initParams,
              new Random(checked.seed + restart),
            )
      ).catch((error: unknown) => collapsing(0, undefined, undefined, () => rethrow(error)));
      if (Object.keys(given).length === 0) return found;
      const merged = { ...family.restore(found, standardisation), ...given } as Parameters;
      checkStart(family, merged, nFeatures);
      return family.standardise(merged, standardisation);
    },
  };
}

/** The problem over the samples that starts are found from; the seam stays that of all. */
function partOfStream<
  P extends { readonly dataset: Dataset; readonly labels: Int32Array | undefined },
>(problem: P): P {
  const { dataset, labels } = problem;
  if (!dataset.streamed) return problem;
  const { samples } = dataset.streamed.found.sketch;
  return {
    ...problem,
    dataset: dataset.forStarts,
    labels: labels && Int32Array.from(samples, (n) => labels[n]),
  };
}

/** Where the samples are told or believed to be, N, -1 where nothing says: what starts are seeded by; undefined where none is. */
function* preferences(
  guidance: Guidance | undefined,
  nSamples: number,
): Steps<Int32Array | undefined> {
  if (!guidance) return undefined;
  const preferred = new Int32Array(nSamples);
  let some = false;
  for (let n = 0; n < nSamples; n++, yield) {
    preferred[n] = guidance.preferred(n);
    some ||= preferred[n] >= 0;
  }
  return some ? preferred : undefined;
}

/** A warm start of other settings (more categories, other blocks) has other shapes. @throws MixtureError INVALID_OPTION */
function checkSameShapes(warmStart: FittedMixture, family: Family): void {
  const { nComponents, nFeatures } = warmStart;
  for (const [name, shape] of Object.entries(family.parameterShapes(nComponents, nFeatures))) {
    const size = shape.reduce((product, length) => product * length, 1);
    const found = warmStart.parameters[name]?.length ?? 0;
    if (found === size) continue;
    throw new MixtureError(
      'INVALID_OPTION',
      `warmStart has ${found} ${name}, the fit needs ${size} (${shape.join(' x ')}).`,
      'Use the same settings of the family for both.',
      { name, found, expected: size },
    );
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** The arrays that the caller gave: `<array>Init`, `parametersInit`, and what the kind reads by itself. */
function givenStart<M extends FittedMixture, O extends CommonOptions<M>>({
  kind,
  options,
  checked,
  dataset,
  family,
}: Fit<M, O>): GivenStart {
  const { nComponents } = checked;
  const { nFeatures } = dataset;
  const own = kind.start?.(options, family, nComponents, nFeatures) ?? {};
  const { parametersInit } = options as O & {
    readonly parametersInit?: Readonly<Record<string, NumberArray>> | undefined;
  };
  if (parametersInit) {
    const { weights, ...arrays } = parametersInit;
    return readGivenStart(
      family,
      options.weightsInit ?? weights,
      arrays,
      (name) => `parametersInit.${name}`,
      nComponents,
      nFeatures,
    );
  }
  const values = options as unknown as Readonly<Record<string, NumberArray | undefined>>;
  const named = Object.keys(family.parameterShapes(nComponents, nFeatures)).filter(
    (name) => kind.options.includes(`${name}Init`) && !own[name],
  );
  const arrays = Object.fromEntries(named.map((name) => [name, values[`${name}Init`]]));
  return {
    ...readGivenStart(
      family,
      options.weightsInit,
      arrays,
      (name) => `${name}Init`,
      nComponents,
      nFeatures,
    ),
    ...own,
  };
}
