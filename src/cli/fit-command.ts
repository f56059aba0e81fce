import { GaussianMixture } from '../index.ts';
import type { FitArguments } from './arguments.ts';
import type { Engine } from './engine.ts';
import { readSamples } from './input.ts';
import { checkWritable, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import { countLabels, labelsCsv } from './labels.ts';
import { modelText } from './model-file.ts';
import { ProgressLine } from './progress.ts';
import { contextJson, fitNotes, fitSummary, inputNotes } from './report.ts';

/** `webgpu-em fit`. Throws for whatever goes wrong. */
export async function fitCommand(args: FitArguments, engine: Engine, io: CommandIo): Promise<void> {
  const { options, modelFile, labelsFile, quiet } = args;
  await checkWritable(modelFile);
  await checkWritable(labelsFile);
  const table = await readSamples(args.input, io);
  if (!quiet) io.stderr.write(inputNotes(table));

  const progress = new ProgressLine(io.stderr, options.nInit ?? 1, quiet);
  progress.say(args.browser ? 'starting the browser' : 'starting');
  const { report, labels } = await engine
    .fit(table.samples, options, {
      signal: io.signal,
      onProgress: progress.isOn ? (step) => progress.show(step) : undefined,
    })
    .finally(() => progress.clear());

  const mixture = GaussianMixture.fromJSON(report.model);
  const labelCounts = countLabels(labels, mixture.nComponents);
  if (modelFile !== undefined) {
    await writeText(modelFile, modelText(report.model, table.columnNames));
  }
  if (labelsFile !== undefined) {
    await writeText(labelsFile, labelsCsv(labels, undefined, mixture.nComponents));
  }
  if (!quiet) io.stderr.write(fitNotes(report));
  if (args.json) {
    const result = {
      nSamples: table.samples.nSamples,
      nFeatures: table.samples.nFeatures,
      columnNames: table.columnNames,
      skippedColumns: table.skippedColumns,
      constantColumns: report.constantColumns.map((index) => table.columnNames[index]),
      converged: mixture.converged,
      nIter: mixture.nIter,
      lowerBound: mixture.lowerBound,
      score: report.score,
      bic: report.bic,
      aic: report.aic,
      nParameters: mixture.nParameters,
      labelCounts,
      restarts: report.restarts,
      warnings: report.warnings,
      seconds: report.seconds,
      ...contextJson(report.context),
      model: report.model,
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (!quiet) {
    io.stdout.write(fitSummary(args.input.file, table, report, mixture, labelCounts));
  }
}
