/** Where the fits of one data set ended, by one program with one start: a number of each kind for each seed. */
export interface Ends {
  /** Lower bound per sample. */
  readonly bounds: readonly number[];
  /** That of the same mixture run on to tol 1e-7. */
  readonly ends: readonly number[];
  /** The smallest of the covariances there. */
  readonly eigenvalues: readonly number[];
}

export interface Program {
  readonly one: Ends;
  /** Each the best of ten starts. */
  readonly ten: Ends;
}

export interface StartsProblem {
  readonly name: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly covarianceType: string;
  readonly nComponents: number;
  /** `standardised`: one start by k-means on columns of mean 0 and deviation 1, where this library looks for its starts. */
  readonly scikitLearn: Program & { readonly standardised: Ends };
  /** By initParams. */
  readonly library: Readonly<Record<string, Program>>;
}

export interface StartsResult {
  readonly stamp: { readonly date: string; readonly commit: string };
  readonly scikitLearn: string;
  readonly tol: number;
  readonly maxIter: number;
  readonly endTol: number;
  readonly regCovar: number;
  readonly problems: readonly StartsProblem[];
}

/** Within so much of the best known bound a mixture that was run on has found it. */
const NEAR = 1e-3;
/** What a fit starts from that is not told. */
const DEFAULT_START = 'k-means++';
const isDefault = (init: string): boolean => init === DEFAULT_START;
/** A covariance is held up by regCovar where its smallest eigenvalue is below so many times it. */
const HELD_UP = 10;

/** Middle value; of an even number the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  return (sorted[Math.floor(last / 2)] + sorted[Math.ceil(last / 2)]) / 2;
}

const most = (values: readonly number[]): number => Math.max(...values);

/** The best of each ten that follow one another: what `nInit: 10` keeps of them. */
export function bestOfTens({ bounds, ends, eigenvalues }: Ends): Ends {
  const best = Array.from({ length: Math.floor(bounds.length / 10) }, (_, group) => {
    const ten = bounds.slice(10 * group, 10 * group + 10);
    return 10 * group + ten.indexOf(most(ten));
  });
  return {
    bounds: best.map((n) => bounds[n]),
    ends: best.map((n) => ends[n]),
    eigenvalues: best.map((n) => eigenvalues[n]),
  };
}

/** The best bound of a mixture that regCovar does not hold up, by either program; of all, where it holds all up. */
export function bestKnown(problem: StartsProblem, regCovar: number): number {
  const { scikitLearn, library } = problem;
  const all = [scikitLearn, ...Object.values(library)]
    .flatMap(({ one, ten }) => [one, ten])
    .concat(scikitLearn.standardised);
  const proper = all.flatMap(({ ends, eigenvalues }) =>
    ends.filter((_, n) => eigenvalues[n] >= HELD_UP * regCovar),
  );
  return most(proper.length > 0 ? proper : all.flatMap(({ ends }) => ends));
}

/**
 * Where the library's median or best bound is below scikit-learn's by more than a stopping rule of `tol` explains.
 * @param which of the starts to look at
 */
export function complaints(
  { problems, tol }: StartsResult,
  which: (init: string) => boolean = isDefault,
): string[] {
  const figures = [
    ['median', median],
    ['best', most],
  ] as const;
  const lacks = problems.flatMap(({ name, scikitLearn, library }) =>
    Object.entries(library)
      .filter(([init]) => which(init))
      .flatMap(([init, program]) =>
        (['one', 'ten'] as const).flatMap((runs) =>
          figures.map(([what, of]) => ({
            lack: of(scikitLearn[runs].bounds) - of(program[runs].bounds),
            where: `${name}, ${init}, nInit ${runs === 'one' ? 1 : 10}: the ${what} bound`,
            // how far one start's luck goes
            remark:
              what === 'best' && runs === 'one'
                ? ` (${most(scikitLearn.one.bounds).toFixed(4)}; of its other ${10 * scikitLearn.ten.bounds.length} starts, those of nInit 10, the best is ${most(scikitLearn.ten.bounds).toFixed(4)})`
                : '',
          })),
        ),
      ),
  );
  return lacks
    .filter(({ lack }) => !(lack <= tol))
    .map(
      ({ lack, where, remark }) =>
        `${where} is ${lack.toPrecision(3)} below scikit-learn's${remark}.`,
    );
}

/** docs/bounds.md. */
export function toMarkdown(result: StartsResult): string {
  const { stamp, problems, tol, maxIter, regCovar } = result;
  const { one, ten } = problems[0].scikitLearn;
  const worse = complaints(result);
  const others = complaints(result, (init) => !isDefault(init));
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
  const verdict = [
    worse.length === 0
      ? `With its default start, ${DEFAULT_START}, the library's median and best bound are scikit-learn's on every data set, to the ${tol} that stopping at tol ${tol} leaves open, or better.`
      : `With its default start, ${DEFAULT_START}, the library is behind by more than tol here:\n\n${list(worse)}`,
    ...(others.length === 0 ? [] : [`With other starts it is behind here:\n\n${list(others)}`]),
  ].join('\n\n');
  return `# Bounds reached, by seed

Where fits of six data sets end: the lower bound per sample (mean log-likelihood) of scikit-learn ${result.scikitLearn} with its default start,
and of this library on its float64 side with its own, on the same data with the same settings: tol ${tol}, at most ${maxIter} iterations, regCovar
${regCovar}, maximum likelihood. \`nInit 1\`: ${one.bounds.length} seeds. \`nInit 10\`: ${ten.bounds.length}, each the best of ten starts that no other has.

A higher bound is not always a better clustering: the likelihood of free covariances has no maximum but the one that \`regCovar\` sets,
and a component on few samples, or on samples that agree in a rounded column, always raises it (Day 1969). So *held up* is the share of seeds
whose mixture, run on to tol ${result.endTol}, has a covariance with an eigenvalue below ${HELD_UP} regCovar (\`mixture.diagnose\` tells: [diagnostics.md](diagnostics.md)),
and *found* the share that are then within ${NEAR} of the best bound known of a mixture that has none: the best of all these runs. *Standardised*:
scikit-learn with its k-means on columns of mean 0 and deviation 1, which is where this library looks for starts.

${verdict}

${problems.map((problem) => section(problem, regCovar)).join('\n')}
Made by \`npm run bench:starts\` on ${stamp.date.slice(0, 10)} (${stamp.commit}); scikit-learn's part by \`bench/starts/sklearn_bounds.py\`. All bounds:
[bench/results](../bench/results).
`;
}

function section(problem: StartsProblem, regCovar: number): string {
  const { name, nSamples, nFeatures, covarianceType, nComponents, scikitLearn, library } = problem;
  const best = bestKnown(problem, regCovar);
  const programs: [string, Partial<Program>][] = [
    ['scikit-learn, kmeans', scikitLearn],
    ['scikit-learn, kmeans, standardised', { one: scikitLearn.standardised }],
    ...Object.entries(library).map(([init, ends]): [string, Partial<Program>] => [
      `webgpu-em, ${init}`,
      ends,
    ]),
  ];
  const share = (flags: readonly boolean[]): string =>
    `${Number(((100 * flags.filter(Boolean).length) / flags.length).toFixed(1))} %`;
  const rows = (['one', 'ten'] as const).flatMap((which) =>
    programs.flatMap(([program, { [which]: own }]) => {
      if (!own) return [];
      const { bounds, ends, eigenvalues } = own;
      const figures = [Math.min(...bounds), median(bounds), most(bounds)].map((bound) =>
        bound.toFixed(4),
      );
      const found = share(ends.map((bound) => Math.abs(bound - best) <= NEAR));
      const heldUp = share(eigenvalues.map((value) => value < HELD_UP * regCovar));
      const nInit = which === 'one' ? 1 : 10;
      return `| ${[nInit, program, ...figures, found, heldUp].join(' | ')} |`;
    }),
  );
  return `## ${name}: ${nSamples.toLocaleString('en')} × ${nFeatures}, K = ${nComponents}, ${covarianceType}

Best known: ${best.toFixed(4)}.

| nInit | program, start | worst | median | best | found | held up |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
