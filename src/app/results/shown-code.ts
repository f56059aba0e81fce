import type { ShownCode } from './code-dialog.ts';
import type { FittedSource } from './fitted.ts';
import loadModel from './load_model.py?raw';
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

/**
 * The program that loads the model's JSON in Python; undefined where no mixture is shown.
 * @throws MixtureError INVALID_MODEL where scikit-learn has no such covariance
 */
export function pythonShown({ mixture, data }: FittedSource): ShownCode | undefined {
  if (!mixture || !data) return undefined;
  mixture.toScikitLearn();
  return {
    title: 'The same model in scikit-learn',
    about: `Download the model, and this program loads it: python load_model.py "${data.name}-model.json" samples.csv`,
    code: loadModel,
    fileName: 'load_model.py',
  };
}
