import type { SourceData } from '../data/source-data.ts';
import type { View } from '../plot/axis-pickers.ts';
import { firstView } from '../plot/first-view.ts';
import type { Colouring } from '../plot/colouring.ts';
import type { Projection } from '../plot/projection.ts';
import type { ViewState } from '../plot/view-state.ts';
import type { ViewWindow } from '../plot/view-window.ts';
import type { LinkedColouring, PageState } from './address.ts';

/** What a link says of the view of these samples, and of where they are from. */
export function stateOf(
  data: SourceData,
  { projection, window, colouring, palette, density, selected, pinned, order }: ViewState,
  whole: ViewWindow,
): PageState {
  const { origin, standardised } = data;
  const axes = projection.kind === 'pca' ? ('pca' as const) : axesOf(projection);
  return {
    data: origin.kind === 'built-in' ? origin.id : origin.kind === 'url' ? origin.url : 'file',
    columns: origin.columns,
    standardise: standardised !== undefined,
    axes,
    window: isSame(window, whole)
      ? undefined
      : [window.x.low, window.x.high, window.y.low, window.y.high],
    colouring: linkedColouring(colouring),
    palette,
    density,
    sample: selected,
    component: pinned,
    order,
  };
}

/** What the page does by itself with these data. @param columns that it chooses */
export function usualState(data: SourceData, columns: readonly string[] | undefined): PageState {
  const { nComponents, initParams, seed = 0, featureNames } = data;
  const isPca = firstView(data).kind === 'pca';
  return {
    columns,
    standardise: false,
    missing: 'fit',
    nComponents,
    covarianceType: 'full',
    initParams,
    seed,
    axes: isPca ? 'pca' : featureNames.slice(0, 2),
    colouring: { by: 'component' },
    palette: 'petroff',
    density: false,
    order: 'number',
  };
}

/** The plane that a link asks for; undefined where it asks for none that these samples have. */
export function axesOfState({ axes }: PageState, names: readonly string[]): View | undefined {
  if (axes === undefined) return undefined;
  if (axes === 'pca') return names.length > 2 ? { kind: 'pca' } : undefined;
  const [x, y] = axes.map((name) => names.indexOf(name));
  const isPlane = x >= 0 && y !== x && (y === undefined ? names.length === 1 : y >= 0);
  return isPlane ? { kind: 'axes', x, y } : undefined;
}

export function windowOfState({ window }: PageState): ViewWindow | undefined {
  if (!window) return undefined;
  const [left, right, bottom, top] = window;
  return { x: { low: left, high: right }, y: { low: bottom, high: top } };
}

/** The colouring that a link asks for; undefined where these samples have no such column, or the mixture no such component. */
export function colouringOf(
  { colouring }: PageState,
  { columns }: SourceData,
  nComponents: number,
): Colouring | undefined {
  switch (colouring?.by) {
    case 'component':
    case 'entropy':
      return { by: colouring.by };
    case 'responsibility':
      return colouring.component < nComponents ? colouring : undefined;
    case 'column': {
      const column = columns.find(({ name }) => name === colouring.name);
      return column && { by: 'column', column };
    }
    case undefined:
      return undefined;
  }
}

function linkedColouring(colouring: Colouring): LinkedColouring {
  return colouring.by === 'column' ? { by: 'column', name: colouring.column.name } : colouring;
}

function axesOf({ xName, yName }: Projection): string[] {
  return yName === undefined ? [xName] : [xName, yName];
}

function isSame(a: ViewWindow, b: ViewWindow): boolean {
  const near = (p: number, q: number, length: number) => Math.abs(p - q) <= 1e-6 * length;
  return (['x', 'y'] as const).every((axis) => {
    const length = b[axis].high - b[axis].low;
    return near(a[axis].low, b[axis].low, length) && near(a[axis].high, b[axis].high, length);
  });
}
