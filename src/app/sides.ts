import type { Context } from '../index.ts';
import type { Announcer } from './shared/announcer.ts';
import { element } from './shared/elements.ts';
import { openContext, openCpu } from './shared/open-context.ts';
import type { OpenedContext } from './shared/open-context.ts';
import type { ProblemPanel } from './shared/problem-panel.ts';
import { keepSide } from './shared/side-choice.ts';
import type { Side } from './shared/side-choice.ts';
import { showContext, showWhereEvent, watchDevice } from './shared/where.ts';

export interface SidesParts {
  session: {
    /** Ends what runs, and keeps all that is known. */
    suspend(): void;
    /** Goes on from there. */
    resume(context: Context): void;
  };
  problems: ProblemPanel;
  announcer: Pick<Announcer, 'sayFirst'>;
  /** Makes what the page has on a context; rejecting, it leaves all as it was. */
  prepare?(context: Context): Promise<void>;
  onOpened(opened: OpenedContext): void;
  /** What the page has less of on the CPU. */
  atSmaller?: string;
}

/** Losses within this many milliseconds of one another are no accident: the CPU takes over. */
const SOON = 60_000;

type Open = () => Promise<OpenedContext>;
const onCpu: Open = () => openCpu('loss');

/**
 * Moves the session between contexts: to a new device where one is lost, and to the CPU and back where the visitor asks, which is
 * kept for the next visit. The fit goes on from its last iteration.
 */
export class Sides {
  readonly #parts: SidesParts;
  readonly #switch = element('switch-side', HTMLButtonElement);
  #opened: OpenedContext;
  #lostAt = -Infinity;
  /** Contexts whose device is gone: one may be lost while the session moves. */
  readonly #lost = new WeakSet<Context>();
  #isMoving = false;

  constructor(opened: OpenedContext, parts: SidesParts) {
    this.#opened = opened;
    this.#parts = parts;
    this.#switch.addEventListener('click', () => {
      if (this.#opened.kind === 'cpu') {
        this.#move(() => openContext({ by: 'visitor', software: true }), 'webgpu');
      } else {
        this.#move(() => openCpu('visitor'), 'cpu');
      }
    });
  }

  /** Shows where the page computes, and goes on from there. */
  begin(): void {
    const { context, kind } = this.#opened;
    showContext(this.#opened, this.#parts.atSmaller);
    this.#parts.onOpened(this.#opened);
    this.#switch.textContent = kind === 'cpu' ? 'Compute on WebGPU' : 'Compute on the CPU instead';
    this.#switch.dataset['to'] = kind === 'cpu' ? 'webgpu' : 'cpu';
    this.#switch.hidden = !canSwitch(this.#opened);
    watchDevice(context.device, this.#parts.problems, () => this.#lose(context));
  }

  #lose(context: Context): void {
    if (context.disposed) return;
    this.#lost.add(context);
    const again = performance.now() - this.#lostAt < SOON;
    this.#lostAt = performance.now();
    // (a move looks at its end whether the session can stay where it is)
    if (this.#isMoving) return;
    this.#tell(again ? ' again' : '', again);
    // a software adapter that was chosen is looked for again; in place of a card it is not taken
    const software = this.#opened.kind === 'software';
    this.#move(again ? onCpu : () => openContext({ by: 'loss', software }));
  }

  #tell(again: string, toCpu: boolean): void {
    const where = toCpu ? ', on the CPU' : '';
    const what = `The graphics device was lost${again}; the fit goes on from its last iteration${where}.`;
    showWhereEvent(what);
    this.#parts.announcer.sayFirst(what);
  }

  /** @param choice the visitor's, kept where it can be had */
  #move(open: Open, choice?: Side): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    this.#parts.session.suspend();
    this.#switch.disabled = true;
    this.#moved(open)
      .then(() => choice && keepSide(choice))
      .catch((error: unknown) => this.#parts.problems.show('The page cannot go on there', error))
      .finally(() => {
        this.#isMoving = false;
        this.#switch.disabled = false;
        const { context } = this.#opened;
        if (!this.#lost.has(context)) {
          // back where it was, if the move failed
          this.#parts.session.resume(context);
        } else if (open !== onCpu) {
          this.#tell('', true);
          this.#move(onCpu);
        }
      });
  }

  /** All is as it was where this rejects. */
  async #moved(open: Open): Promise<void> {
    const former = this.#opened.context;
    const opened = await open();
    try {
      await this.#parts.prepare?.(opened.context);
    } catch (error) {
      opened.context.dispose();
      throw error;
    }
    this.#opened = opened;
    former.dispose();
    this.begin();
  }
}

/** Without any adapter there is nothing to switch to; but one that was there a moment ago may come back. */
function canSwitch({ kind, code, by }: OpenedContext): boolean {
  const isNothing =
    code === 'INSECURE_CONTEXT' || code === 'WEBGPU_UNAVAILABLE' || code === 'NO_ADAPTER';
  return kind !== 'cpu' || by === 'loss' || !isNothing;
}
