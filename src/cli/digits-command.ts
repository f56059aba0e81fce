import { BernoulliMixture } from '../index.ts';
import { encodePng } from '../io/png.ts';
import type { DigitsArguments } from './digits-arguments.ts';
import { readDigitData } from './digits-data.ts';
import { runDigits } from './digits-job.ts';
import { makeMask } from './digits-mask.ts';
import { commonLabels, meanImage, measureCompletion } from './digits-measures.ts';
import { drawGallery } from './digits-picture.ts';
import { digitsJson, digitsSummary } from './digits-report.ts';
import { checkWritable, writeBytes, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import { countLabels } from './labels.ts';
import { modelText } from './model-file.ts';
import { ProgressLine } from './progress.ts';
import { warningNotes } from './report.ts';

/** `webgpu-em digits`. Throws for whatever goes wrong. */
export async function digitsCommand(
  args: DigitsArguments,
  engine: Engine,
  io: CommandIo,
): Promise<void> {
  const { options, hiding, outputFile, modelFile, quiet } = args;
  await checkWritable(outputFile);
  await checkWritable(modelFile);
  const progress = new ProgressLine(io.stderr, options.nInit ?? 1, quiet);
  progress.say('reading the images');
  const data = await readDigitData(args).finally(() => progress.clear());
  const { rows, columns, train, test } = data;
  const mask = makeMask(hiding, test.nSamples, rows, columns, options.seed ?? 0);

  progress.say(args.browser ? 'starting the browser' : 'starting');
  const { bits: trainBits, ...trainShape } = train;
  const { bits: testBits, ...testShape } = test;
  const { report, arrays } = await engine
    .run(
      runDigits,
      {
        settings: { train: shapeOf(trainShape), test: shapeOf(testShape), options },
        arrays: { trainBits, testBits, testMask: mask },
      },
      {
        signal: io.signal,
        onProgress: progress.isOn ? (step) => progress.show(step) : undefined,
      },
    )
    .finally(() => progress.clear());

  const mixture = BernoulliMixture.fromJSON(report.model);
  const { completed } = arrays;
  const { a = 1, b = 1 } = typeof options.prior === 'object' ? options.prior : {};
  const mean = meanImage(train, test, a, b);
  const measure = measureCompletion(test, mask, completed, mean);
  const labels = arrays['labels'] as Int32Array;
  const components = [...mixture.weights.keys()].toSorted(
    (i, j) => mixture.weights[j] - mixture.weights[i],
  );
  const nShown = Math.min(args.nCompletions, test.nSamples);
  const shown = Array.from({ length: nShown }, (_, i) => Math.floor((i * test.nSamples) / nShown));
  const { probabilities } = mixture;
  const picture = drawGallery({
    rows,
    columns,
    test,
    mask,
    completed,
    shown,
    probabilities,
    components,
  });
  await writeBytes(outputFile, encodePng(picture));
  if (modelFile !== undefined) {
    await writeText(
      modelFile,
      modelText(report.model, { columnNames: undefined, categories: undefined }),
    );
  }
  if (!quiet) io.stderr.write(warningNotes(report.warnings));
  const result = {
    data,
    report,
    mixture,
    mean,
    measure,
    components,
    labelCounts: countLabels(labels, mixture.nComponents),
    commonLabels: data.trainLabels && commonLabels(labels, data.trainLabels, mixture.nComponents),
  };
  if (args.json) io.stdout.write(`${JSON.stringify(digitsJson(result))}\n`);
  else if (!quiet) io.stdout.write(digitsSummary(args, result));
}

function shapeOf({ nSamples, nFeatures }: { nSamples: number; nFeatures: number }) {
  return { nSamples, nFeatures };
}
