import type { Context } from '../index.ts';
import type { FitSession } from './fit/fit-session.ts';
import type { Broadcast } from './fit/session-view.ts';
import type { Picture } from './plot/picture.ts';
import { element } from './shared/elements.ts';
import { openContext, openCpu } from './shared/open-context.ts';
import type { OpenedContext } from './shared/open-context.ts';
import type { ProblemPanel } from './shared/problem-panel.ts';
import { showContext, watchDevice } from './shared/where.ts';

export interface SidesParts {
  session: FitSession;
  listeners: Broadcast;
  problems: ProblemPanel;
  /** Makes the picture on a context. */
  stage(context: Context): Promise<Picture>;
  onOpened(opened: OpenedContext): void;
  say(sentence: string): void;
}

/** Losses within this many milliseconds of one another are no accident: the CPU takes over. */
const SOON = 60_000;

/**
 * Moves the session between contexts: to a new device where one is lost, and to the CPU and back where the user asks.
 * The fit goes on from its last iteration.
 */
export class Sides {
  readonly #parts: SidesParts;
  readonly #switch = element('switch-side', HTMLButtonElement);
  #opened: OpenedContext;
  #picture: Picture;
  #lostAt = -Infinity;
  #moving: Promise<void> | undefined;

  constructor(opened: OpenedContext, picture: Picture, parts: SidesParts) {
    this.#opened = opened;
    this.#picture = picture;
    this.#parts = parts;
    this.#switch.addEventListener('click', () => {
      const toCpu = this.#opened.kind !== 'cpu';
      this.#move(toCpu ? openCpu : openContext);
    });
  }

  /** The one on the present context. */
  get picture(): Picture {
    return this.#picture;
  }

  /** Shows where the page computes, and goes on from there. */
  begin(): void {
    const { context, kind, code } = this.#opened;
    showContext(this.#opened);
    this.#parts.onOpened(this.#opened);
    this.#switch.textContent = kind === 'cpu' ? 'Compute on WebGPU' : 'Compute on the CPU instead';
    // without any adapter there is nothing to switch to
    this.#switch.hidden = kind === 'cpu' && code !== 'CPU_REQUESTED';
    watchDevice(context.device, this.#parts.problems, () => {
      if (context.disposed) return;
      const again = performance.now() - this.#lostAt < SOON;
      this.#lostAt = performance.now();
      this.#parts.say('The graphics device was lost; the fit goes on from its last iteration.');
      this.#move(again ? openCpu : openContext);
    });
  }

  #move(open: () => Promise<OpenedContext>): void {
    if (this.#moving) return;
    const { session, listeners, problems } = this.#parts;
    session.suspend();
    this.#switch.disabled = true;
    this.#moving = (async () => {
      const opened = await open();
      const former = { context: this.#opened.context, picture: this.#picture };
      former.picture.dispose();
      this.#opened = opened;
      this.#picture = await this.#parts.stage(opened.context);
      listeners.replace(former.picture, this.#picture);
      session.resume(opened.context);
      former.context.dispose();
      this.begin();
    })()
      .catch((error: unknown) => problems.show('The page cannot go on', error))
      .finally(() => {
        this.#moving = undefined;
        this.#switch.disabled = false;
      });
  }
}
