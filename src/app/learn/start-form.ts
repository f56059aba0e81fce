import { element, setText } from '../shared/elements.ts';
import { namedStart } from './address.ts';
import { make } from './dom.ts';
import type { Assignment } from './half-step.ts';
import { lesson, LESSON_IDS, LESSON_LABELS } from './lesson.ts';
import type { LessonId } from './lesson.ts';
import type { Walk, WalkState } from './walk.ts';

const OWN = 'own';

/** Which data, from which start, soft or hard. */
export class StartForm {
  readonly #walk: Walk;
  readonly #lesson = element('lesson', HTMLSelectElement);
  readonly #start = element('start', HTMLSelectElement);
  readonly #assignment = element('assignment', HTMLSelectElement);
  readonly #note = element('lesson-note', HTMLElement);
  readonly #own = element('own-start', HTMLElement);
  /** The start as the fields have it, which may be none: then the run before it stays. */
  #typed: { means: number[]; deviations: number[] } | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#lesson.append(
      ...LESSON_IDS.map((id) => make('option', { value: id }, LESSON_LABELS[id])),
    );
    this.#lesson.addEventListener('change', () => {
      const lessonId = this.#lesson.value as LessonId;
      this.#open({ lessonId, start: lesson(lessonId).starts[0] });
    });
    this.#start.addEventListener('change', () => {
      const chosen = walk.state?.lesson.starts[Number(this.#start.value)];
      if (chosen) this.#open({ start: chosen });
    });
    this.#assignment.addEventListener('change', () =>
      this.#open({ assignment: this.#assignment.value as Assignment }),
    );
    this.#own.addEventListener('change', ({ target }) => this.#openOwn(target));
    walk.subscribe((state, before) => {
      if (state.run !== before?.run) this.#show(state);
    });
  }

  #open(change: Partial<Parameters<Walk['open']>[0]>): void {
    const { state } = this.#walk;
    if (!state) return;
    const { lesson, start, assignment } = state;
    void this.#walk.open({ lessonId: lesson.id, start, assignment, ...change });
  }

  #show({ lesson, start, assignment }: WalkState): void {
    this.#lesson.value = lesson.id;
    this.#assignment.value = assignment;
    setText(this.#note, lesson.note);
    const named = namedStart(lesson.id, start);
    this.#start.replaceChildren(
      ...lesson.starts.map(({ label }, i) => make('option', { value: i }, label)),
      ...(named === undefined ? [make('option', { value: OWN }, 'your own')] : []),
    );
    this.#start.value = named === undefined ? OWN : String(named);
    // what is being typed is not written over by its own run
    if (start === this.#typed) return;
    this.#typed = undefined;
    this.#showOwn({ lesson, start });
  }

  /** A field for every mean and standard deviation; the one that is typed in stays the same element. */
  #showOwn({ lesson, start }: Pick<WalkState, 'lesson' | 'start'>): void {
    const { nFeatures } = lesson.samples;
    const inputs = () => Array.from(this.#own.querySelectorAll('input'));
    const size = start.means.length;
    if (inputs().length !== 2 * size) {
      const field = (name: string, i: number, least: boolean) => {
        const feature = nFeatures === 1 ? '' : ` of ${lesson.shortNames[i % nFeatures]}`;
        const label = `${name}${feature}`;
        return make(
          'label',
          {},
          label,
          make('input', {
            type: 'number',
            step: 'any',
            min: least && 0,
            'aria-label': `Component ${Math.floor(i / nFeatures) + 1}: ${label}`,
          }),
        );
      };
      this.#own.replaceChildren(
        ...Array.from({ length: lesson.nComponents }, (_, k) => {
          const features = Array.from({ length: nFeatures }, (_, d) => k * nFeatures + d);
          return make(
            'fieldset',
            {},
            make('legend', {}, `Component ${k + 1}`),
            ...features.map((i) => field('Mean', i, false)),
            ...features.map((i) => field('Standard deviation', i, true)),
          );
        }),
      );
    }
    inputs().forEach((input, at) => {
      const { from, i } = placeOf(at, nFeatures);
      const text = String(Number(start[from][i].toPrecision(5)));
      if (input.value !== text) input.value = text;
    });
  }

  /** Only the field that changed is read: the others show their numbers rounded. */
  #openOwn(field: EventTarget | null): void {
    const { state } = this.#walk;
    const at = Array.from(this.#own.querySelectorAll('input')).indexOf(field as HTMLInputElement);
    if (!state || at === -1) return;
    const { from, i } = placeOf(at, state.lesson.samples.nFeatures);
    const { means, deviations } = this.#typed ?? state.start;
    const typed = { means: [...means], deviations: [...deviations] };
    typed[from][i] = (field as HTMLInputElement).valueAsNumber;
    this.#typed = typed;
    this.#open({ start: typed });
  }
}

/** Which number the field holds: a component's means come first, then its standard deviations. */
function placeOf(at: number, nFeatures: number): { from: 'means' | 'deviations'; i: number } {
  const component = Math.floor(at / (2 * nFeatures));
  const within = at % (2 * nFeatures);
  return {
    from: within < nFeatures ? 'means' : 'deviations',
    i: component * nFeatures + (within % nFeatures),
  };
}
