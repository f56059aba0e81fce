import { readMixture } from '../index.ts';
import { UsageError, withColumnName } from './errors.ts';
import { readSamplesOfModel } from './input.ts';
import { checkWritable, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import { LabelWriter } from './label-writer.ts';
import { countLabels, labelsCsv } from './labels.ts';
import type { PredictArguments } from './model-arguments.ts';
import { readModelFile } from './model-file.ts';
import { runPredict } from './model-jobs.ts';
import { openStream, streamFacts } from './stream-input.ts';
import type { TableFacts } from './table-facts.ts';
import { contextJson, inputNotes, predictSummary } from './report.ts';

/** `webgpu-em predict`. Throws for whatever goes wrong. */
export async function predictCommand(
  args: PredictArguments,
  engine: Engine,
  io: CommandIo,
): Promise<void> {
  const { labelsFile, quiet } = args;
  await checkWritable(labelsFile, args.input.file);
  const { model, ...columns } = await readModelFile(args.modelFile);
  const { nComponents } = readMixture(model);
  const stream = await openStream(args.input, args.browser, columns);
  if (stream && args.json && labelsFile === undefined) {
    throw new UsageError(
      '--json would hold the labels of all samples of the file.',
      'Add --labels FILE, which they are written to as they come.',
    );
  }
  const read = stream ? undefined : await readSamplesOfModel(args.input, columns, io);
  const before: TableFacts = stream ? streamFacts(stream) : read!;
  if (!quiet) io.stderr.write(inputNotes(before));

  const settings = { shape: before.samples, model, wantProbabilities: args.probabilities };
  const sink = labelsFile === undefined ? io.stdout : undefined;
  const writer = new LabelWriter(labelsFile, sink, nComponents, args.probabilities);
  const { nFeatures, nSamples } = before.samples;
  const job = engine.run(
    runPredict,
    {
      settings: { ...settings, shape: { nSamples, nFeatures } },
      arrays: read ? { data: read.samples.data } : {},
      stream,
    },
    {
      signal: io.signal,
      onLabels: (labels, probabilities) => writer.write(labels, probabilities),
    },
  );
  let outcome: Awaited<typeof job>;
  try {
    outcome = await job;
  } catch (error) {
    throw withColumnName(error, before.columnNames);
  } finally {
    await writer.close();
  }
  const { report, arrays } = outcome;
  const shape = { nSamples: report.nSamples, nFeatures };
  const table = { ...before, missing: report.missing, samples: shape };
  const labels = arrays['labels'] as Int32Array | undefined;
  const probabilities = arrays['probabilities'] as Float32Array | undefined;
  const labelCounts = labels ? countLabels(labels, nComponents) : writer.counts;
  if (labelsFile !== undefined && labels) {
    await writeText(labelsFile, labelsCsv(labels, probabilities, nComponents));
  }
  if (args.json) {
    const result = {
      ...shape,
      missing: table.missing,
      columnNames: table.columnNames,
      score: report.score,
      labelCounts,
      ...contextJson(report.context),
      // In the file, if one was asked for.
      ...(labelsFile === undefined
        ? { labels: Array.from(labels ?? []), ...probabilityRows(probabilities, nComponents) }
        : {}),
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (labelsFile === undefined) {
    if (labels) io.stdout.write(labelsCsv(labels, probabilities, nComponents));
  } else if (!quiet) {
    io.stdout.write(predictSummary(args.input.file, table, report, labelCounts));
  }
}

function probabilityRows(
  probabilities: Float32Array | undefined,
  nComponents: number,
): { probabilities?: number[][] } {
  if (probabilities === undefined) return {};
  const rows: number[][] = [];
  for (let start = 0; start < probabilities.length; start += nComponents) {
    rows.push(Array.from(probabilities.subarray(start, start + nComponents)));
  }
  return { probabilities: rows };
}
