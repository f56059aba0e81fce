import { readCsv } from '../../io/csv.ts';
import faithful from '../data/faithful.csv?raw';

/** Where a run begins: means and standard deviations without correlation, equal weights. */
export interface Start {
  /** K x D, row-major, in the units of the lesson's samples. */
  readonly means: readonly number[];
  /** K x D, each above 0. */
  readonly deviations: readonly number[];
}

export interface NamedStart extends Start {
  readonly label: string;
}

/** One data set to learn on, with the starts that show something. */
export interface Lesson {
  readonly id: LessonId;
  readonly label: string;
  readonly samples: { data: Float64Array; nSamples: number; nFeatures: number };
  readonly nComponents: number;
  /** As an axis names them, with their units. */
  readonly featureNames: readonly string[];
  /** As indices, tables and sentences name them. */
  readonly shortNames: readonly string[];
  /** The first is the one to begin with. */
  readonly starts: readonly NamedStart[];
  /** The sample that is chosen at first, from 0: one between the components. */
  readonly firstSample: number;
  /** l of the best maximum that many starts were seen to reach, components that shrink onto one value aside. */
  readonly bestLogLikelihood: number;
  /** What it is, in a sentence or two. */
  readonly note: string;
}

export const LESSON_IDS = ['worked', 'faithful', 'faithful-minutes'] as const;
export type LessonId = (typeof LESSON_IDS)[number];

/** The data sets, made when first asked for. */
export function lesson(id: LessonId): Lesson {
  let made = kept.get(id);
  if (!made) kept.set(id, (made = MAKERS[id]()));
  return made;
}

export const LESSON_LABELS: Readonly<Record<LessonId, string>> = {
  worked: 'Worked example: five numbers',
  faithful: 'Old Faithful, standardised',
  'faithful-minutes': 'Old Faithful, in minutes',
};

const kept = new Map<LessonId, Lesson>();

const MAKERS: Readonly<Record<LessonId, () => Lesson>> = {
  worked: () => ({
    id: 'worked',
    label: LESSON_LABELS.worked,
    samples: { data: Float64Array.of(-1, 0, 4, 5, 6), nSamples: 5, nFeatures: 1 },
    nComponents: 2,
    featureNames: ['x'],
    shortNames: ['x'],
    starts: [
      { label: 'as in the lecture: means 6 and 7', means: [6, 7], deviations: [1, 2] },
      { label: 'good: a mean in either group', means: [-1, 5], deviations: [1, 1] },
      { label: 'bad: two equal components', means: [2, 2], deviations: [2, 2] },
      { label: 'bad: one narrow component on one sample', means: [4, 2], deviations: [0.2, 3] },
    ],
    firstSample: 2,
    bestLogLikelihood: -8.465258966889513,
    note: 'The samples −1, 0, 4, 5 and 6, and two Gaussians whose standard deviations differ. Small enough to follow with a pencil.',
  }),
  faithful: () => ({
    id: 'faithful',
    label: LESSON_LABELS.faithful,
    samples: standardised().samples,
    nComponents: 2,
    featureNames: ['eruption (standard deviations)', 'waiting (standard deviations)'],
    shortNames: ERUPTION_WAITING,
    starts: STARTS_FAITHFUL,
    firstSample: BETWEEN,
    bestLogLikelihood: BEST_FAITHFUL,
    note: '272 eruptions of the geyser: how long each lasted (eruption) and how long until the next (waiting), each less its mean and divided by its standard deviation.',
  }),
  'faithful-minutes': () => {
    const { samples, means, deviations } = standardised();
    const jacobian = samples.nSamples * (Math.log(deviations[0]) + Math.log(deviations[1]));
    return {
      id: 'faithful-minutes',
      label: LESSON_LABELS['faithful-minutes'],
      samples: eruptions(),
      nComponents: 2,
      featureNames: ['eruption (minutes)', 'waiting (minutes)'],
      shortNames: ERUPTION_WAITING,
      starts: STARTS_FAITHFUL.map((start) => ({
        label: start.label,
        means: start.means.map((value, i) => means[i % 2] + deviations[i % 2] * value),
        deviations: start.deviations.map((value, i) => deviations[i % 2] * value),
      })),
      firstSample: BETWEEN,
      bestLogLikelihood: BEST_FAITHFUL - jacobian,
      note: `The same eruptions in minutes. EM takes the same way in any units: only ln p is lower throughout, by ${jacobian.toFixed(2)}, as densities are now per minute: N times the sum of the logarithms of both standard deviations.`,
    };
  },
};

const ERUPTION_WAITING: readonly string[] = ['eruption', 'waiting'];
const BETWEEN = 139;
const BEST_FAITHFUL = -385.4606956298;
const STARTS_FAITHFUL: readonly NamedStart[] = [
  { label: 'across the data', means: [-1.5, 1, 1.5, -1], deviations: [0.5, 0.5, 0.5, 0.5] },
  {
    label: 'good: a mean in either group',
    means: [-1, -1, 1, 1],
    deviations: [0.5, 0.5, 0.5, 0.5],
  },
  { label: 'bad: to a poor maximum', means: [0, 0, 2, -2], deviations: [0.5, 0.5, 0.5, 0.5] },
  { label: 'bad: two equal components', means: [0, 0, 0, 0], deviations: [1, 1, 1, 1] },
];

function eruptions(): Lesson['samples'] {
  const { samples } = readCsv(faithful);
  const { data, nSamples, nFeatures } = samples;
  return { data: Float64Array.from(data), nSamples, nFeatures };
}

/** Columns less their means, over their standard deviations with the divisor N. */
function standardised(): { samples: Lesson['samples']; means: number[]; deviations: number[] } {
  const { data, nSamples, nFeatures } = eruptions();
  const features = Array.from({ length: nFeatures }, (_, d) => d);
  const column = (d: number) => data.filter((_, i) => i % nFeatures === d);
  const average = (values: Float64Array) =>
    values.reduce((sum, value) => sum + value, 0) / nSamples;
  const means = features.map((d) => average(column(d)));
  const deviations = features.map((d) =>
    Math.sqrt(average(column(d).map((value) => (value - means[d]) ** 2))),
  );
  return {
    samples: {
      data: data.map((value, i) => (value - means[i % nFeatures]) / deviations[i % nFeatures]),
      nSamples,
      nFeatures,
    },
    means,
    deviations,
  };
}
