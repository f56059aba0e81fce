import { BernoulliMixture, createContext, GaussianMixture, type Algorithm } from '../src/index.ts';

/** Samples and the mixture to fit to them. */
export interface StreamsJob {
  readonly name: string;
  readonly samples: { data: Float64Array; nSamples: number; nFeatures: number };
  readonly kind: 'gaussian' | 'bernoulli';
  readonly nComponents: number;
  readonly seeds: readonly number[];
}

/** What one algorithm came to, from one seed. */
export interface Passes {
  readonly seed: number;
  readonly algorithm: Algorithm;
  /** Passes over the samples until the bound is within 1e-3 of EM's last; undefined where it is not within `most`. */
  readonly passes: number | undefined;
  /** The bound per sample less EM's last, after three passes, and at the end. */
  readonly afterThree: number;
  readonly atEnd: number;
}

const WITHIN = 1e-3;
const EM = { tol: 1e-6, maxIter: 300 } as const;
/** Stepwise runs are made for each number of passes: the last of them is a full E-step, whose bound counts. */
const LENGTHS = [2, 3, 4, 5, 6, 8, 10, 15, 20, 30] as const;
const MOST = LENGTHS.at(-1)!;

type Bounds = ArrayLike<number>;

/** Passes that EM, incremental and stepwise EM need from the same starts, on the CPU, with default batches and steps. */
export async function measure(job: StreamsJob): Promise<Passes[]> {
  const context = await createContext({ backend: 'cpu' });
  const { samples, nComponents } = job;
  const fit = async (options: {
    seed: number;
    algorithm: Algorithm;
    tol: number;
    maxIter: number;
  }): Promise<Bounds> => {
    const given = { nComponents, context, ...options };
    const mixture =
      job.kind === 'gaussian'
        ? await GaussianMixture.fit(samples, given)
        : await BernoulliMixture.fit(samples, { ...given, prior: { a: 1.1, b: 1.1 } });
    return mixture.lowerBounds;
  };
  const found: Passes[] = [];
  for (const seed of job.seeds) {
    const em = await fit({ seed, algorithm: 'em', ...EM });
    const last = em[em.length - 1];
    const summary = (algorithm: Algorithm, bounds: Bounds, passes: Bounds): Passes => {
      const first = Array.from(bounds).findIndex((bound) => bound > last - WITHIN);
      const three = Array.from(passes).filter((pass) => pass <= 3).length - 1;
      return {
        seed,
        algorithm,
        passes: first < 0 ? undefined : passes[first],
        afterThree: bounds[Math.min(three, bounds.length - 1)] - last,
        atEnd: bounds[bounds.length - 1] - last,
      };
    };
    const count = (bounds: Bounds): number[] => Array.from(bounds, (_, i) => i + 1);
    found.push(summary('em', em, count(em)));
    const incremental = await fit({ seed, algorithm: 'incremental', ...EM });
    found.push(summary('incremental', incremental, count(incremental)));
    const ends: number[] = [];
    for (const maxIter of LENGTHS) {
      const bounds = await fit({ seed, algorithm: 'stepwise', tol: 0, maxIter });
      ends.push(bounds[maxIter - 1]);
    }
    found.push(summary('stepwise', ends, LENGTHS));
  }
  context.dispose();
  return found;
}

/** A row of Markdown a data set and seed. */
export function toRows(job: StreamsJob, found: readonly Passes[]): string[] {
  const show = (value: number | undefined): string =>
    value === undefined ? `> ${MOST}` : `${value}`;
  const nats = (value: number): string =>
    Math.abs(value) < 5e-5 ? '0' : `${value < 0 ? '-' : '+'}${Math.abs(value).toPrecision(2)}`;
  return job.seeds.map((seed) => {
    const of = (algorithm: Algorithm): Passes =>
      found.find((one) => one.seed === seed && one.algorithm === algorithm)!;
    const [em, incremental, stepwise] = [of('em'), of('incremental'), of('stepwise')];
    return [
      '',
      `${job.name}, seed ${seed}`,
      show(em.passes),
      show(incremental.passes),
      show(stepwise.passes),
      nats(em.afterThree),
      nats(incremental.afterThree),
      nats(stepwise.afterThree),
      nats(incremental.atEnd),
      nats(stepwise.atEnd),
      '',
    ]
      .join(' | ')
      .trim();
  });
}
