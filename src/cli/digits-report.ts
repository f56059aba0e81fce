import type { BernoulliMixture } from '../index.ts';
import type { DigitsArguments } from './digits-arguments.ts';
import type { DigitData } from './digits-data.ts';
import type { DigitsReport } from './digits-job.ts';
import { hidingText } from './digits-mask.ts';
import type { CommonLabel, CompletionMeasure, MeanImage } from './digits-measures.ts';
import { boundFacts, convergence, priorText } from './fit-report.ts';
import { contextFacts, contextJson } from './report.ts';
import { counted, significant, textTable } from './text.ts';

export interface DigitsResult {
  readonly data: DigitData;
  readonly report: DigitsReport;
  readonly mixture: BernoulliMixture;
  readonly mean: MeanImage;
  readonly measure: CompletionMeasure;
  /** From the heaviest to the lightest. */
  readonly components: readonly number[];
  readonly labelCounts: readonly number[];
  readonly commonLabels: readonly (CommonLabel | undefined)[] | undefined;
}

/** What a person reads after a completion. */
export function digitsSummary(args: DigitsArguments, result: DigitsResult): string {
  const { data, report, mixture, mean, measure } = result;
  const { train, test, rows, columns } = data;
  const { nComponents, nParameters } = mixture;
  const hidden = significant(measure.hiddenPixels / test.nSamples);
  const facts = [
    ['Fitted', `${train.nSamples} images of ${rows} x ${columns}, from ${data.trainName}`],
    ['Completed', `${test.nSamples} others, from ${data.testName}`],
    [
      'Mixture',
      `${counted(nComponents, 'component')}, Bernoulli, ${counted(nParameters, 'free parameter')}`,
    ],
    ...(args.options.prior === undefined ? [] : [['Prior', priorText(args.options.prior)]]),
    ...contextFacts(report.context),
    ['Converged', convergence(mixture, report.restarts, report.seconds)],
    ...boundFacts(mixture),
    [
      'Held out',
      `log-likelihood ${significant(report.heldOutScore ?? -Infinity)} per image; by one component ${significant(mean.score)}`,
    ],
    ['Hidden', `${hidingText(args.hiding)}, ${hidden} pixels an image`],
    [
      'Cross-entropy',
      `${significant(measure.crossEntropy)} nats per hidden pixel; of the mean image ${significant(measure.meanCrossEntropy)}`,
    ],
    [
      'Picture',
      `${args.outputFile}: images, what is seen of them, completed; the components from the heaviest`,
    ],
  ];
  return `${textTable(facts, ['left', 'left'])}\n${componentTable(result)}`;
}

/** The result as one JSON object. */
export function digitsJson({
  data,
  report,
  mixture,
  mean,
  measure,
  labelCounts,
  commonLabels,
}: DigitsResult) {
  const { train, test, rows, columns } = data;
  return {
    nTrain: train.nSamples,
    nTest: test.nSamples,
    rows,
    columns,
    nComponents: mixture.nComponents,
    converged: mixture.converged,
    nIter: mixture.nIter,
    lowerBound: mixture.lowerBound,
    logLikelihood: mixture.logLikelihood,
    logPrior: mixture.logPrior,
    heldOutScore: report.heldOutScore,
    meanImageScore: mean.score,
    ...measure,
    labelCounts,
    ...(commonLabels ? { commonLabels: commonLabels.map((common) => common ?? null) } : {}),
    restarts: report.restarts,
    warnings: report.warnings,
    seconds: report.seconds,
    ...contextJson(report.context),
  };
}

function componentTable({ mixture, components, labelCounts, commonLabels }: DigitsResult): string {
  const rows = components.map((k) => [
    String(k),
    significant(mixture.weights[k]),
    String(labelCounts[k]),
    ...(commonLabels ? labelCells(commonLabels[k]) : []),
  ]);
  const header = ['component', 'weight', 'images', ...(commonLabels ? ['label', 'share'] : [])];
  return textTable(
    [header, ...rows],
    header.map(() => 'right'),
  );
}

function labelCells(common: CommonLabel | undefined): string[] {
  return common === undefined
    ? ['', '']
    : [String(common.label), `${(100 * common.share).toFixed(0)}%`];
}
