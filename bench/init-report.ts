import { grouped } from './format.ts';
import {
  CHOOSERS,
  KINDS,
  MOST_ITERATIONS,
  SIDES,
  WORST_POTENTIAL,
  type Chooser,
  type InitFigures,
  type InitShape,
  type Side,
} from './init.ts';
import type { Stamp } from './result.ts';
import { spread } from './statistics.ts';

/** What scikit-learn chose on the same samples: bench/init-peer.py. */
export interface Peer {
  readonly scikit_learn: string;
  readonly potentials: Readonly<Record<Chooser, readonly number[]>>;
  readonly milliseconds: Readonly<Record<Chooser, readonly number[]>>;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number => spread(values).median;

/** Mean potential over scikit-learn's; of the CPU side's where there is no peer. */
function potentialRatio(
  figures: Record<Side, InitFigures>,
  side: Side,
  kind: Chooser,
  peer: Peer | undefined,
): number {
  const of = peer ? peer.potentials[kind] : figures.cpu.potentials[kind];
  return mean(figures[side].potentials[kind]) / mean(of);
}

/** What is not as it must be, in sentences. */
export function failuresOf(figures: Record<Side, InitFigures>, peer: Peer | undefined): string[] {
  return SIDES.flatMap((side) => [
    ...CHOOSERS.filter(
      (kind) => !(potentialRatio(figures, side, kind, peer) <= WORST_POTENTIAL),
    ).map((kind) => `${kind} on ${side} chose worse than scikit-learn`),
    ...(['k-means++'] as const)
      .filter((kind) => !(iterationsOf(figures[side], kind) <= MOST_ITERATIONS))
      .map((kind) => `${kind} on ${side} cost more than ${MOST_ITERATIONS} iterations`),
  ]);
}

/** Median time of a start over the median of an iteration. */
function iterationsOf(figures: InitFigures, kind: keyof InitFigures['starts']): number {
  return median(figures.starts[kind]) / median(figures.iteration);
}

export function toMarkdown(
  stamp: Stamp,
  shape: InitShape,
  figures: Record<Side, InitFigures>,
  peer: Peer | undefined,
): string {
  const of = peer ? `scikit-learn ${peer.scikit_learn}` : 'the CPU side';
  const rows = SIDES.flatMap((side) =>
    KINDS.map((kind) => {
      const chooser = CHOOSERS.find((one) => one === kind);
      const times = spread(figures[side].starts[kind]);
      const quality =
        chooser === undefined ? '' : potentialRatio(figures, side, chooser, peer).toFixed(3);
      return `| ${side} | ${kind} | ${times.median.toFixed(0)} [${times.least.toFixed(0)}–${times.most.toFixed(0)}] | ${median(figures[side].iteration).toFixed(0)} | ${iterationsOf(figures[side], kind).toFixed(2)} | ${quality} |`;
    }),
  );
  return `# Initialisation

${grouped(shape.nSamples)} × ${shape.nFeatures}, K = ${shape.nComponents}. ${stamp.browser}, ${stamp.adapter.name}; ${stamp.processor}, ${stamp.cores} cores, ${stamp.os}; commit ${stamp.commit}, ${stamp.date}.

A start is timed from the call of a fit with maxIter 0 on a resident dataset to its result (parameters, one M-step included), beside
one EM iteration with full covariances on the same side, in turn, ${shape.repetitions} times after one that is not counted: median [range], and the
ratio of medians. It may cost ${MOST_ITERATIONS} iterations. The potential (sum of squared distances to the nearest chosen point, standardised
units, float64) is the mean of ${shape.seeds} seeds over that of ${of} on the same samples: at most ${WORST_POTENTIAL}, or no time counts.

| side | start | milliseconds | one iteration | in iterations | potential ratio |
| --- | --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
}
