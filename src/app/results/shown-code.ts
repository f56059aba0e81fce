import type { ShownCode } from './code-dialog.ts';
import type { FittedSource } from './fitted.ts';
import loadModel from './load_model.py?raw';
import { labelProgramOf } from './label-program.ts';
import { programOf } from './program.ts';
import { recipeOf } from './recipe-of.ts';

export { CodeDialog } from './code-dialog.ts';

/** The program that makes the mixture shown again; undefined where none is shown. */
export function programShown(source: FittedSource): ShownCode | undefined {
  const recipe = recipeOf(source);
  if (!recipe) return undefined;
  const { origin } = recipe.data;
  const reads = origin.kind === 'file' ? `reads ${nameOf(origin.fileNames)} and ` : '';
  return {
    title: 'The same model by a program',
    about: `An ES module for Node 20 and later or a browser. It ${reads}prints the model as JSON.`,
    code: programOf(recipe),
    fileName: 'fit.mjs',
  };
}

/** "a.csv", "3 files" */
const nameOf = (names: readonly string[]): string =>
  names.length === 1 ? names[0] : `${names.length} files`;

/** The program that labels with the model's JSON; undefined where no mixture is shown. */
export function labelsShown({ mixture, data }: FittedSource): ShownCode | undefined {
  if (!mixture || !data) return undefined;
  return {
    title: 'Labels by the downloaded model',
    about: `Download the model; this program loads ${data.name}-model.json in Node 20 and later, and labels the rows of the source as the page does.`,
    code: labelProgramOf(data),
    fileName: 'label.mjs',
  };
}

/**
 * The program that loads the model's JSON in Python; undefined where no mixture is shown.
 * @throws MixtureError INVALID_MODEL where scikit-learn has no such covariance
 */
export function pythonShown({ mixture, data }: FittedSource): ShownCode | undefined {
  if (!mixture || !data) return undefined;
  mixture.toScikitLearn();
  const { origin } = data;
  const [file = ''] = origin.kind === 'file' && !origin.isPasted ? origin.fileNames : [];
  const isRead = /\.(csv|tsv|txt|npy)$/i.test(file);
  const hint = isRead
    ? ''
    : ' (samples.csv: a CSV file with the columns by these names, such as the labels with the columns.)';
  return {
    title: 'The same model in scikit-learn',
    about: `Download the model, and this program labels with it: python load_model.py "${data.name}-model.json" "${isRead ? file : 'samples.csv'}"${hint}`,
    code: loadModel,
    fileName: 'load_model.py',
  };
}
