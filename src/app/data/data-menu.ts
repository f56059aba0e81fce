import { build } from '../shared/build.ts';
import type { BuiltIn } from './data-sources.ts';

/** The menu of data sets: those of the page by groups, and the visitor's own. */
export class DataMenu {
  readonly select = build('select', { id: 'data-set' });
  readonly #own = build('optgroup', { label: 'Yours' });

  constructor(sources: readonly BuiltIn[], onChoose: (id: string) => void) {
    for (const name of new Set(sources.map(({ group }) => group))) {
      const group = build('optgroup', { label: name });
      const members = sources.filter((source) => source.group === name);
      group.append(...members.map(({ id, label }) => new Option(label, id)));
      this.select.append(group);
    }
    this.select.addEventListener('change', () => onChoose(this.select.value));
  }

  /** Shows which data set is used; one that the menu lacks is added to it. */
  choose(id: string, label: string): void {
    if (![...this.select.options].some((option) => option.value === id)) {
      this.#own.append(new Option(label, id));
      this.select.prepend(this.#own);
    }
    this.select.value = id;
  }
}
