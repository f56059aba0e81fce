import type { Dataset, Diagnostics, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import type { Phase } from '../fit/phases.ts';
import type { SessionView } from '../fit/session-view.ts';
import type { FitSettings } from '../fit/settings.ts';
import { marginals } from '../plot/marginal.ts';
import type { ViewStore } from '../plot/view-state.ts';
import { count } from '../shared/format.ts';
import { oncePerFrame } from '../shared/once-per-frame.ts';
import { ComponentCard } from './component-card.ts';
import './component-cards.css';
import { cardTo } from './card-keys.ts';
import type { CorrelationDialog } from './correlation-dialog.ts';

/** Cards before the others are asked for: four rows of three. */
const FIRST = 12;

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
  readonly #none = document.createElement('p');
  readonly #more = document.createElement('button');
  /** Whether all are shown, and not only the first. */
  #isWhole = false;
  /** The card that Tab comes to. */
  #stop = 0;
  #cards: ComponentCard[] = [];
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  #diagnostics: Diagnostics | undefined;
  #regCovar = 0;
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
    note.textContent =
      'A click keeps a component highlighted in the plot; arrow keys go from card to card.';
    this.#head.className = 'cards-head';
    this.#head.append(label, note);
    this.#list.className = 'component-cards';
    this.#list.setAttribute('aria-label', 'Components, one a card');
    this.#list.id = 'components-list';
    this.#none.className = 'note';
    this.#none.textContent = 'No components: the fit of these samples stopped by an error.';
    this.#none.hidden = true;
    Object.assign(this.#more, { type: 'button', id: 'more-cards', hidden: true });
    this.#more.setAttribute('aria-controls', this.#list.id);
    host.append(this.#head, this.#none, this.#list, this.#more);
    this.#more.addEventListener('click', () => {
      this.#isWhole = !this.#isWhole;
      this.#show();
    });
    this.#list.addEventListener('keydown', (event) => this.#move(event));
    this.#order.addEventListener('change', () =>
      view.set({ order: this.#order.value as 'number' | 'weight' }),
    );
    view.subscribe((state, before) => {
      if (state.dark !== before.dark || state.palette !== before.palette) this.#recolour();
      if (state.highlighted !== before.highlighted || state.pinned !== before.pinned) this.#mark();
      if (state.order !== before.order) {
        this.#order.value = state.order;
        this.#showSoon();
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

  onStart({ regCovar }: FitSettings): void {
    this.#regCovar = regCovar;
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

  onPhase(phase: Phase): void {
    if (phase !== 'failed' || this.#mixture) return;
    // what cannot be fitted has no components, whatever there were before
    this.#fitCards(0);
    this.#fold();
    this.#none.hidden = false;
    this.#head.hidden = true;
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
    this.#none.hidden = true;
    this.#fitCards(mixture.nComponents);
    this.#sort();
    this.#fold();
    const { projection, window } = this.#view.value;
    // the plot may still show the samples before these
    if (projection.x.length !== mixture.nFeatures) return;
    const shapes = marginals(mixture, projection);
    for (const card of this.#cards) {
      if (card.root.hidden) continue;
      card.show({
        mixture,
        nSamples: data.samples.nSamples,
        featureNames: data.featureNames,
        marginal: shapes[card.component],
        window,
        diagnostics: this.#diagnostics?.components[card.component],
        regCovar: this.#regCovar,
        dark: this.#view.value.dark,
      });
    }
    this.#correlations?.update({
      mixture,
      featureNames: data.featureNames,
      dark: this.#view.value.dark,
    });
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
        onLook: (component) => this.#look(component),
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

  #look(component: number | undefined): void {
    const { activeElement } = document;
    const card = this.#cards.find(({ root }) => root.contains(activeElement));
    if (card) this.#stopAt(card.component);
    this.#view.set({ highlighted: component ?? this.#view.value.pinned });
  }

  /** The first of a long list, and the one that is kept. */
  #fold(): void {
    const { pinned } = this.#view.value;
    const isLong = this.#cards.length > FIRST;
    this.#inDom().forEach((card, i) => {
      card.root.hidden = isLong && !this.#isWhole && i >= FIRST && card.component !== pinned;
    });
    this.#more.hidden = !isLong;
    this.#more.textContent = this.#isWhole
      ? `Show the first ${FIRST}`
      : `Show all ${count(this.#cards.length)}`;
    this.#more.setAttribute('aria-expanded', String(this.#isWhole));
    this.#stopAt(this.#stop);
  }

  #inDom(): ComponentCard[] {
    const byRoot = new Map(this.#cards.map((card) => [card.root as Element, card]));
    return [...this.#list.children].flatMap((root) => byRoot.get(root) ?? []);
  }

  /** Tab comes to this card, or where it is not shown to the first. */
  #stopAt(component: number): void {
    const shown = this.#inDom().filter(({ root }) => !root.hidden);
    const stop = shown.find((card) => card.component === component) ?? shown.at(0);
    this.#stop = stop?.component ?? 0;
    for (const card of this.#cards) card.isTabStop = card === stop;
  }

  #move(event: KeyboardEvent): void {
    const shown = this.#inDom().filter(({ root }) => !root.hidden);
    const at = shown.findIndex(({ root }) => root.contains(event.target as Node));
    const to = cardTo(event, at, shown.length);
    if (to === undefined) return;
    event.preventDefault();
    shown[to].focus();
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
