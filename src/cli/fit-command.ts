import { MixtureError, readMixture } from '../index.ts';
import type { FittedMixture } from '../index.ts';
import { withColumnName } from './errors.ts';
import type { FitArguments } from './fit-arguments.ts';
import { runFit } from './fit-job.ts';
import type { FitSettings } from './fit-job.ts';
import { fitSummary } from './fit-report.ts';
import { readSamples, readSamplesOfModel } from './input.ts';
import { checkWritable, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import { LabelWriter } from './label-writer.ts';
import { countLabels, labelsCsv } from './labels.ts';
import { modelText } from './model-file.ts';
import { ProgressLine } from './progress.ts';
import { readWarmStart } from './warm-start.ts';
import { contextJson, inputNotes, warningNotes } from './report.ts';
import { memoryLimitOf, openStream, streamFacts } from './stream-input.ts';
import type { TableFacts } from './table-facts.ts';
import { selectionNotes, selectionTable } from './selection-report.ts';

/** `webgpu-em fit`. Throws for whatever goes wrong. */
export async function fitCommand(args: FitArguments, engine: Engine, io: CommandIo): Promise<void> {
  const { family, modelFile, labelsFile, diagnose, quiet, warmStartFile } = args;
  await checkWritable(modelFile, args.input.file);
  await checkWritable(labelsFile, args.input.file);
  const warm = warmStartFile === undefined ? undefined : await readWarmStart(warmStartFile, family);
  const { nComponents, covarianceType, ...settled } = warm?.options ?? {};
  const options = { ...settled, ...given(args.options), warmStart: warm?.model };
  const model = { nComponents, covarianceType, ...given(args.model) } as FitSettings['model'];
  const stream = await openStream(args.input, args.browser, warm, family);
  const read = stream
    ? undefined
    : await (warm ? readSamplesOfModel(args.input, warm, io) : readSamples(args.input, family, io));
  const before: TableFacts = stream ? streamFacts(stream) : read!;
  if (!quiet) io.stderr.write(inputNotes(before));

  const { nFeatures } = before.samples;
  const progress = new ProgressLine(io.stderr, options.nInit ?? 1, quiet);
  progress.say(args.browser ? 'starting the browser' : 'starting');
  let writer: LabelWriter | undefined;
  const job = engine.run(
    runFit,
    {
      settings: {
        shape: { nSamples: before.samples.nSamples, nFeatures },
        memoryLimit: stream && memoryLimitOf(args.input),
        family,
        options,
        model,
        wantDiagnostics: diagnose,
      },
      arrays: read ? { data: read.samples.data } : {},
      stream,
    },
    {
      signal: io.signal,
      onProgress: progress.isOn ? (step) => progress.show(step) : undefined,
      onLabels: (labels, _, nComponents) => {
        writer ??= new LabelWriter(labelsFile, undefined, nComponents);
        return writer.write(labels);
      },
    },
  );
  let outcome: Awaited<typeof job>;
  try {
    outcome = await job;
  } catch (error) {
    throw await keepMixture(withColumnName(error, before.columnNames), modelFile, before);
  } finally {
    progress.clear();
    await writer?.close();
  }

  const { report, arrays } = outcome;
  const mixture = readMixture(report.model);
  const { nSamples, missing } = report;
  const shape = { nSamples, nFeatures };
  const table = { ...before, missing, samples: shape };
  const labels = arrays['labels'] as Int32Array;
  const labelCounts = writer?.counts ?? countLabels(labels, mixture.nComponents);
  if (modelFile !== undefined) {
    await writeText(modelFile, modelText(report.model, table));
  }
  if (labelsFile !== undefined && !stream) {
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

/** A source that broke off: the mixture so far is written, and the hint says how to go on from it. */
async function keepMixture(
  error: unknown,
  modelFile: string | undefined,
  columns: TableFacts,
): Promise<unknown> {
  if (!(error instanceof MixtureError && error.code === 'SOURCE_FAILED')) return error;
  const { code, message, details } = error;
  const mixture = details['mixture'] as FittedMixture | undefined;
  if (!mixture)
    return new MixtureError(code, message, 'Mend the file, and start again.', details, error);
  const after = `after ${mixture.nIter} iterations`;
  if (modelFile === undefined) {
    const hint = `The mixture ${after} is lost: with --out FILE it would be there to go on from.`;
    return new MixtureError(code, message, hint, details, error);
  }
  await writeText(modelFile, modelText(mixture.toJSON(), columns));
  const hint = `The mixture ${after} is in "${modelFile}": mend the file, and go on with --warm-start ${modelFile}.`;
  return new MixtureError(code, message, hint, details, error);
}

/** Without what the call leaves open. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
