import { plural } from '../shared/format.ts';
import { svg } from '../shared/svg.ts';
import { plotHelp } from './plot-help.ts';
import type { StartPlacing } from './start-placing.ts';

/** What the buttons ask for. */
export interface ToolHandlers {
  onZoomIn(): void;
  onZoomOut(): void;
  onFit(): void;
  onSave(): void;
}

/** Icons of 18 x 18, strokes in the button's colour. */
const ICONS = {
  in: 'M9 3.5v11M3.5 9h11',
  out: 'M3.5 9h11',
  fit: 'M3 6.5V3h3.5M11.5 3H15v3.5M15 11.5V15h-3.5M6.5 15H3v-3.5M6.5 9h5M9 6.5v5',
  save: 'M9 3v8M5.5 7.8L9 11.3l3.5-3.5M3.5 15h11',
  full: 'M3 7V3h4M11 3h4v4M15 11v4h-4M7 15H3v-4',
  start: 'M9 2.5L15.5 9L9 15.5L2.5 9ZM9 6.5v5M6.5 9h5',
} as const;

/** The buttons under the plot. */
export class PlotTools {
  readonly #place = button('Place starts', 'start');
  readonly #placing = document.createElement('div');
  readonly #placed = document.createElement('span');
  readonly #undo = button('Undo');
  readonly #fit = button('Fit from these');
  readonly #help = plotHelp('plot-help');

  /** @param picture what fills the screen */
  constructor(host: HTMLElement, picture: HTMLElement, handlers: ToolHandlers) {
    const row = document.createElement('div');
    row.className = 'tool-row';
    const zoom = document.createElement('div');
    zoom.className = 'button-group';
    zoom.setAttribute('role', 'group');
    zoom.setAttribute('aria-label', 'Zoom');
    zoom.append(
      iconButton('zoom-in', 'Zoom in', 'in', () => handlers.onZoomIn()),
      iconButton('zoom-out', 'Zoom out', 'out', () => handlers.onZoomOut()),
      iconButton('zoom-fit', 'Show all samples', 'fit', () => handlers.onFit()),
    );
    this.#place.id = 'place-starts';
    this.#place.setAttribute('aria-pressed', 'false');
    const save = iconButton('save-png', 'Save as PNG', 'save', () => handlers.onSave());
    const keys = button('Keys');
    keys.id = 'show-keys';
    keys.classList.add('quiet');
    keys.setAttribute('aria-expanded', 'false');
    keys.setAttribute('aria-controls', this.#help.id);
    keys.addEventListener('click', () => {
      this.#help.hidden = !this.#help.hidden;
      keys.setAttribute('aria-expanded', String(!this.#help.hidden));
    });
    row.append(zoom, this.#place, save, ...fullScreen(picture), keys);
    this.#makePlacing();
    host.replaceChildren(row, this.#placing, this.#help);
  }

  /** Wires the buttons for placing starts, which come and go. */
  listen(placing: StartPlacing, focusPlot: () => void): void {
    this.#place.addEventListener('click', () => {
      if (placing.isActive) return placing.leave();
      placing.begin();
      // Enter and the arrows place from here on
      focusPlot();
    });
    this.#undo.addEventListener('click', () => placing.undo());
    this.#fit.addEventListener('click', () => {
      placing.fit();
      focusPlot();
    });
  }

  showPlacing({ isActive, nPlaced }: StartPlacing): void {
    this.#place.setAttribute('aria-pressed', String(isActive));
    this.#placing.hidden = !isActive;
    this.#placed.textContent =
      nPlaced === 0
        ? 'Click where components should start; by keyboard, arrows and Enter in the plot.'
        : `${plural(nPlaced, 'start')} placed.`;
    // (not `disabled`: that would drop the focus)
    for (const each of [this.#undo, this.#fit]) {
      each.setAttribute('aria-disabled', String(nPlaced === 0));
    }
  }

  #makePlacing(): void {
    this.#placing.className = 'placing';
    this.#placing.setAttribute('role', 'group');
    this.#placing.setAttribute('aria-label', 'Starts');
    this.#undo.id = 'undo-start';
    this.#fit.id = 'fit-starts';
    this.#fit.classList.add('primary');
    this.#placing.hidden = true;
    this.#placing.append(this.#placed, this.#undo, this.#fit);
  }
}

/** No button where the browser has no full screen for elements (telephones of one maker). */
function fullScreen(picture: HTMLElement): HTMLElement[] {
  if (!document.fullscreenEnabled) return [];
  const toggle = iconButton('full-screen', 'Full screen', 'full', () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void picture.requestFullscreen();
  });
  document.addEventListener('fullscreenchange', () =>
    toggle.setAttribute('aria-pressed', String(document.fullscreenElement === picture)),
  );
  toggle.setAttribute('aria-pressed', 'false');
  return [toggle];
}

function button(text: string, icon?: keyof typeof ICONS): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  if (icon) made.append(drawn(icon));
  made.append(text);
  return made;
}

function iconButton(
  id: string,
  name: string,
  icon: keyof typeof ICONS,
  onClick: () => void,
): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.id = id;
  made.className = 'icon';
  made.title = name;
  made.setAttribute('aria-label', name);
  made.append(drawn(icon));
  made.addEventListener('click', onClick);
  return made;
}

function drawn(icon: keyof typeof ICONS): SVGElement {
  const attributes = { viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true' };
  return svg('svg', attributes, [svg('path', { d: ICONS[icon] })]);
}
