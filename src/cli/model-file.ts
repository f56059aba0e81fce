import { UsageError } from './errors.ts';
import { readBytes } from './io.ts';

/** A model as `fit --out` writes it: the form of `toJSON`, and the columns it was fitted on. */
export interface ModelFile extends ModelColumns {
  /** For `readMixture`. */
  readonly model: unknown;
}

export interface ModelColumns {
  readonly columnNames: readonly string[] | undefined;
  /** One a feature: the words that 0, 1, ... stand for; undefined for a column of numbers. */
  readonly categories: readonly (readonly string[] | undefined)[] | undefined;
}

export function modelText(model: unknown, columns: ModelColumns): string {
  const { columnNames, categories } = columns;
  const withWords = categories?.some((words) => words !== undefined)
    ? { categories: categories.map((words) => words ?? null) }
    : {};
  return `${JSON.stringify({ ...(model as object), columnNames, ...withWords }, undefined, 2)}\n`;
}

/** Throws UsageError where the file cannot be read or is not JSON. */
export async function readModelFile(file: string): Promise<ModelFile> {
  const hint = 'Give a file that "webgpu-em fit --out" or toJSON wrote.';
  const text = new TextDecoder().decode(await readBytes(file));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The model "${file}" is not JSON.`, hint, error);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UsageError(`The model "${file}" is not a JSON object.`, hint);
  }
  const { columnNames, categories, ...model } = json as Record<string, unknown>;
  return {
    model,
    columnNames: isStrings(columnNames) ? columnNames : undefined,
    categories: Array.isArray(categories)
      ? categories.map((words) => (isStrings(words) ? words : undefined))
      : undefined,
  };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
