import { readMixture } from '../index.ts';
import { fillCsv } from '../io/csv-fill.ts';
import { withColumnName } from './errors.ts';
import { readSamplesOfModel } from './input.ts';
import type { InputTable } from './input.ts';
import { checkWritable, writeBytes } from './io.ts';
import type { CommandIo } from './io.ts';
import type { Engine } from './job.ts';
import type { ImputeArguments } from './model-arguments.ts';
import { readModelFile } from './model-file.ts';
import { runImpute } from './model-jobs.ts';
import { contextFacts, contextJson, inputNotes, samplesFacts } from './report.ts';
import { textTable } from './text.ts';

/** `webgpu-em impute`. Throws for whatever goes wrong. */
export async function imputeCommand(
  args: ImputeArguments,
  engine: Engine,
  io: CommandIo,
): Promise<void> {
  const { outputFile, quiet } = args;
  await checkWritable(outputFile);
  const { model, ...columns } = await readModelFile(args.modelFile);
  // A model that cannot be read is an error before the samples are.
  readMixture(model);
  const table = await readSamplesOfModel(args.input, columns, io);
  if (!quiet) io.stderr.write(inputNotes(table));

  const { data, ...shape } = table.samples;
  const { report, arrays } = await engine
    .run(runImpute, { settings: { shape, model }, arrays: { data } }, { signal: io.signal })
    .catch((error: unknown) => {
      throw withColumnName(error, table.columnNames);
    });
  const filled = fillCsv(table.bytes, table, cellText(table, arrays['data']));
  if (outputFile === undefined) {
    io.stdout.write(filled);
    return;
  }
  await writeBytes(outputFile, filled);
  const counts = missingByColumn(table);
  if (args.json) {
    const result = {
      ...shape,
      missing: table.missing,
      columnNames: table.columnNames,
      filledCounts: counts,
      ...contextJson(report.context),
    };
    io.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (!quiet) {
    const facts = [...samplesFacts(args.input.file, table), ...contextFacts(report.context)];
    const rows = table.columnNames.map((name, feature) => [name, String(counts[feature])]);
    io.stdout.write(
      `${textTable(facts, ['left', 'left'])}\n${textTable([['column', 'filled in'], ...rows], ['left', 'right'])}`,
    );
  }
}

/** Twelve digits of a mean; of a column of words the likelier word, or of two words the likelier one. */
function cellText(
  { samples, categories, layout }: InputTable,
  imputed: ArrayLike<number>,
): (n: number, d: number) => string {
  return (n, d) => {
    const value = imputed[n * samples.nFeatures + d];
    const words = categories[d];
    // (a category, or a Bernoulli's probability of the second of two words)
    if (words !== undefined) return words[Math.min(words.length - 1, Math.round(value))];
    const text = String(Number(value.toPrecision(12)));
    return layout.decimalComma ? text.replace('.', ',') : text;
  };
}

function missingByColumn({ samples, columnNames }: InputTable): number[] {
  const { data, nFeatures } = samples;
  const counts = columnNames.map(() => 0);
  data.forEach((value, i) => {
    if (Number.isNaN(value)) counts[i % nFeatures]++;
  });
  return counts;
}
