import type { Context, Dataset, GaussianMixture } from '../../index.ts';
import { setText } from '../shared/elements.ts';
import { count } from '../shared/format.ts';
import { criterionText } from './comparison.ts';

/** What a mixture is worth on these samples. */
export interface Worth {
  readonly logLikelihood: number;
  readonly nParameters: number;
  readonly bic: number;
  readonly aic: number;
  readonly icl: number;
}

const ROWS = [
  ['Log-likelihood', 'worth-log-likelihood', ({ logLikelihood }) => criterionText(logLikelihood)],
  ['Free parameters', 'worth-parameters', ({ nParameters }) => count(nParameters)],
  ['BIC', 'worth-bic', ({ bic }) => criterionText(bic)],
  ['AIC', 'worth-aic', ({ aic }) => criterionText(aic)],
  ['ICL', 'worth-icl', ({ icl }) => criterionText(icl)],
] as const satisfies readonly (readonly [string, string, (worth: Worth) => string])[];

/** Two passes over the samples. */
export async function worthOf(
  mixture: GaussianMixture,
  dataset: Dataset,
  context: Context,
): Promise<Worth> {
  const { nParameters } = mixture;
  const bic = await mixture.bic(dataset, { context });
  const icl = await mixture.icl(dataset, { context });
  const logLikelihood = (nParameters * Math.log(dataset.totalWeight) - bic) / 2;
  return { logLikelihood, nParameters, bic, icl, aic: 2 * nParameters - 2 * logLikelihood };
}

/** The criteria of the mixture shown; dashes where they are not known yet. */
export class CriteriaTable {
  readonly root = document.createElement('table');
  readonly #cells: { readonly cell: HTMLElement; readonly text: (worth: Worth) => string }[];

  constructor() {
    this.root.className = 'worth';
    const caption = this.root.createCaption();
    caption.textContent = 'The mixture shown; of the criteria the lower is the better.';
    const body = this.root.createTBody();
    this.#cells = ROWS.map(([name, id, text]) => {
      const row = body.insertRow();
      const heading = document.createElement('th');
      heading.scope = 'row';
      heading.textContent = name;
      const cell = document.createElement('td');
      cell.id = id;
      row.append(heading, cell);
      return { cell, text };
    });
    this.show(undefined);
  }

  show(worth: Worth | undefined): void {
    for (const { cell, text } of this.#cells) setText(cell, worth ? text(worth) : '–');
  }
}
