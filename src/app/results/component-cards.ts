import type { Dataset, Diagnostics, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { SessionView } from '../fit/session-view.ts';
import { marginals } from '../plot/marginal.ts';
import type { ViewStore } from '../plot/view-state.ts';
import { oncePerFrame } from '../shared/once-per-frame.ts';
import { ComponentCard } from './component-card.ts';
import './component-cards.css';
import type { CorrelationDialog } from './correlation-dialog.ts';

/**
 * A card a component. A look at one, by pointer or focus, highlights it in the plot; a click keeps it so. Drawn once an animation
 * frame at most, however fast the fit is.
 */
export class ComponentCards implements Partial<SessionView> {
  readonly #view: ViewStore;
  readonly #onError: (error: unknown) => void;
  readonly #list = document.createElement('ul');
  readonly #order = document.createElement('select');
  readonly #head = document.createElement('div');
  #cards: ComponentCard[] = [];
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  #diagnostics: Diagnostics | undefined;
  #correlations: CorrelationDialog | undefined;
  readonly #showSoon = oncePerFrame<void>(() => this.#show());

  constructor(host: HTMLElement, view: ViewStore, onError: (error: unknown) => void) {
    this.#view = view;
    this.#onError = onError;
    const label = document.createElement('label');
    this.#order.id = 'card-order';
    this.#order.append(new Option('number', 'number'), new Option('weight', 'weight'));
    label.append('Sort by ', this.#order);
    const note = document.createElement('p');
    note.className = 'note';
    note.textContent = 'A click keeps a component highlighted in the plot.';
    this.#head.className = 'cards-head';
    this.#head.append(label, note);
    this.#list.className = 'component-cards';
    this.#list.setAttribute('aria-label', 'Components, one a card');
    host.append(this.#head, this.#list);
    this.#order.addEventListener('change', () =>
      view.set({ order: this.#order.value as 'number' | 'weight' }),
    );
    view.subscribe((state, before) => {
      if (state.dark !== before.dark || state.palette !== before.palette) this.#recolour();
      if (state.highlighted !== before.highlighted || state.pinned !== before.pinned) this.#mark();
      if (state.order !== before.order) {
        this.#order.value = state.order;
        this.#sort();
      }
      if (state.projection !== before.projection || state.window !== before.window)
        this.#showSoon();
    });
    this.#show();
  }

  onData(_dataset: Dataset, data: SourceData, again: boolean): void {
    if (again) return;
    this.#data = data;
    this.#view.set({ pinned: undefined });
    this.#forget();
  }

  onStart(): void {
    this.#forget();
  }

  onFrame({ mixture }: Frame): void {
    if (mixture !== this.#mixture) this.#diagnostics = undefined;
    this.#mixture = mixture;
    this.#showSoon();
  }

  onDiagnosis(diagnostics: Diagnostics): void {
    this.#diagnostics = diagnostics;
    this.#showSoon();
  }

  /** Cards of what was fitted before stay until there is something new, so that nothing jumps. */
  #forget(): void {
    this.#diagnostics = undefined;
    this.#mixture = undefined;
  }

  #show(): void {
    const [mixture, data] = [this.#mixture, this.#data];
    this.#head.hidden = !mixture;
    if (!mixture || !data) return;
    this.#fitCards(mixture.nComponents);
    const { projection, window } = this.#view.value;
    // the plot may still show the samples before these
    if (projection.x.length !== mixture.nFeatures) return;
    const shapes = marginals(mixture, projection);
    for (const card of this.#cards) {
      card.show({
        mixture,
        nSamples: data.samples.nSamples,
        featureNames: data.featureNames,
        marginal: shapes[card.component],
        window,
        diagnostics: this.#diagnostics?.components[card.component],
        dark: this.#view.value.dark,
      });
    }
    this.#correlations?.update({
      mixture,
      featureNames: data.featureNames,
      dark: this.#view.value.dark,
    });
    this.#sort();
  }

  async #showCorrelations(component: number): Promise<void> {
    const { CorrelationDialog } = await import('./correlation-dialog.ts');
    const [mixture, featureNames = []] = [this.#mixture, this.#data?.featureNames];
    if (!mixture || component >= mixture.nComponents) return;
    this.#correlations ??= new CorrelationDialog();
    this.#correlations.open(component, { mixture, featureNames, dark: this.#view.value.dark });
  }

  #fitCards(nComponents: number): void {
    if (this.#cards.length === nComponents) return;
    for (const card of this.#cards.splice(nComponents)) card.root.remove();
    while (this.#cards.length < nComponents) {
      const card = new ComponentCard(this.#cards.length, {
        onLook: (component) =>
          this.#view.set({ highlighted: component ?? this.#view.value.pinned }),
        onPin: (component) => this.#pin(component),
        onCorrelations: (component) => {
          this.#showCorrelations(component).catch(this.#onError);
        },
      });
      card.recolour(this.#view.value.dark);
      this.#cards.push(card);
      this.#list.append(card.root);
    }
    if ((this.#view.value.pinned ?? 0) >= nComponents) {
      this.#view.set({ pinned: undefined, highlighted: undefined });
    }
    this.#mark();
  }

  #pin(component: number): void {
    const { pinned } = this.#view.value;
    this.#view.set({
      pinned: pinned === component ? undefined : component,
      highlighted: component,
    });
  }

  #mark(): void {
    const { highlighted, pinned } = this.#view.value;
    // whoever took the highlight away for now gives it back to the one that is kept
    if (highlighted === undefined && pinned !== undefined) {
      queueMicrotask(() => {
        if (this.#view.value.highlighted === undefined) this.#view.set({ highlighted: pinned });
      });
    }
    for (const card of this.#cards) card.mark(highlighted, pinned);
  }

  #recolour(): void {
    for (const card of this.#cards) card.recolour(this.#view.value.dark);
    this.#showSoon();
  }

  /** Not under the pointer or the focus: a card that is looked at stays where it is. */
  #sort(): void {
    const wanted = this.#inOrder();
    const isSorted = wanted.every((card, i) => this.#list.children[i] === card.root);
    if (isSorted || this.#list.matches(':hover, :focus-within')) return;
    this.#list.append(...wanted.map(({ root }) => root));
  }

  #inOrder(): ComponentCard[] {
    const weights = this.#mixture?.weights;
    if (this.#view.value.order === 'number' || !weights) return this.#cards;
    return this.#cards.toSorted((a, b) => weights[b.component] - weights[a.component]);
  }
}
