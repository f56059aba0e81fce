import { Random } from '../data/random.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { LocalSamples, logSumExp, type LocalProblem } from './local-samples.ts';
import { pacer } from './pause.ts';

/** Components i and j become one, and k becomes two: K stays. */
export interface Candidate {
  readonly merged: readonly [number, number];
  readonly split: number;
  /** What it changes of the log-likelihood, by the local fits alone. */
  readonly estimate: number;
  /** i is the merged component; k and j are the halves. */
  readonly start: Parameters;
}

interface Merge {
  readonly pair: readonly [number, number];
  readonly loss: number;
  /** One component. */
  readonly parameters: Parameters;
}

interface Split {
  readonly component: number;
  readonly gain: number;
  /** Two components. */
  readonly parameters: Parameters;
}

/** Responsibilities below this are left out of local fits. */
const LEAST = 1e-6;
/** Seeded partitions that a component's split is tried from. */
const PARTITIONS = 3;
/** EM steps of a split among the component's own samples. */
const LOCAL_STEPS = 20;
/** Merges looked at closer, for each component. */
const PAIRS = 8;

/** Samples that a component must have so that what is found is no accident of a few: twice those that determine its parameters. */
export const leastMass = (family: Family, nFeatures: number): number =>
  2 * (1 + (family.freeParameters(2, nFeatures) - family.freeParameters(1, nFeatures)) / nFeatures);

/**
 * The most promising split-and-merge moves (Ueda, Nakano, Ghahramani and Hinton 2000), best first. Both criteria are in nats of
 * the samples' log-likelihood, so that a pair and a component can be weighed against each other:
 *  - split: the paper has the Kullback divergence of the data around k from p_k. Data have no density to put into it; what is
 *    found is the part of it that a split can remove: sum_n s_n gamma_nk ln(q(x_n) / p_k(x_n)), q the best of a few mixtures of two
 *    fitted by EM to the component's own samples, from seeded partitions of them by two seeds (as k-means++ draws them);
 *  - merge: the paper has the overlap P_i'P_j of the responsibilities. It chooses, divided by |P_i||P_j|, which pairs to look at;
 *    for those, the loss sum_n s_n (gamma_ni + gamma_nj) ln(p_ij(x_n) / m(x_n)), p_ij the two as they are and m one component by an
 *    M-step from their samples together.
 * @param frozen components that no move may touch, K
 */
export async function rankMoves(
  problem: LocalProblem,
  parameters: Parameters,
  frozen: readonly boolean[],
  count: number,
  random: Random,
): Promise<Candidate[]> {
  const nComponents = parameters.weights.length;
  const free = Array.from({ length: nComponents }, (_, k) => k).filter((k) => !frozen[k]);
  if (free.length < 3) return [];
  const local = await LocalSamples.look(problem, parameters, random);
  const finder = new LocalFits(problem, parameters, local);
  const splits = await finder.splits(free, random);
  const merges = await finder.merges(free);
  const all = merges.flatMap((merge) =>
    splits
      .filter(({ component }) => !merge.pair.includes(component))
      .map((split) => ({ merge, split, estimate: split.gain - merge.loss })),
  );
  all.sort((a, b) => b.estimate - a.estimate);
  return all.slice(0, count).map(({ merge, split, estimate }) => {
    const [i, j] = merge.pair;
    const joined = problem.slots.put(parameters, [i], merge.parameters);
    const start = problem.slots.put(joined, [split.component, j], split.parameters);
    return { merged: merge.pair, split: split.component, estimate, start };
  });
}

class LocalFits {
  readonly #problem: LocalProblem;
  readonly #parameters: Parameters;
  readonly #local: LocalSamples;
  readonly #nComponents: number;
  readonly #pause: () => Promise<void> | undefined;

  constructor(problem: LocalProblem, parameters: Parameters, local: LocalSamples) {
    this.#problem = problem;
    this.#parameters = parameters;
    this.#local = local;
    this.#nComponents = parameters.weights.length;
    this.#pause = pacer(problem.signal);
  }

  async splits(free: readonly number[], random: Random): Promise<Split[]> {
    const found: Split[] = [];
    for (const component of free) {
      let best: Split | undefined;
      for (let t = 0; t < PARTITIONS; t++) {
        const split = await survives(() => this.#split(component, random));
        if (split && !(split.gain <= (best?.gain ?? -Infinity))) best = split;
      }
      if (best) found.push(best);
    }
    return found;
  }

  /** EM of two components with the samples of one. */
  async #split(component: number, random: Random): Promise<Split | undefined> {
    const { dataset, family, slots } = this.#problem;
    const members = this.#members((m) => this.#responsibility(m, component));
    if (members.length < 2) return undefined;
    const weight = this.#parameters.weights[component];
    let parameters = slots.take(this.#parameters, [component, component]);
    const masses = this.#partition(component, members, random);
    const joint = new Float64Array(2);
    let gain = -Infinity;
    for (let step = 0; step < LOCAL_STEPS; step++) {
      parameters = this.#local.maximise(parameters, members, masses, weight);
      const density = family.density(parameters, dataset.standardisationFor(family));
      let next = 0;
      members.forEach((m, at) => {
        this.#local.score(density, m, joint);
        const share = this.#responsibility(m, component);
        const sum = logSumExp(joint);
        next += this.#local.weights[m] * share * (sum - this.#joint(m, component));
        masses[2 * at] = share * Math.exp(joint[0] - sum);
        masses[2 * at + 1] = share * Math.exp(joint[1] - sum);
      });
      const slow = next - gain < 1e-3 * Math.abs(next);
      gain = next;
      await this.#pause();
      if (slow) break;
    }
    const least = leastMass(family, dataset.nFeatures) / dataset.nSamples;
    return Number.isFinite(gain) && parameters.weights.every((part) => part >= least)
      ? { component, gain, parameters }
      : undefined;
  }

  /**
   * The component's responsibilities parted between two seeds among its samples, the second as far from the first as k-means++
   * would choose it; each part keeps a twentieth of all: no probability of exactly 0.
   */
  #partition(component: number, members: Int32Array, random: Random): Float64Array {
    const { nFeatures } = this.#problem.dataset;
    const share = (at: number): number =>
      this.#local.weights[members[at]] * this.#responsibility(members[at], component);
    const seed = new Float64Array(nFeatures);
    const row = new Float64Array(nFeatures);
    const distances = (): Float64Array => {
      const squares = new Float64Array(members.length);
      members.forEach((m, at) => {
        this.#local.standardised(m, row);
        for (let d = 0; d < nFeatures; d++) squares[at] += (row[d] - seed[d]) ** 2;
      });
      return squares;
    };
    this.#local.standardised(members[draw(members.length, share, random)], seed);
    const first = distances();
    const farther = draw(members.length, (at) => share(at) * first[at], random);
    this.#local.standardised(members[farther], seed);
    const second = distances();
    const masses = new Float64Array(2 * members.length);
    members.forEach((m, at) => {
      const whole = this.#responsibility(m, component);
      const near = first[at] <= second[at] ? 0.975 : 0.025;
      masses[2 * at] = whole * near;
      masses[2 * at + 1] = whole * (1 - near);
    });
    return masses;
  }

  async merges(free: readonly number[]): Promise<Merge[]> {
    const pairs = this.#overlaps(free).slice(0, PAIRS * this.#nComponents);
    const found: Merge[] = [];
    for (const { pair } of pairs) {
      const merge = await survives(async () => this.#merge(pair));
      if (merge) found.push(merge);
      await this.#pause();
    }
    return found;
  }

  /** All pairs by the cosine of their responsibilities, most alike first. */
  #overlaps(free: readonly number[]): { pair: [number, number]; overlap: number }[] {
    const { count, weights, responsibilities } = this.#local;
    const nComponents = this.#nComponents;
    const products = new Float64Array(nComponents * nComponents);
    for (let m = 0; m < count; m++) {
      const row = m * nComponents;
      for (let i = 0; i < nComponents; i++) {
        const own = weights[m] * responsibilities[row + i];
        if (own < LEAST) continue;
        for (let j = i; j < nComponents; j++) {
          products[i * nComponents + j] += own * responsibilities[row + j];
        }
      }
    }
    const length = (k: number): number => Math.sqrt(products[k * (nComponents + 1)]) || 1;
    const pairs = free.flatMap((i) =>
      free
        .filter((j) => j > i)
        .map((j) => ({
          pair: [i, j] as [number, number],
          overlap: products[i * nComponents + j] / length(i) / length(j),
        })),
    );
    return pairs.sort((a, b) => b.overlap - a.overlap);
  }

  /** One component with the samples of two. */
  #merge(pair: readonly [number, number]): Merge | undefined {
    const { dataset, family, slots } = this.#problem;
    const { weights } = this.#parameters;
    const share = (m: number): number =>
      this.#responsibility(m, pair[0]) + this.#responsibility(m, pair[1]);
    const members = this.#members(share);
    if (members.length === 0) return undefined;
    const heavier = weights[pair[0]] >= weights[pair[1]] ? pair[0] : pair[1];
    const previous = slots.take(this.#parameters, [heavier]);
    const masses = Float64Array.from(members, share);
    const total = weights[pair[0]] + weights[pair[1]];
    const parameters = this.#local.maximise(previous, members, masses, total);
    const density = family.density(parameters, dataset.standardisationFor(family));
    const joint = new Float64Array(1);
    let loss = 0;
    members.forEach((m, at) => {
      this.#local.score(density, m, joint);
      const both = Float64Array.from(pair, (k) => this.#joint(m, k));
      loss += this.#local.weights[m] * masses[at] * (logSumExp(both) - joint[0]);
    });
    return Number.isFinite(loss) ? { pair, loss, parameters } : undefined;
  }

  #members(share: (m: number) => number): Int32Array {
    const members: number[] = [];
    for (let m = 0; m < this.#local.count; m++) {
      if (this.#local.weights[m] * share(m) >= LEAST) members.push(m);
    }
    return Int32Array.from(members);
  }

  #responsibility(m: number, k: number): number {
    return this.#local.responsibilities[m * this.#nComponents + k];
  }

  #joint(m: number, k: number): number {
    return this.#local.logJoint[m * this.#nComponents + k];
  }
}

/** A number of 0 .. count - 1, as likely as `mass` says. */
function draw(count: number, mass: (i: number) => number, random: Random): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += mass(i);
  let target = random.uniform() * total;
  for (let i = 0; i < count; i++) {
    target -= mass(i);
    if (target < 0) return i;
  }
  return count - 1;
}

/** Undefined where a component of it would have no density or mode: such a move is none. */
async function survives<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    const collapsed =
      error instanceof MixtureError &&
      (error.code === 'COLLAPSED_COMPONENT' || error.code === 'NO_MODE');
    if (!collapsed) throw error;
    return undefined;
  }
}
