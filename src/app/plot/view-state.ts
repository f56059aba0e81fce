import { choosePalette } from '../shared/palette.ts';
import type { PaletteName } from '../shared/palette.ts';
import { Store } from '../shared/store.ts';
import type { Colouring } from './colouring.ts';
import type { Projection } from './projection.ts';
import type { ViewWindow } from './view-window.ts';

/** How the fit is looked at. Everything here may change at any time without touching the fit. */
export interface ViewState {
  readonly projection: Projection;
  /** The part of the projected plane that is shown. */
  readonly window: ViewWindow;
  readonly colouring: Colouring;
  readonly palette: PaletteName;
  /** Draws how many samples fall on each pixel in place of discs. */
  readonly density: boolean;
  /** This component stands out, the others are dimmed. */
  readonly highlighted: number | undefined;
  /** It stands out whenever no other one does: what a click on its card chose. */
  readonly pinned: number | undefined;
  /** Of the components' cards. */
  readonly order: 'number' | 'weight';
  /** The sample that was clicked. */
  readonly selected: number | undefined;
  readonly dark: boolean;
}

/** Every part of the page that looks at the fit reads and changes this one. */
export class ViewStore extends Store<ViewState> {
  constructor(state: ViewState) {
    super(state);
    choosePalette(state.palette);
  }

  override set(change: Partial<ViewState>): void {
    // before anybody is told, so that whoever draws anew does so in the new colours
    if (change.palette !== undefined) choosePalette(change.palette);
    super.set(change);
  }
}
