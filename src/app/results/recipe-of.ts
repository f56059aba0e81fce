import type { SourceData } from '../data/source-data.ts';
import type { Phase } from '../fit/phases.ts';
import type { FitSettings } from '../fit/settings.ts';
import type { Position } from '../fit/timeline.ts';
import type { Recipe } from './recipe.ts';

/** What a session tells of the fit. */
export interface RecipeSource {
  readonly data: SourceData | undefined;
  readonly settings: FitSettings;
  readonly phase: Phase;
  readonly position: Position;
}

/** What leads to the mixture shown: the last thing before it that was no iteration, and the iterations since; undefined where none is shown. */
export function recipeOf({ data, settings, phase, position }: RecipeSource): Recipe | undefined {
  const { frame, history } = position;
  if (!frame || !data) return undefined;
  const { frames } = history.laneOf(frame);
  const before = frames.slice(0, history.indexOf(frame) + 1);
  const begun = before.findLast(({ by }) => by !== 'iteration') ?? frame;
  const { mixture, restart, iteration } = frame;
  const isGiven = ['placed', 'edit', 'file'].includes(begun.by);
  const isCompared = begun.by === 'comparison';
  // (of a compared one the start is not kept)
  const iterations = isCompared ? iteration : iteration - begun.iteration;
  // (where another restart was changed by hand, the whole fit would give another one)
  const isChanged = history.lanes.some(
    (lane) => lane.restart !== restart && lane.frames.some(({ by }) => by === 'edit'),
  );
  // both, as others may still be fitted, or a new fit may be about to begin
  const isEnd =
    !isChanged &&
    frame === frames.at(-1) &&
    begun.by !== 'file' &&
    restart === history.best &&
    ((phase === 'converged' && frame.converged) ||
      (phase === 'exhausted' && iterations === settings.maxIter));
  return {
    data,
    backend: mixture.contextInfo?.backend ?? 'webgpu',
    // as src/app/fit/comparing.ts fits them
    settings: isCompared
      ? {
          ...settings,
          initParams: 'k-means++',
          nInit: Math.max(1, frames.at(-1)!.mixture.restarts.length),
        }
      : settings,
    mixture,
    start: isGiven ? begun.mixture : undefined,
    restart,
    iterations,
    isResult: isEnd || (isCompared && frame === frames.at(-1)),
  };
}
