import type { History } from './history.ts';
import type { Frame } from './frame.ts';
import { withParameters } from './parameters.ts';
import type { Parameters } from './parameters.ts';
import { NOTHING, onwards } from './fit-run.ts';
import type { Fitting } from './player.ts';
import type { Timeline } from './timeline.ts';

/** How a fit was changed and looked at elsewhere, to be done again. */
export interface Script {
  /** Of each restart in the order in which they were made. */
  readonly edits: readonly ScriptedEdit[];
  /** The restart that is followed in place of the best. */
  readonly picked?: number | undefined;
  /** Where to stand still; undefined where the fit goes on. */
  readonly look?: Look | undefined;
}

export interface ScriptedEdit {
  readonly restart: number;
  /** That it was made at. */
  readonly iteration: number;
  /** Of a change of the number of components, which the other restarts take no part in: as far as the longest of those had come. */
  readonly others?: number | undefined;
  /** All that the mixture is afterwards. */
  readonly parameters: Parameters;
}

export interface Look {
  readonly restart: number;
  readonly iteration: number;
  /** The parameters before a change by hand that was made at this iteration. */
  readonly isBefore: boolean;
  /** The last iteration of this restart that is known; Infinity where every restart has come to its end. */
  readonly known: number;
}

/** Fits to each change, makes it, and fits on to where the other visitor was; what comes after is for the player. */
export async function replay(
  { edits, picked, look }: Script,
  timeline: Timeline,
  fitting: Fitting,
): Promise<void> {
  timeline.picked = picked;
  const reached = (restart: number, iteration: number) => () => {
    const { history } = timeline;
    return history.includes(restart) && history.last(restart).iteration >= iteration;
  };
  for (const { restart, iteration, others, parameters } of edits) {
    await fitting.fitTo(reached(restart, iteration));
    const { history } = timeline;
    if (others !== undefined) {
      const rest = () => history.lanes.filter((lane) => lane.restart !== restart);
      await fitting.fitTo(() => rest().some(({ frames }) => frames.at(-1)!.iteration >= others));
    }
    if (!history.includes(restart)) continue;
    const frame = frameAt(history, { restart, iteration, isBefore: false });
    const mixture = withParameters(frame.mixture, parameters);
    const put = timeline.put(frame, mixture, false);
    // (with another number of components the other restarts stay where they are)
    const isResized = mixture.nComponents !== frame.mixture.nComponents;
    await fitting.replan((plan) =>
      isResized ? { ...NOTHING, from: [put] } : onwards(plan, history),
    );
  }
  timeline.picked = picked;
  if (!look) return;
  await fitting.fitTo(reached(look.restart, look.known));
  const restart = timeline.history.includes(look.restart) ? look.restart : timeline.history.best;
  if (restart === undefined) return;
  await timeline.show(frameAt(timeline.history, { ...look, restart }));
}

/** The frame of an iteration, or the nearest to it: after a change by hand where one was made there. */
function frameAt(history: History, { restart, iteration, isBefore }: Omit<Look, 'known'>): Frame {
  const near = history.nearest(restart, iteration);
  if (isBefore) return near;
  return history.laneOf(near).frames.findLast((frame) => frame.iteration === near.iteration)!;
}
