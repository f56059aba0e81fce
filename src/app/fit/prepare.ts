import type { Context, Dataset } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { NOTHING, onwards } from './fit-run.ts';
import type { Gesture } from './gesture.ts';
import type { Work } from './phases.ts';
import { placedStart } from './placed-start.ts';
import { resized } from './resize.ts';
import type { FitSettings } from './settings.ts';
import type { Timeline } from './timeline.ts';

export interface Parts {
  readonly timeline: Timeline;
  readonly gesture: Gesture;
  readonly settings: FitSettings;
  readonly data: SourceData;
  readonly dataset: Dataset;
  readonly at: { readonly context: Context; readonly signal: AbortSignal };
  /** Nothing is known from now on. */
  onStart(): void;
}

/** Has the history begin, or change, as the work says, and the player know what is to be fitted then. */
export async function prepare({ anew, edited, nComponents }: Work, parts: Parts): Promise<void> {
  const { timeline, gesture, settings, data, dataset, at } = parts;
  if (anew) {
    timeline.clear();
    parts.onStart();
    timeline.plan = { ...NOTHING, fresh: { first: 0, count: settings.nInit } };
    if (anew.starts) {
      const start = await placedStart(dataset, anew.starts, settings, at);
      timeline.add([start]);
      timeline.plan = { ...NOTHING, from: [start] };
      await timeline.show(start);
    }
  } else if (nComponents !== undefined && timeline.frame) {
    const { frame } = timeline;
    const mixture = await resized(frame.mixture, nComponents, data.samples, at);
    at.signal.throwIfAborted();
    // bounds of other numbers of components are no match: the other restarts stay where they are
    timeline.plan = { ...NOTHING, from: [gesture.put(frame, mixture)] };
  } else if (edited) {
    timeline.plan = onwards(timeline.plan, timeline.history);
  }
  at.signal.throwIfAborted();
}
