import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import type { Statistics } from '../families/statistics.ts';
import { readArray } from './arrays.ts';

/** Running statistics as JSON, in the user's units. */
export interface PlainRunning {
  readonly componentMass: readonly number[];
  readonly sums: readonly number[];
  readonly origin: readonly number[];
  readonly observed?: readonly number[];
}

export function toPlainRunning({
  componentMass,
  sums,
  origin,
  observed,
}: Statistics): PlainRunning {
  return {
    componentMass: Array.from(componentMass),
    sums: Array.from(sums),
    origin: Array.from(origin),
    ...(observed && { observed: Array.from(observed) }),
  };
}

/**
 * The running statistics of a saved mixture; undefined where it has none.
 * @throws MixtureError INVALID_MODEL
 */
export function readRunning(
  plain: unknown,
  family: Family,
  nComponents: number,
  nFeatures: number,
): Statistics | undefined {
  if (plain === undefined || plain === null) return undefined;
  const values = plain as Partial<PlainRunning>;
  const read = (name: keyof PlainRunning, length: number): Float64Array =>
    readArray(values[name], [length], `running.${name}`, 'INVALID_MODEL');
  const columns = nComponents * nFeatures;
  const statistics: Statistics = {
    nComponents,
    componentMass: read('componentMass', nComponents),
    sums: read('sums', nComponents * family.statisticsLength(nFeatures)),
    origin: read('origin', family.recentre ? columns : 0),
    observed: values.observed && read('observed', columns),
  };
  const masses = [...statistics.componentMass, ...(statistics.observed ?? [])];
  const total = statistics.componentMass.reduce((sum, mass) => sum + mass, 0);
  if (masses.every((mass) => mass >= 0) && total > 0) return statistics;
  throw new MixtureError(
    'INVALID_MODEL',
    `The model's running statistics have a total mass of ${total}, or a negative one.`,
    'Check how the model was saved.',
    { total },
  );
}
