import { Random } from '../data/random.ts';
import { invalid, type FamilyDefinition } from './family-definition.ts';
import { integrate, sumOver } from './quadrature.ts';

/** How closely the pieces of a definition must agree, relative to their size. */
const TOLERANCE = 1e-5;
/** Draws that a sampler is checked with, and how many standard errors their mean of T may be off. */
const DRAWS = 4000;
const STANDARD_ERRORS = 6;

/**
 * Whether T, h, A, the inverse of grad A, the named parameters and the sampler are those of one family: at the neutral member and at
 * others around it, the density must integrate to 1, the integral of T must lead back to eta, and so must the parameters.
 * @throws MixtureError INVALID_OPTION with the numbers that disagree
 */
export function checkDefinition(definition: FamilyDefinition): void {
  const { name, neutral } = definition;
  checkMember(definition, Float64Array.from(neutral), true);
  for (const factor of [0.8, 1.3]) {
    const natural = Float64Array.from(neutral, (eta) => factor * eta);
    // outside the family, or as good as: a member that needs no check
    if (Number.isFinite(definition.logPartition(natural))) checkMember(definition, natural, false);
  }
  if (definition.mean === undefined && !statisticIsValue(definition)) return;
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
  { naturalToMean, logPartition }: Pick<FamilyDefinition, 'naturalToMean' | 'logPartition'>,
  natural: Float64Array,
): Float64Array {
  if (naturalToMean) return Float64Array.from(naturalToMean(natural));
  const point = natural.slice();
  return natural.map((eta, s) => {
    const step = 1e-5 * (Math.abs(eta) || 1);
    point[s] = eta + step;
    const above = logPartition(point);
    point[s] = eta - step;
    const below = logPartition(point);
    point[s] = eta;
    return (above - below) / (2 * step);
  });
}

function statisticIsValue({ support, sufficientStatistics }: FamilyDefinition): boolean {
  const { from, to } = support;
  const low = Math.max(from, -1000);
  const high = Math.min(to, 1000);
  const points = [0.25, 0.5, 0.75].map((share) => Math.round(low + share * (high - low)));
  return points.every((x) => sufficientStatistics(x)[0] === x);
}

function checkMember(definition: FamilyDefinition, natural: Float64Array, draws: boolean): void {
  const { name, support, neutral } = definition;
  const at = `eta = ${list(natural)}`;
  const logPartition = definition.logPartition(natural);
  if (!Number.isFinite(logPartition)) {
    throw invalid(
      name,
      `logPartition is ${logPartition} at ${at}`,
      'Give a neutral inside the natural parameter space.',
    );
  }
  const density = (x: number): number => {
    let exponent = (definition.logBaseMeasure?.(x) ?? 0) - logPartition;
    statisticsAt(definition, x).forEach((t, s) => {
      if (t !== 0) exponent += natural[s] * t;
    });
    return Math.exp(exponent);
  };
  const rule = support.kind === 'interval' ? integrate : sumOver;
  const total = rule(density, support.from, support.to);
  if (!(Math.abs(total - 1) < TOLERANCE)) {
    throw invalid(
      name,
      `at ${at} the density ${support.kind === 'interval' ? 'integrates' : 'sums'} to ${Number(total.toPrecision(6))} over its support, not to 1`,
      'logPartition, logBaseMeasure, sufficientStatistics or support do not belong together.',
    );
  }
  const mean = Float64Array.from(neutral, (_, s) =>
    rule((x) => statisticsAt(definition, x)[s] * density(x), support.from, support.to),
  );
  expectNear(
    name,
    `meanToNatural at the mean of T, ${list(mean)},`,
    definition.meanToNatural(mean.slice()),
    natural,
  );
  expectNear(
    name,
    `the gradient of logPartition (naturalToMean) at ${at}`,
    gradient(definition, natural),
    mean,
  );
  const { parameters } = definition;
  if (parameters) {
    const values = Float64Array.from(parameters.fromNatural(natural.slice()));
    if (values.length !== parameters.names.length) {
      throw invalid(
        name,
        `parameters.fromNatural gives ${values.length} numbers for ${parameters.names.length} names`,
        'Give one number for each name.',
      );
    }
    expectNear(
      name,
      `parameters.toNatural at ${list(values)}`,
      parameters.toNatural(values),
      natural,
    );
  }
  if (draws && definition.sample) checkDraws(definition, natural, mean);
}

function statisticsAt(
  { name, neutral, sufficientStatistics }: FamilyDefinition,
  x: number,
): ArrayLike<number> & { forEach(visit: (t: number, s: number) => void): void } {
  const t = sufficientStatistics(x);
  if (typeof t === 'object' && t !== null && t.length === neutral.length) return Array.from(t);
  throw invalid(
    name,
    `sufficientStatistics(${x}) gives ${typeof t === 'object' && t !== null ? `${t.length} numbers` : typeof t}, but neutral has ${neutral.length}`,
    'Return an array with one number for each natural parameter.',
  );
}

function checkDraws(definition: FamilyDefinition, natural: Float64Array, mean: Float64Array): void {
  const random = new Random(1);
  const sums = new Float64Array(mean.length);
  const squares = new Float64Array(mean.length);
  for (let i = 0; i < DRAWS; i++) {
    const x = definition.sample!(natural.slice(), random);
    if (typeof x !== 'number' || !Number.isFinite(x)) {
      throw invalid(definition.name, `sample() gives ${String(x)}`, 'Return one finite number.');
    }
    statisticsAt(definition, x).forEach((t, s) => {
      sums[s] += t;
      squares[s] += t * t;
    });
  }
  mean.forEach((expected, s) => {
    const found = sums[s] / DRAWS;
    const error = Math.sqrt(Math.max(0, squares[s] / DRAWS - found * found) / DRAWS);
    if (Math.abs(found - expected) <= STANDARD_ERRORS * error + TOLERANCE * Math.abs(expected))
      return;
    throw invalid(
      definition.name,
      `the mean of T_${s} over ${DRAWS} draws is ${found}, but should be ${expected} (standard error ${error.toPrecision(3)})`,
      'sample() draws from another distribution.',
    );
  });
}

function expectNear(
  name: string,
  what: string,
  given: ArrayLike<number>,
  expected: Float64Array,
): void {
  const found = Float64Array.from(given);
  const size = Math.hypot(...expected);
  const near =
    found.length === expected.length &&
    found.every((value, s) => Math.abs(value - expected[s]) <= TOLERANCE * (1e-3 + size));
  if (near) return;
  throw invalid(
    name,
    `${what} is ${list(found)}, but should be ${list(expected)}`,
    'The functions of the definition do not belong to one family.',
  );
}

const list = (numbers: ArrayLike<number>): string =>
  `[${Array.from(numbers, (value) => Number(value.toPrecision(8))).join(', ')}]`;
