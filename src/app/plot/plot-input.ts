import { save as saveFile } from '../results/save.ts';
import { element } from '../shared/elements.ts';
import { ComponentEditing } from './component-editing.ts';
import type { EditHandlers } from './component-editing.ts';
import { keyDescriptions } from './plot-help.ts';
import { PlotKeyboard, ZOOM_STEP } from './plot-keyboard.ts';
import type { PlotScene } from './plot-scene.ts';
import { PlotTools } from './plot-tools.ts';
import { Pointing } from './pointing.ts';
import { SamplePicking } from './sample-picking.ts';
import { StartPlacing } from './start-placing.ts';
import { wireWheelAndTouch } from './wheel-and-touch.ts';
import { WindowMover } from './window-mover.ts';

/** What the plot asks of the rest of the page. */
export interface PlotRequests extends EditHandlers {
  /** Fit from these means: n x D row-major, in the user's units. */
  onPlaceStarts(means: Float64Array, nComponents: number): void;
  /** Says it aloud, to who cannot see the plot. */
  say(sentence: string): void;
  onError(error: unknown): void;
}

/** All that hands do to the plot: pointers, wheel, fingers, keys and the buttons under it. */
export class PlotInput {
  readonly #scene: PlotScene;
  readonly #editing: ComponentEditing;
  readonly #placing: StartPlacing;
  readonly #picking: SamplePicking;
  readonly #made: HTMLElement[] = [];
  readonly #listening = new AbortController();

  /** @param save gives the picture as it is seen */
  constructor(scene: PlotScene, requests: PlotRequests, save: () => Promise<Blob>) {
    this.#scene = scene;
    const { plot } = scene;
    const { signal } = this.#listening;
    const say = (sentence: string) => requests.say(sentence);
    const mover = new WindowMover(scene);
    const editing = (this.#editing = new ComponentEditing(scene, requests));
    const picking = (this.#picking = new SamplePicking(scene, say));
    const tools = new PlotTools(
      element('plot-tools', HTMLElement),
      plot.closest<HTMLElement>('.picture') ?? plot,
      {
        onZoomIn: () => mover.zoom(1 / ZOOM_STEP),
        onZoomOut: () => mover.zoom(ZOOM_STEP),
        onFit: () => mover.fit(),
        onSave: () => {
          const name = `${scene.data?.name ?? 'mixture'}.png`;
          save().then(
            (png) => saveFile(name, png),
            (error: unknown) => requests.onError(error),
          );
        },
      },
    );
    const placing = (this.#placing = new StartPlacing(scene, {
      onPlaceStarts: (means, nComponents) => requests.onPlaceStarts(means, nComponents),
      onChange: () => {
        plot.classList.toggle('placing-starts', placing.isActive);
        tools.showPlacing(placing);
      },
      say,
    }));
    tools.listen(placing, () => plot.focus());
    const hint = document.createElement('p');
    hint.className = 'touch-hint';
    hint.textContent = 'Use two fingers to move the plot';
    hint.hidden = true;
    this.#made.push(hint, ...keyDescriptions());
    plot.append(...this.#made);
    plot.tabIndex = 0;
    plot.setAttribute('role', 'application');
    plot.setAttribute('aria-label', 'Plot of the samples and the components');
    plot.setAttribute('aria-describedby', 'plot-keys');
    const pointing = new Pointing({
      scene,
      mover,
      editing,
      signal,
      onClick: (at) => {
        if (placing.isActive) placing.add(at);
        else picking.pickAt(at);
      },
    });
    wireWheelAndTouch({ scene, mover, hint, signal, onTwoFingers: () => pointing.release() });
    new PlotKeyboard({ scene, mover, editing, placing, picking, signal, say }).listen();
  }

  /** Where another plane is shown, what was placed in the former one has no place. */
  onProjection(): void {
    this.#editing.cancel();
    this.#picking.forgetWalk();
    if (this.#placing.isActive) this.#placing.begin();
  }

  onFrame(): void {
    this.#editing.onFrame();
  }

  dispose(): void {
    this.#listening.abort();
    for (const made of this.#made) made.remove();
    this.#scene.set({ shaped: undefined, starts: undefined, crosshair: undefined });
  }
}
