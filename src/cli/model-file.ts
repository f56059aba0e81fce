import { UsageError } from './errors.ts';
import { readBytes } from './io.ts';

/** A model as `fit --out` writes it: the form of `toJSON`, and the columns it was fitted on. */
export interface ModelFile {
  /** For `GaussianMixture.fromJSON`. */
  readonly model: unknown;
  readonly columnNames: readonly string[] | undefined;
}

export function modelText(model: unknown, columnNames: readonly string[]): string {
  return `${JSON.stringify({ ...(model as object), columnNames }, undefined, 2)}\n`;
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
  const { columnNames, ...model } = json as { columnNames?: unknown };
  return { model, columnNames: isStrings(columnNames) ? columnNames : undefined };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
