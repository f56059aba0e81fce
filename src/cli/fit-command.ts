import { readMixture } from '../index.ts';
import { withColumnName } from './errors.ts';
import type { FitArguments } from './fit-arguments.ts';
import { runFit } from './fit-job.ts';
import type { FitSettings } from './fit-job.ts';
import { fitSummary } from './fit-report.ts';
import { readSamples, readSamplesOfModel } from './input.ts';
import { checkWritable, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import { countLabels, labelsCsv } from './labels.ts';
import { modelText } from './model-file.ts';
import { ProgressLine } from './progress.ts';
import { readWarmStart } from './warm-start.ts';
import { contextJson, inputNotes, warningNotes } from './report.ts';
import { selectionNotes, selectionTable } from './selection-report.ts';

/** `webgpu-em fit`. Throws for whatever goes wrong. */
export async function fitCommand(args: FitArguments, engine: Engine, io: CommandIo): Promise<void> {
  const { family, modelFile, labelsFile, diagnose, quiet, warmStartFile } = args;
  await checkWritable(modelFile);
  await checkWritable(labelsFile);
  const warm = warmStartFile === undefined ? undefined : await readWarmStart(warmStartFile, family);
  const { nComponents, covarianceType, ...settled } = warm?.options ?? {};
  const options = { ...settled, ...given(args.options), warmStart: warm?.model };
  const model = { nComponents, covarianceType, ...given(args.model) } as FitSettings['model'];
  const table = await (warm
    ? readSamplesOfModel(args.input, warm, io)
    : readSamples(args.input, family, io));
  if (!quiet) io.stderr.write(inputNotes(table));

  const { data, ...shape } = table.samples;
  const progress = new ProgressLine(io.stderr, options.nInit ?? 1, quiet);
  progress.say(args.browser ? 'starting the browser' : 'starting');
  const { report, arrays } = await engine
    .run(
      runFit,
      {
        settings: { shape, family, options, model, wantDiagnostics: diagnose },
        arrays: { data },
      },
      {
        signal: io.signal,
        onProgress: progress.isOn ? (step) => progress.show(step) : undefined,
      },
    )
    .catch((error: unknown) => {
      throw withColumnName(error, table.columnNames);
    })
    .finally(() => progress.clear());

  const mixture = readMixture(report.model);
  const labels = arrays['labels'] as Int32Array;
  const labelCounts = countLabels(labels, mixture.nComponents);
  if (modelFile !== undefined) {
    await writeText(modelFile, modelText(report.model, table));
  }
  if (labelsFile !== undefined) {
    await writeText(labelsFile, labelsCsv(labels, undefined, mixture.nComponents));
  }
  const { selection } = report;
  if (!quiet) {
    const notes = selection ? selectionNotes(selection) : [];
    io.stderr.write(warningNotes([...notes, ...report.warnings]));
  }
  if (args.json) {
    const result = {
      family,
      ...shape,
      missing: table.missing,
      columnNames: table.columnNames,
      categories: table.categories.map((words) => words ?? null),
      skippedColumns: table.skippedColumns,
      constantColumns: report.constantColumns.map((index) => table.columnNames[index]),
      converged: mixture.converged,
      nIter: mixture.nIter,
      lowerBound: mixture.lowerBound,
      logLikelihood: mixture.logLikelihood,
      logPrior: mixture.logPrior,
      score: report.score,
      bic: report.bic,
      aic: report.aic,
      nParameters: mixture.nParameters,
      labelCounts,
      restarts: report.restarts,
      warnings: report.warnings,
      ...(report.diagnostics && { diagnostics: report.diagnostics }),
      seconds: report.seconds,
      ...(report.timings && { timings: report.timings }),
      ...(selection && { selection }),
      ...contextJson(report.context),
      model: report.model,
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (!quiet) {
    const candidates = selection ? `${selectionTable(selection)}\n` : '';
    io.stdout.write(candidates + fitSummary(args, table, report, mixture, labelCounts));
  }
}

/** Without what the call leaves open. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
