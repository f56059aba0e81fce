import { spread } from './statistics.ts';

export interface RestartsJob {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  readonly covarianceType: 'full' | 'diag';
  /** Components that the samples are drawn from: more than K, so that restarts have work to do and end in different places. */
  readonly nDrawn: number;
  readonly nInit: number;
  readonly repetitions: number;
  /** On a software adapter, where a repetition takes minutes. */
  readonly softwareRepetitions: number;
  readonly seed: number;
}

/** Milliseconds of whole fits, one number a repetition. */
export interface SideFigures {
  /** Each restart by itself: the mean of all. */
  readonly alone: readonly number[];
  readonly together: readonly number[];
  readonly dropping: readonly number[];
  /** Whether each restart run alone had, to the bit, the bounds that it had among the others. */
  readonly same: boolean;
  readonly lowerBound: number;
  readonly droppingBound: number;
  /** Of all restarts together. */
  readonly iterations: number;
  readonly iterationsDropping: number;
  readonly failed: number;
}

export interface RestartsFigures {
  readonly job: RestartsJob;
  readonly cpu: SideFigures;
  readonly webgpu: SideFigures;
}

/** The best bound of the two sides, per sample, may differ by so much. */
const BOUND = 1e-5;

export const isRight = ({ cpu, webgpu }: RestartsFigures): boolean =>
  cpu.same && webgpu.same && Math.abs(cpu.lowerBound - webgpu.lowerBound) <= BOUND;

interface Stamp {
  readonly date: string;
  readonly commit: string;
  readonly browser: string;
  readonly os: string;
  readonly processor: string;
  readonly cores: number;
  readonly adapter: { readonly name: string; readonly software: boolean };
}

export function toMarkdown(stamp: Stamp, figures: readonly RestartsFigures[]): string {
  const where = stamp.adapter.software ? 'software' : 'hardware';
  const lines = [
    `# Many restarts at once, ${stamp.date.slice(0, 10)}, ${stamp.adapter.name}`,
    '',
    `- Adapter: ${stamp.adapter.name}, ${where}`,
    `- Browser: ${stamp.browser}`,
    `- System: ${stamp.os}, ${stamp.processor}, ${stamp.cores} cores`,
    `- Commit: ${stamp.commit}`,
    '',
    'Milliseconds of a whole fit of resident samples, its starts included: an average restart alone, all together, and all with',
    '`dropRestarts`; medians. "Right": each restart has, to the bit, the bounds that it has alone, and the best bound of WebGPU is within',
    `${BOUND} of the float64 side's. A row that is not right has no times.`,
    ...(stamp.adapter.software
      ? [
          'The adapter is software: WebGPU ran on the same processor as the CPU side. Its ratios say nothing of a GPU.',
        ]
      : []),
    '',
    '| N × D, K, restarts | side | one alone | all | ratio | iterations | dropping | ratio | iterations | bound lost | check |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const one of figures) {
    const { nSamples, nFeatures, nComponents, nInit, covarianceType } = one.job;
    const shape = `${nSamples.toLocaleString('en')} × ${nFeatures}, ${nComponents} ${covarianceType}, ${nInit}`;
    const right = isRight(one);
    for (const side of ['cpu', 'webgpu'] as const) {
      lines.push(`| ${shape} | ${side} | ${cells(one[side], right).join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function cells(side: SideFigures, right: boolean): string[] {
  const { alone, together, dropping } = side;
  const [one, all, kept] = [alone, together, dropping].map((times) => spread(times).median);
  const time = (value: number): string => (right ? value.toPrecision(3) : '–');
  return [
    time(one),
    time(all),
    time(all / one),
    String(side.iterations),
    time(kept),
    time(kept / one),
    String(side.iterationsDropping),
    (side.lowerBound - side.droppingBound).toPrecision(2),
    right ? 'right' : 'WRONG',
  ];
}
