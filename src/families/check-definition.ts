import { checkDraws } from './check-draws.ts';
import { memberMoments, type Estimate } from './definition-moments.ts';
import { numbersOf } from './definition-numbers.ts';
import { invalid, type FamilyDefinition } from './family-definition.ts';

/** How closely the pieces of a definition must agree, relative to their size and beside what quadrature cannot tell. */
const TOLERANCE = 1e-5;
/** Of differences, relative to eta. */
const STEP = 1e-5;
/** A mean that quadrature leaves so uncertain is asked of A instead. */
const UNCERTAIN = 1e-7;

/**
 * Whether T, h, A, the inverse of grad A, the named parameters, E[x] and the sampler are those of one family: at the neutral member
 * and at others around it, the density must integrate to 1, the integral of T must lead back to eta, and so must the parameters.
 * What quadrature cannot decide (an infinite mean, a tail that falls too slowly) is not held against the definition.
 * @throws MixtureError INVALID_OPTION with the numbers that disagree
 */
export function checkDefinition(definition: FamilyDefinition): void {
  const { name, neutral } = definition;
  checkMember(definition, Float64Array.from(neutral), true);
  for (const factor of [0.8, 1.3]) {
    const natural = Float64Array.from(neutral, (eta) => factor * eta);
    // outside the family, or as good as: a member that needs no check
    if (Number.isFinite(definition.logPartition(natural.slice()))) {
      checkMember(definition, natural, false);
    }
  }
  if (definition.mean !== undefined || !statisticIsValue(definition)) return;
  const mean = meanOf(definition, Float64Array.from(neutral));
  if (!Number.isFinite(mean)) {
    throw invalid(name, `the mean of the neutral member is ${mean}`, 'Check mean().');
  }
}

/** E[x] by the definition's own `mean`, or as the first of T's means where T_0(x) = x; undefined where neither says it. */
export function meanOf(definition: FamilyDefinition, natural: Float64Array): number | undefined {
  if (definition.mean) return definition.mean(natural);
  return statisticIsValue(definition) ? gradient(definition, natural)[0] : undefined;
}

/** grad A: the definition's, or by central differences. */
export function gradient(
  { name, neutral, naturalToMean, logPartition }: FamilyDefinition,
  natural: Float64Array,
  relativeStep = STEP,
): Float64Array {
  if (naturalToMean) {
    const given = naturalToMean(natural.slice());
    return Float64Array.from(
      numbersOf(name, 'naturalToMean', given, neutral.length, 'neutral has'),
    );
  }
  const point = natural.slice();
  return natural.map((eta, s) => {
    const step = relativeStep * (Math.abs(eta) || 1);
    point[s] = eta + step;
    const above = logPartition(point.slice());
    point[s] = eta - step;
    const below = logPartition(point.slice());
    point[s] = eta;
    return (above - below) / (2 * step);
  });
}

function statisticIsValue({ support, sufficientStatistics }: FamilyDefinition): boolean {
  const { kind, from, to } = support;
  const low = Math.max(from, -1000);
  const high = Math.max(low, Math.min(to, 1000));
  const points = [0.25, 0.4375, 0.75].map((share) => low + share * (high - low));
  return points
    .map((x) => (kind === 'integers' ? Math.round(x) : x))
    .every((x) => sufficientStatistics(x)[0] === x);
}

function checkMember(definition: FamilyDefinition, natural: Float64Array, neutral: boolean): void {
  const { name, support } = definition;
  const at = `eta = ${list(natural)}`;
  const logPartition = definition.logPartition(natural.slice());
  if (!Number.isFinite(logPartition)) {
    throw invalid(
      name,
      `logPartition is ${logPartition} at ${at}`,
      'Give a neutral inside the natural parameter space.',
    );
  }
  const { total, mean, variance, value } = memberMoments(definition, natural);
  if (total.low > 1 + TOLERANCE || total.high < 1 - TOLERANCE) {
    throw invalid(
      name,
      `at ${at} the density ${support.kind === 'interval' ? 'integrates' : 'sums'} to ${Number(total.value.toPrecision(6))} over its support, not to 1`,
      'logPartition, logBaseMeasure, sufficientStatistics or support do not belong together.',
    );
  }
  const slope = slopeOf(definition, natural);
  expectNear(
    name,
    `the gradient of logPartition (naturalToMean) at ${at}`,
    slope.map((estimate) => estimate.value),
    mean.map((expected, s) => ({ ...expected, error: expected.error + slope[s].error })),
  );
  checkInverse(definition, natural, pointFor(mean, slope));
  checkParameters(definition, natural);
  if (!neutral) return;
  if (definition.mean) checkMean(name, definition.mean(natural.slice()), value);
  if (definition.sample) checkDraws(definition, natural, mean, variance);
}

/** grad A, and how far differences let it be off: what a step four times as long makes of it, and the rounding of A. */
function slopeOf(definition: FamilyDefinition, natural: Float64Array): Estimate[] {
  const found = gradient(definition, natural);
  if (definition.naturalToMean) {
    return Array.from(found, (value) => ({ value, error: 1e-14 * Math.abs(value) }));
  }
  const longer = gradient(definition, natural, 4 * STEP);
  const rounding = 2 ** -50 * (1 + Math.abs(definition.logPartition(natural.slice())));
  return Array.from(found, (value, s) => ({
    value,
    error: Math.abs(value - longer[s]) + rounding / (STEP * (Math.abs(natural[s]) || 1)),
  }));
}

/** The mean of T to go back to eta from: by quadrature where that is certain, else by A. */
function pointFor(mean: readonly Estimate[], slope: readonly Estimate[]): readonly Estimate[] {
  const certain = mean.every(
    ({ value, error }) => error <= UNCERTAIN * (Math.abs(value) || 1) || error < 1e-12,
  );
  return certain ? mean : slope;
}

/** meanToNatural at a mean must be eta, as far as the mean's own errors let it. */
function checkInverse(
  definition: FamilyDefinition,
  natural: Float64Array,
  point: readonly Estimate[],
): void {
  const { name, neutral } = definition;
  const mean = Float64Array.from(point, ({ value }) => value);
  if (!mean.every(Number.isFinite)) return;
  const invert = (at: Float64Array): Float64Array => {
    const given = definition.meanToNatural(at.slice());
    return Float64Array.from(
      numbersOf(name, `meanToNatural(${list(at)})`, given, neutral.length, 'neutral has'),
    );
  };
  const found = invert(mean);
  const errors = new Float64Array(neutral.length);
  let decisive = true;
  point.forEach(({ value, error }, s) => {
    for (const sign of [-1, 1]) {
      const moved = mean.slice();
      moved[s] += sign * Math.max(error, 1e-13 * Math.abs(value));
      const there = invert(moved);
      if (there.every(Number.isFinite) !== found.every(Number.isFinite)) decisive = false;
      there.forEach((eta, i) => (errors[i] += 2 * Math.abs(eta - found[i])));
    }
  });
  if (!decisive) return;
  expectNear(
    name,
    `meanToNatural at the mean of T, ${list(mean)},`,
    found,
    Array.from(natural, (value, s) => ({ value, error: errors[s] || 0 })),
  );
}

function checkParameters({ name, parameters, neutral }: FamilyDefinition, natural: Float64Array) {
  if (!parameters) return;
  const { names, fromNatural, toNatural } = parameters;
  const values = Float64Array.from(
    numbersOf(
      name,
      'parameters.fromNatural',
      fromNatural(natural.slice()),
      names.length,
      'parameters.names has',
    ),
  );
  const what = `parameters.toNatural at ${list(values)}`;
  expectNear(
    name,
    what,
    numbersOf(name, what, toNatural(values), neutral.length, 'neutral has'),
    Array.from(natural, (value) => ({ value, error: 0 })),
  );
}

/** E[x] as mean() has it; an infinite one where quadrature knows no better. */
function checkMean(name: string, found: unknown, expected: Estimate & { size: number }): void {
  const known = Number.isFinite(expected.error) && expected.error < TOLERANCE * expected.size;
  if (typeof found !== 'number' || Number.isNaN(found) || (known && !Number.isFinite(found))) {
    throw invalid(name, `the mean of the neutral member is ${String(found)}`, 'Check mean().');
  }
  if (!known || Math.abs(found - expected.value) <= TOLERANCE * expected.size + expected.error) {
    return;
  }
  throw invalid(
    name,
    `the mean of the neutral member is ${found}, but E[x] is ${expected.value}`,
    'mean() must give E[x] of the member with the natural parameters it is handed.',
  );
}

function expectNear(
  name: string,
  what: string,
  found: ArrayLike<number>,
  expected: readonly Estimate[],
): void {
  const size = Math.hypot(...expected.map(({ value }) => value));
  const near = expected.every(({ value, error }, s) => {
    if (!Number.isFinite(value) || !Number.isFinite(error)) return true;
    return Math.abs(found[s] - value) <= TOLERANCE * (1e-3 + size) + error;
  });
  if (near) return;
  throw invalid(
    name,
    `${what} is ${list(found)}, but should be ${list(expected.map(({ value }) => value))}`,
    'The functions of the definition do not belong to one family.',
  );
}

const list = (numbers: ArrayLike<number>): string =>
  `[${Array.from(numbers, (value) => Number(value.toPrecision(8))).join(', ')}]`;
