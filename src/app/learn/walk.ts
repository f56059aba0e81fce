import type { Context } from '../../index.ts';
import { LatestTask } from '../shared/latest-task.ts';
import { Store } from '../shared/store.ts';
import type { Assignment } from './half-step.ts';
import { lesson } from './lesson.ts';
import type { Lesson, LessonId, Start } from './lesson.ts';
import { runLesson } from './run.ts';
import type { Run } from './run.ts';

/** What the page shows: always one whole run and a place in it, so that no part shows another's numbers. */
export interface WalkState {
  readonly lesson: Lesson;
  readonly start: Start;
  readonly assignment: Assignment;
  readonly run: Run;
  /** The half step that is shown. */
  readonly index: number;
  /** The furthest one that was shown. */
  readonly reached: number;
  /** The sample and the component that the formula is written for, from 0. */
  readonly sample: number;
  readonly component: number;
  readonly playing: boolean;
}

/** What names a run. */
export interface Choice {
  readonly lessonId: LessonId;
  readonly start: Start;
  readonly assignment: Assignment;
}

/** The walk through the half steps of one run. */
export class Walk {
  readonly #context: Context;
  readonly #task: LatestTask;
  readonly #listeners: ((state: WalkState, before: WalkState | undefined) => void)[] = [];
  #store: Store<WalkState> | undefined;

  /** @param onError what a start that is none, or anything else that a run throws, is told to; the run before it stays */
  constructor(context: Context, onError: (error: unknown) => void) {
    this.#context = context;
    this.#task = new LatestTask(onError);
  }

  /** undefined before the first run is there. */
  get state(): WalkState | undefined {
    return this.#store?.value;
  }

  /** Calls the listener with the first state and after every change. */
  subscribe(listener: (state: WalkState, before: WalkState | undefined) => void): void {
    this.#listeners.push(listener);
    this.#store?.subscribe(listener);
  }

  /** Runs the choice to its end (milliseconds), then shows it at that half step, or its last one. */
  open(choice: Choice, index = 0): Promise<void> {
    return this.#task.replace(async (signal) => {
      const chosen = lesson(choice.lessonId);
      const { start, assignment } = choice;
      const run = await runLesson(chosen, start, assignment, this.#context, signal);
      const before = this.state;
      const same = before?.lesson === chosen;
      const at = Math.min(index, run.steps.length - 1);
      this.#set({
        lesson: chosen,
        start,
        assignment,
        run,
        index: at,
        reached: at,
        sample: same ? before.sample : chosen.firstSample,
        component: same ? before.component : 0,
        playing: false,
      });
    });
  }

  goTo(index: number): void {
    const { state } = this;
    if (!state) return;
    const at = Math.max(0, Math.min(index, state.run.steps.length - 1));
    const playing = state.playing && at < state.run.steps.length - 1;
    this.#set({ ...state, index: at, reached: Math.max(state.reached, at), playing });
  }

  change(change: Partial<Pick<WalkState, 'sample' | 'component' | 'playing'>>): void {
    if (this.state) this.#set({ ...this.state, ...change });
  }

  #set(state: WalkState): void {
    if (this.#store) {
      this.#store.set(state);
      return;
    }
    this.#store = new Store(state);
    for (const listener of this.#listeners) {
      this.#store.subscribe(listener);
      listener(state, undefined);
    }
  }
}
