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
  /** Makes the picture on a context, and then lets go of the former one. */
  stage(context: Context, former: Picture): Promise<Picture>;
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
  /** Contexts whose device is gone: one may be lost while the session moves. */
  readonly #lost = new WeakSet<Context>();
  #isMoving = false;

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
    watchDevice(context.device, this.#parts.problems, () => this.#lose(context));
  }

  #lose(context: Context): void {
    if (context.disposed) return;
    this.#lost.add(context);
    const again = performance.now() - this.#lostAt < SOON;
    this.#lostAt = performance.now();
    // (a move looks at its end whether the session can stay where it is)
    if (this.#isMoving) return;
    this.#parts.say('The graphics device was lost; the fit goes on from its last iteration.');
    this.#move(again ? openCpu : openContext);
  }

  #move(open: () => Promise<OpenedContext>): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    this.#parts.session.suspend();
    this.#switch.disabled = true;
    this.#moved(open)
      .catch((error: unknown) => this.#parts.problems.show('The page cannot go on there', error))
      .finally(() => {
        this.#isMoving = false;
        this.#switch.disabled = false;
        const { context } = this.#opened;
        if (!this.#lost.has(context)) {
          // back where it was, if the move failed
          this.#parts.session.resume(context);
        } else if (open !== openCpu) {
          this.#parts.say('The graphics device was lost; the fit goes on on the CPU.');
          this.#move(openCpu);
        }
      });
  }

  /** All is as it was where this rejects. */
  async #moved(open: () => Promise<OpenedContext>): Promise<void> {
    const former = { context: this.#opened.context, picture: this.#picture };
    const opened = await open();
    let picture: Picture;
    try {
      picture = await this.#parts.stage(opened.context, former.picture);
    } catch (error) {
      opened.context.dispose();
      throw error;
    }
    this.#opened = opened;
    this.#picture = picture;
    this.#parts.listeners.replace(former.picture, picture);
    former.context.dispose();
    this.begin();
  }
}
