import { GaussianMixture } from '../index.ts';
import type { PredictArguments } from './arguments.ts';
import type { Engine } from './engine.ts';
import { columnsOfModel, readSamples } from './input.ts';
import { checkWritable, writeText } from './io.ts';
import type { CommandIo } from './io.ts';
import { countLabels, labelsCsv } from './labels.ts';
import { readModelFile } from './model-file.ts';
import { contextJson, inputNotes, predictSummary } from './report.ts';

/** `webgpu-em predict`. Throws for whatever goes wrong. */
export async function predictCommand(
  args: PredictArguments,
  engine: Engine,
  io: CommandIo,
): Promise<void> {
  const { labelsFile, quiet } = args;
  await checkWritable(labelsFile);
  const { model, columnNames } = await readModelFile(args.modelFile);
  const { nComponents } = GaussianMixture.fromJSON(model);
  const table = await readSamples(args.input, io, columnsOfModel(columnNames));
  if (!quiet) io.stderr.write(inputNotes(table));

  const { report, labels, probabilities } = await engine.predict(
    table.samples,
    model,
    args.probabilities,
    { signal: io.signal },
  );
  const labelCounts = countLabels(labels, nComponents);
  if (labelsFile !== undefined) {
    await writeText(labelsFile, labelsCsv(labels, probabilities, nComponents));
  }
  if (args.json) {
    const result = {
      nSamples: table.samples.nSamples,
      nFeatures: table.samples.nFeatures,
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
