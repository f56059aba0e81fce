import type { FittedMixture } from '../index.ts';
import type { TableFacts } from './table-facts.ts';
import { describeComponents } from './component-parameters.ts';
import type { ComponentParameters } from './component-parameters.ts';
import type { FamilyName } from './families.ts';
import { significant, textTable } from './text.ts';

/** With more features, a component is shown by those that tell it most from the others. */
const MOST_ROWS = 12;
const TELLING = 5;

/** The components of a mixture, as a person reads them, in the units of the columns. */
export function componentTable(
  family: FamilyName,
  table: TableFacts,
  mixture: FittedMixture,
  labelCounts: readonly number[],
): string {
  const parameters = describeComponents(family, mixture, table);
  return mixture.nFeatures > MOST_ROWS
    ? shortTable(parameters, mixture, labelCounts)
    : longTable(parameters, mixture, labelCounts);
}

/** A row for each feature of each component. */
function longTable(
  { headers, names, cells }: ComponentParameters,
  { nComponents, weights }: FittedMixture,
  labelCounts: readonly number[],
): string {
  const rows = Array.from({ length: nComponents }, (_, k) =>
    names.map((name, d) => [
      ...(d === 0 ? [String(k), significant(weights[k]), String(labelCounts[k])] : ['', '', '']),
      name,
      ...cells(k, d),
    ]),
  ).flat();
  const values = headers.map((header) => (header === 'categories' ? 'left' : 'right'));
  return textTable(
    [['component', 'weight', 'samples', 'column', ...headers], ...rows],
    ['right', 'right', 'right', 'left', ...values],
  );
}

/** A row for each component. */
function shortTable(
  { headers: [header], names, brief, distance }: ComponentParameters,
  { nComponents, nFeatures, weights }: FittedMixture,
  labelCounts: readonly number[],
): string {
  const rows = Array.from({ length: nComponents }, (_, k) => {
    const distances = names.map((_name, d) => distance(k, d));
    const telling = [...distances.keys()]
      .toSorted((i, j) => distances[j] - distances[i])
      .slice(0, TELLING)
      .map((d) => `${names[d]} ${brief(k, d)}`);
    return [String(k), significant(weights[k]), String(labelCounts[k]), telling.join('; ')];
  });
  const title = `${header} of the ${TELLING} of ${nFeatures} columns that tell it most apart`;
  return textTable(
    [['component', 'weight', 'samples', title], ...rows],
    ['right', 'right', 'right', 'left'],
  );
}
