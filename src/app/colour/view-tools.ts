import type { Dataset } from '../../index.ts';
import type { Column, SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { Colouring } from '../plot/colouring.ts';
import type { ViewState, ViewStore } from '../plot/view-state.ts';
import { PALETTES } from '../shared/palette.ts';
import type { PaletteName } from '../shared/palette.ts';
import { colourColumns } from './colour-columns.ts';
import { legendParts } from './legend.ts';
import './view-tools.css';

/** Values of the menu "Colour by"; a column is `column` and its number. */
const BY = { component: 'component', responsibility: 'responsibility', entropy: 'uncertainty' };

/** Chooses what the samples' colours say, the palette and the density mode; and tells what the colours mean. */
export class ViewTools implements Partial<SessionView> {
  readonly #view: ViewStore;
  readonly #by = menu('colour-by');
  readonly #component = menu('colour-component');
  readonly #componentLabel = labelled('of component', this.#component);
  readonly #columnGroup = document.createElement('optgroup');
  readonly #palette = menu('palette');
  readonly #density = document.createElement('button');
  readonly #legend = document.createElement('div');
  #columns: readonly Column[] = [];
  #nComponents = 1;

  constructor(host: HTMLElement, view: ViewStore) {
    this.#view = view;
    this.#by.append(
      new Option('component', BY.component),
      new Option('responsibility', BY.responsibility),
      new Option('uncertainty', BY.entropy),
      this.#columnGroup,
    );
    this.#columnGroup.label = 'Columns';
    for (const [name, { label }] of Object.entries(PALETTES)) {
      this.#palette.append(new Option(label, name));
    }
    this.#density.type = 'button';
    this.#density.id = 'density';
    this.#density.textContent = 'Density';
    this.#legend.className = 'colour-legend';
    this.#legend.id = 'colour-legend';
    this.#legend.setAttribute('role', 'group');
    this.#legend.setAttribute('aria-label', 'What the colours mean');
    const controls = document.createElement('div');
    controls.className = 'view-controls';
    controls.append(
      labelled('Colour by', this.#by),
      this.#componentLabel,
      labelled('Palette', this.#palette),
      this.#density,
    );
    host.append(controls, this.#legend);
    this.#listen();
    view.subscribe((state) => this.#show(state));
    this.#show(view.value);
  }

  onData(_dataset: Dataset, data: SourceData): void {
    this.#columns = colourColumns(data);
    this.#columnGroup.replaceChildren(
      ...this.#columns.map(({ name }, i) => new Option(name, `column ${i}`)),
    );
    this.#show(this.#view.value);
  }

  onFrame({ mixture: { nComponents } }: Frame): void {
    if (nComponents === this.#nComponents) return;
    this.#nComponents = nComponents;
    const { colouring } = this.#view.value;
    if (colouring.by === 'responsibility' && colouring.component >= nComponents) {
      this.#view.set({ colouring: { by: 'responsibility', component: nComponents - 1 } });
    } else {
      this.#show(this.#view.value);
    }
  }

  #listen(): void {
    const choose = () => this.#view.set({ colouring: this.#chosen() });
    this.#by.addEventListener('change', choose);
    this.#component.addEventListener('change', choose);
    this.#palette.addEventListener('change', () =>
      this.#view.set({ palette: this.#palette.value as PaletteName }),
    );
    this.#density.addEventListener('click', () =>
      this.#view.set({ density: !this.#view.value.density }),
    );
  }

  #chosen(): Colouring {
    const { value } = this.#by;
    if (value === BY.component) return { by: 'component' };
    if (value === BY.entropy) return { by: 'entropy' };
    if (value === BY.responsibility) {
      return { by: 'responsibility', component: Number(this.#component.value) || 0 };
    }
    return { by: 'column', column: this.#columns[Number(value.split(' ')[1])] };
  }

  /** Whoever changed the view, the menus say so. */
  #show({ colouring, palette, density, dark }: ViewState): void {
    if (this.#component.options.length !== this.#nComponents) {
      this.#component.replaceChildren(
        ...Array.from({ length: this.#nComponents }, (_, k) => new Option(String(k))),
      );
    }
    if (colouring.by === 'column') {
      const { name } = colouring.column;
      this.#by.value = `column ${this.#columns.findIndex((column) => column.name === name)}`;
    } else {
      this.#by.value = BY[colouring.by];
    }
    if (colouring.by === 'responsibility') this.#component.value = String(colouring.component);
    this.#componentLabel.hidden = colouring.by !== 'responsibility';
    this.#palette.value = palette;
    this.#density.setAttribute('aria-pressed', String(density));
    const nComponents = this.#nComponents;
    this.#legend.replaceChildren(...legendParts({ colouring, nComponents, density, dark }));
  }
}

function menu(id: string): HTMLSelectElement {
  const select = document.createElement('select');
  select.id = id;
  return select;
}

function labelled(name: string, select: HTMLSelectElement): HTMLLabelElement {
  const label = document.createElement('label');
  label.append(name, select);
  return label;
}
