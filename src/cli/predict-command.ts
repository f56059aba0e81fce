import { readMixture } from '../index.ts';
import { withColumnName } from './errors.ts';
import { readSamplesOfModel } from './input.ts';
import { checkWritable, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import { countLabels, labelsCsv } from './labels.ts';
import type { PredictArguments } from './model-arguments.ts';
import { readModelFile } from './model-file.ts';
import { runPredict } from './model-jobs.ts';
import { contextJson, inputNotes, predictSummary } from './report.ts';

/** `webgpu-em predict`. Throws for whatever goes wrong. */
export async function predictCommand(
  args: PredictArguments,
  engine: Engine,
  io: CommandIo,
): Promise<void> {
  const { labelsFile, quiet } = args;
  await checkWritable(labelsFile);
  const { model, ...columns } = await readModelFile(args.modelFile);
  const { nComponents } = readMixture(model);
  const table = await readSamplesOfModel(args.input, columns, io);
  if (!quiet) io.stderr.write(inputNotes(table));

  const { data, ...shape } = table.samples;
  const settings = { shape, model, wantProbabilities: args.probabilities };
  const { report, arrays } = await engine
    .run(runPredict, { settings, arrays: { data } }, { signal: io.signal })
    .catch((error: unknown) => {
      throw withColumnName(error, table.columnNames);
    });
  const labels = arrays['labels'] as Int32Array;
  const probabilities = arrays['probabilities'] as Float32Array | undefined;
  const labelCounts = countLabels(labels, nComponents);
  if (labelsFile !== undefined) {
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
        ? { labels: Array.from(labels), ...probabilityRows(probabilities, nComponents) }
        : {}),
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (labelsFile === undefined) {
    io.stdout.write(labelsCsv(labels, probabilities, nComponents));
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
