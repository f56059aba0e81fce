import type { Random } from '../data/random.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { ComponentSlots } from './component-slots.ts';
import { LocalSamples, logSumExp, type LocalProblem } from './local-samples.ts';
import { pacer } from '../data/pause.ts';

/** Components i and j become one, and k becomes two: K stays. */
export interface Candidate {
  readonly merged: readonly [number, number];
  /** i where the merged component itself is split again, another way. */
  readonly split: number;
  /** What it changes of the log-likelihood, by the local fits alone. */
  readonly estimate: number;
  /** i is the merged component; k and j are the halves. */
  readonly start: Parameters;
}

export interface Ranking {
  readonly nCandidates: number;
  readonly leastGain: number;
  readonly random: Random;
}

interface Merge {
  readonly pair: readonly [number, number];
  readonly loss: number;
  /** One component. */
  readonly parameters: Parameters;
}

interface Split {
  /** One, or a pair that is parted anew. */
  readonly of: readonly number[];
  readonly gain: number;
  /** Two components. */
  readonly parameters: Parameters;
}

/** The samples that components have together. */
interface OwnSamples {
  readonly members: Int32Array;
  /** Their responsibilities. */
  readonly shares: Float64Array;
  /** ln of the components' part of the density. */
  readonly before: Float64Array;
}

/** Responsibilities below this are left out of local fits. */
const LEAST = 0.01;
/** Seeded partitions that a component's split is tried from. */
const PARTITIONS = 3;
/** The same of a pair that is parted anew. */
const PAIR_PARTITIONS = 2;
/** EM steps of a split among the component's own samples. */
const LOCAL_STEPS = 12;
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
 * Beside the paper's: the K pairs that overlap most, each merged and split again another way, where that alone gains enough.
 * @param frozen components that no move may touch, K
 * @param leastGain nats that a pair parted anew must gain
 * @returns draws splits and ranks, anew each time
 */
export async function rankMoves(
  problem: LocalProblem,
  parameters: Parameters,
  frozen: readonly boolean[],
  { nCandidates, leastGain, random }: Ranking,
): Promise<() => Promise<Candidate[]>> {
  const nComponents = parameters.weights.length;
  const free = Array.from({ length: nComponents }, (_, k) => k).filter((k) => !frozen[k]);
  if (free.length < 2) return () => Promise.resolve([]);
  const local = await LocalSamples.look(problem, parameters, random);
  const finder = new LocalFits(problem, parameters, local);
  const pairs = finder.pairs(free);
  const merges = free.length > 2 ? await finder.merges(pairs.slice(0, PAIRS * nComponents)) : [];
  const singles = merges.length > 0 ? free.map((k) => [k]) : [];
  const put: ComponentSlots['put'] = (...given) => problem.slots.put(...given);
  return async () => {
    const splits = await finder.splits(singles, PARTITIONS, random);
    const parted = await finder.splits(pairs.slice(0, nComponents), PAIR_PARTITIONS, random);
    const moves = merges.flatMap(({ pair, loss, parameters: merged }) =>
      splits
        .filter(({ of: [k] }) => !pair.includes(k))
        .map(({ of: [k], gain, parameters: halves }): Candidate => {
          const start = put(put(parameters, [pair[0]], merged), [k, pair[1]], halves);
          return { merged: pair, split: k, estimate: gain - loss, start };
        }),
    );
    const partings = parted
      .filter(({ gain }) => gain > leastGain)
      .map(({ of: [i, j], gain, parameters: halves }): Candidate => {
        const start = put(parameters, [i, j], halves);
        return { merged: [i, j], split: i, estimate: gain, start };
      });
    return [...moves, ...partings].sort((a, b) => b.estimate - a.estimate).slice(0, nCandidates);
  };
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

  /** @param whole single components, or pairs */
  async splits(
    whole: readonly (readonly number[])[],
    partitions: number,
    random: Random,
  ): Promise<Split[]> {
    const found: Split[] = [];
    for (const components of whole) {
      let best: Split | undefined;
      const own = this.#samplesOf(components);
      for (let t = 0; t < partitions && own.members.length > 1; t++) {
        const split = await survives(() => this.#split(components, own, random));
        if (split && !(split.gain <= (best?.gain ?? -Infinity))) best = split;
      }
      if (best) found.push(best);
    }
    return found;
  }

  /** EM of two components with the samples of one, or of two. */
  async #split(
    of: readonly number[],
    { members, shares, before }: OwnSamples,
    random: Random,
  ): Promise<Split | undefined> {
    const { dataset, family, slots } = this.#problem;
    const weight = this.#weightOf(of);
    let parameters = slots.take(this.#parameters, [of[0], of.at(-1)!]);
    const masses = this.#partition(members, shares, random);
    const joint = new Float64Array(2);
    let gain = -Infinity;
    for (let step = 0; step < LOCAL_STEPS; step++) {
      parameters = this.#local.maximise(parameters, members, masses, weight);
      const density = family.density(parameters, dataset.standardisationFor(family));
      let next = 0;
      members.forEach((m, at) => {
        this.#local.score(density, m, joint);
        const sum = logSumExp(joint);
        next += this.#local.weights[m] * shares[at] * (sum - before[at]);
        masses[2 * at] = shares[at] * Math.exp(joint[0] - sum);
        masses[2 * at + 1] = shares[at] * Math.exp(joint[1] - sum);
      });
      const slow = next - gain < 1e-2 * Math.abs(next);
      gain = next;
      await this.#pause();
      if (slow) break;
    }
    const least = leastMass(family, dataset.nFeatures) / dataset.nSamples;
    return Number.isFinite(gain) && parameters.weights.every((part) => part >= least)
      ? { of, gain, parameters }
      : undefined;
  }

  /**
   * Responsibilities parted between two seeds among the samples, the second as far from the first as k-means++ would choose it;
   * each part keeps a fortieth of the other: no probability of exactly 0.
   */
  #partition(members: Int32Array, shares: Float64Array, random: Random): Float64Array {
    const { nFeatures } = this.#problem.dataset;
    const mass = (at: number): number => this.#local.weights[members[at]] * shares[at];
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
    this.#local.standardised(members[draw(members.length, mass, random)], seed);
    const first = distances();
    const farther = draw(members.length, (at) => mass(at) * first[at], random);
    this.#local.standardised(members[farther], seed);
    const second = distances();
    const masses = new Float64Array(2 * members.length);
    members.forEach((_, at) => {
      const near = first[at] <= second[at] ? 0.975 : 0.025;
      masses[2 * at] = shares[at] * near;
      masses[2 * at + 1] = shares[at] * (1 - near);
    });
    return masses;
  }

  async merges(pairs: readonly (readonly [number, number])[]): Promise<Merge[]> {
    const found: Merge[] = [];
    for (const pair of pairs) {
      const merge = await survives(async () => this.#merge(pair));
      if (merge) found.push(merge);
      await this.#pause();
    }
    return found;
  }

  /** All pairs by the cosine of their responsibilities, most alike first. */
  pairs(free: readonly number[]): [number, number][] {
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
    return pairs.sort((a, b) => b.overlap - a.overlap).map(({ pair }) => pair);
  }

  /** One component with the samples of two. */
  #merge(pair: readonly [number, number]): Merge | undefined {
    const { dataset, family, slots } = this.#problem;
    const { weights } = this.#parameters;
    const { members, shares, before } = this.#samplesOf(pair);
    if (members.length === 0) return undefined;
    const heavier = weights[pair[0]] >= weights[pair[1]] ? pair[0] : pair[1];
    const previous = slots.take(this.#parameters, [heavier]);
    const parameters = this.#local.maximise(previous, members, shares, this.#weightOf(pair));
    const density = family.density(parameters, dataset.standardisationFor(family));
    const joint = new Float64Array(1);
    let loss = 0;
    members.forEach((m, at) => {
      this.#local.score(density, m, joint);
      loss += this.#local.weights[m] * shares[at] * (before[at] - joint[0]);
    });
    return Number.isFinite(loss) ? { pair, loss, parameters } : undefined;
  }

  #samplesOf(components: readonly number[]): OwnSamples {
    const { count, weights, responsibilities, logJoint } = this.#local;
    const at = (m: number, k: number): number => m * this.#nComponents + k;
    const share = (m: number): number =>
      components.reduce((sum, k) => sum + responsibilities[at(m, k)], 0);
    const members: number[] = [];
    for (let m = 0; m < count; m++) if (weights[m] * share(m) >= LEAST) members.push(m);
    return {
      members: Int32Array.from(members),
      shares: Float64Array.from(members, share),
      before: Float64Array.from(members, (m) =>
        logSumExp(Float64Array.from(components, (k) => logJoint[at(m, k)])),
      ),
    };
  }

  #weightOf(components: readonly number[]): number {
    return components.reduce((sum, k) => sum + this.#parameters.weights[k], 0);
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
