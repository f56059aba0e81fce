import type { ComponentDiagnostics, GaussianMixture } from '../../index.ts';
import { covarianceEntry, ellipse } from '../plot/marginal.ts';
import type { Marginal } from '../plot/marginal.ts';
import type { ViewWindow } from '../plot/view-window.ts';
import { setText } from '../shared/elements.ts';
import { count, percent, quantity, spread } from '../shared/format.ts';
import { css, lineColour, pointColour, textColourOn } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';
import { spreadless } from './degenerate.ts';
import { CorrelationGlyph } from './correlation-glyph.ts';
import {
  canBeMapped,
  correlationText,
  hasCorrelations,
  MOST_COMPARED,
  strongestCorrelations,
} from './correlations.ts';

/** What a card is filled from. */
export interface CardContent {
  readonly mixture: GaussianMixture;
  readonly nSamples: number;
  readonly featureNames: readonly string[];
  /** In the projection shown. */
  readonly marginal: Marginal;
  readonly window: ViewWindow;
  /** Once the fit has ended. */
  readonly diagnostics: ComponentDiagnostics | undefined;
  /** That the fit adds to every variance. */
  readonly regCovar: number;
  readonly dark: boolean;
}

export interface CardHandlers {
  /** The pointer or the focus has come to this component, or left it. */
  onLook(component: number | undefined): void;
  onPin(component: number): void;
  /** All correlations of this component are asked for. */
  onCorrelations(component: number): void;
}

/** Features of a card; the table below has more. */
const MOST_FEATURES = 4;
const MOST_CORRELATIONS = 3;
/** Pixels of the ellipse's box. */
const GLYPH = 44;

/** A mass beside counts of samples is a count too: no digit of it is rounded away. */
function massText(mass: number): string {
  return mass >= 1000 ? count(mass) : quantity(mass);
}

/** One component: its number, weight, mass, means and deviations, correlations, and its shape in small. Made once, then only its texts change. */
export class ComponentCard {
  readonly root = document.createElement('li');
  readonly component: number;
  readonly #button = document.createElement('button');
  readonly #badge = part('span', 'card-badge');
  readonly #bar = part('span', 'card-bar');
  readonly #weight = part('span', 'card-weight');
  readonly #mass = part('p', 'card-mass');
  readonly #list = document.createElement('dl');
  readonly #ellipse = svg('ellipse', { class: 'card-ellipse' });
  readonly #correlations: CorrelationGlyph;
  #rows: { readonly term: HTMLElement; readonly value: HTMLElement }[] = [];

  constructor(component: number, handlers: CardHandlers) {
    this.component = component;
    this.root.className = 'component-card';
    this.#button.type = 'button';
    this.#button.className = 'card-head';
    this.#badge.textContent = String(component);
    this.#badge.setAttribute('aria-hidden', 'true');
    const name = part('span', 'card-name');
    name.textContent = `Component ${component}`;
    this.#button.append(this.#badge, name);
    const half = GLYPH / 2;
    const glyph = svg('svg', {
      class: 'card-glyph',
      viewBox: `${-half} ${-half} ${GLYPH} ${GLYPH}`,
      'aria-hidden': 'true',
    });
    glyph.append(this.#ellipse);
    const track = part('span', 'card-track');
    track.setAttribute('aria-hidden', 'true');
    track.append(this.#bar);
    const weight = part('p', 'card-share');
    weight.append(track, this.#weight);
    this.#correlations = new CorrelationGlyph(component, () => handlers.onCorrelations(component));
    this.root.append(this.#button, glyph, weight, this.#mass, this.#list, this.#correlations.root);
    this.root.addEventListener('pointerenter', () => handlers.onLook(component));
    this.root.addEventListener('pointerleave', () => handlers.onLook(undefined));
    this.#button.addEventListener('focus', () => handlers.onLook(component));
    this.#button.addEventListener('blur', () => handlers.onLook(undefined));
    this.#button.addEventListener('click', () => handlers.onPin(component));
    this.mark(undefined, undefined);
  }

  /** Whether Tab comes to this card; of all of them one. */
  set isTabStop(isStop: boolean) {
    const tabIndex = isStop ? 0 : -1;
    if (this.#button.tabIndex === tabIndex) return;
    this.#button.tabIndex = tabIndex;
    this.#correlations.root.tabIndex = tabIndex;
  }

  focus(): void {
    this.#button.focus();
  }

  recolour(dark: boolean): void {
    const colour = pointColour(this.component, dark);
    const line = css(lineColour(this.component, dark));
    this.#badge.style.background = css(colour);
    this.#badge.style.color = textColourOn(colour);
    this.#bar.style.background = css(colour);
    this.#ellipse.setAttribute('stroke', line);
    this.#ellipse.setAttribute('fill', css(colour));
  }

  /** Stands out where it is the one highlighted; what is only decoration of the others is dimmed. */
  mark(highlighted: number | undefined, pinned: number | undefined): void {
    const { classList } = this.root;
    classList.toggle('highlighted', highlighted === this.component);
    classList.toggle('dim', highlighted !== undefined && highlighted !== this.component);
    this.#button.setAttribute('aria-pressed', String(pinned === this.component));
  }

  show(content: CardContent): void {
    const { mixture, nSamples, diagnostics } = content;
    const weight = mixture.weights[this.component];
    this.#bar.style.transform = `scaleX(${weight.toFixed(4)})`;
    setText(this.#weight, percent(weight));
    const mass = diagnostics?.mass ?? weight * nSamples;
    setText(this.#mass, `${massText(mass)} of ${count(nSamples)} samples`);
    this.#showRows(rowsOf(content, this.component));
    this.#showShape(content);
    const isMapped = canBeMapped(mixture);
    this.#correlations.root.hidden = !isMapped;
    if (isMapped) this.#correlations.show(mixture, this.component, content.dark);
  }

  #showRows(texts: readonly (readonly [term: string, value: string])[]): void {
    while (this.#rows.length < texts.length) {
      const row = document.createElement('div');
      const [term, value] = [document.createElement('dt'), document.createElement('dd')];
      row.append(term, value);
      this.#list.append(row);
      this.#rows.push({ term, value });
    }
    for (const { term } of this.#rows.splice(texts.length)) term.parentElement!.remove();
    texts.forEach(([term, value], i) => {
      if (this.#rows[i].term.title !== term) this.#rows[i].term.title = term;
      setText(this.#rows[i].term, term);
      setText(this.#rows[i].value, value);
    });
  }

  /** As it looks in the plot, made to fill the box. */
  #showShape({ marginal, window }: CardContent): void {
    const scaleX = 1 / (window.x.high - window.x.low);
    const scaleY = -1 / (window.y.high - window.y.low);
    const centred = { x: () => 0, y: () => 0, scaleX, scaleY };
    const { rx, ry, angle } = ellipse(marginal, 1, centred);
    const size = (GLYPH / 2 - 2) / Math.max(rx, ry);
    // (a component that has no extent yet has no shape either)
    const known = Number.isFinite(size);
    this.#ellipse.setAttribute('rx', known ? (rx * size).toFixed(1) : '0');
    this.#ellipse.setAttribute('ry', known ? Math.max(0.8, ry * size).toFixed(1) : '0');
    this.#ellipse.setAttribute('transform', `rotate(${((angle * 180) / Math.PI).toFixed(1)})`);
  }
}

function rowsOf(
  { mixture, featureNames, diagnostics, regCovar }: CardContent,
  component: number,
): (readonly [string, string])[] {
  const { nFeatures } = mixture;
  const rows: (readonly [string, string])[] = [];
  const shown = Math.min(nFeatures, MOST_FEATURES);
  for (let d = 0; d < shown; d++) {
    const deviation = Math.sqrt(covarianceEntry(mixture, component, d, d));
    rows.push([featureNames[d] ?? '', spread(mixture.means[component * nFeatures + d], deviation)]);
  }
  if (shown < nFeatures) rows.push([`and ${count(nFeatures - shown)} more`, '']);
  if (hasCorrelations(mixture)) {
    const of = nFeatures > MOST_COMPARED ? ` of the first ${MOST_COMPARED} features` : '';
    if (nFeatures > 2) rows.push([`Strongest correlations${of}`, '']);
    for (const { row, column, value } of strongestCorrelations(
      mixture,
      component,
      nFeatures === 2 ? 1 : MOST_CORRELATIONS,
    )) {
      const pair = `${featureNames[row]}, ${featureNames[column]}`;
      rows.push([nFeatures === 2 ? 'Correlation' : pair, correlationText(value)]);
    }
  }
  if (diagnostics) {
    const { nAssigned, ambiguousShare } = diagnostics;
    const narrow = spreadless(mixture, component, regCovar).map((d) => featureNames[d]);
    if (narrow.length > 0) rows.push([`No spread of its own in ${narrow.join(', ')}`, '']);
    rows.push(['Labelled', count(nAssigned)], ['of those ambiguous', percent(ambiguousShare)]);
  }
  return rows;
}

function part(name: 'span' | 'p', className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
