/** What the options of the library are called on the page. */
const NAMES: Readonly<Record<string, string>> = {
  covariancesInit: 'the covariances of the start',
  precisionsInit: 'the covariances of the start',
  meansInit: 'the means of the start',
  weightsInit: 'the weights of the start',
  warmStart: 'the mixture shown',
  regCovar: '“Added to variances”',
  covarianceType: '“Covariance”',
  nComponents: '“Components”',
  initParams: '“Start”',
  nInit: '“Restarts”',
  maxIter: '“Most iterations”',
  tol: '“Tolerance”',
};

const NAMED = new RegExp(`\\b(${Object.keys(NAMES).join('|')})\\b`, 'g');

/** A sentence of the library's, in which options, features and restarts are called what the visitor sees. */
export function translated(sentence: string, featureNames: readonly string[] = []): string {
  return (
    sentence
      .replace(NAMED, (option) => NAMES[option])
      // counted from 1 on the page
      .replace(/\brestart (\d+)\b/gi, (_, restart: string) => `restart ${Number(restart) + 1}`)
      .replace(/\bfeature (\d+)\b/g, (match, feature: string) => {
        const name = featureNames[Number(feature)];
        return name === undefined ? match : `“${name}”`;
      })
      .replace(
        /Pass what (\w+\.)?toJSON\(\) gave.*/,
        'Choose a model that was saved by this page, by webgpu-em or by the scikit-learn snippet.',
      )
      .replace(/ \(backend: "cpu"\)/g, '')
      .replace(/backend: "cpu"/g, 'the CPU')
      // where a program would look
      .replace(/ \(\d+ more in details\.\w+\.\)|; see \w+\[\]\.error/g, '')
      // the end of a sentence that was quoted within another one
      .replace(/(?<!\.)\.\.(?=\s|$)/g, '.')
  );
}
