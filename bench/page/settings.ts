import { element } from '../../src/app/shared/elements.ts';
import type { BenchShape } from '../shapes.ts';
import { SIDES, type SideName } from '../sides.ts';

/** What the visitor wants measured. */
export interface Settings {
  readonly shapes: readonly BenchShape[];
  readonly sides: readonly SideName[];
  readonly repetitions: number;
}

/** Fewer do not show a spread worth copying. */
export const LEAST_REPETITIONS = 15;

/** A grid that ends within a minute: on a laptop's GPU, and on a software adapter. */
export const DEFAULTS = {
  hardware: { samples: [1000, 10_000, 100_000], features: [2, 8], components: [4, 8] },
  software: { samples: [1000, 10_000], features: [2, 8], components: [2, 4] },
} as const;

/** Every combination, small ones first, so that there is soon something to see. */
export function gridOf(
  model: BenchShape['model'],
  samples: readonly number[],
  features: readonly number[],
  components: readonly number[],
): BenchShape[] {
  return samples.flatMap((nSamples) =>
    features.flatMap((nFeatures) =>
      components.map((nComponents) => ({ model, nSamples, nFeatures, nComponents })),
    ),
  );
}

/** The form. */
export class SettingsForm {
  readonly #form = element('settings', HTMLFormElement);
  readonly #model = element('model', HTMLSelectElement);
  readonly #repetitions = element('repetitions', HTMLInputElement);
  readonly #plan = element('plan', HTMLElement);
  readonly #stop = element('stop', HTMLButtonElement);
  readonly #run = element('run', HTMLButtonElement);
  #running = false;

  constructor(onRun: (settings: Settings) => void, onStop: () => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const settings = this.settings;
      if (!this.#running && this.#trouble(settings) === undefined) onRun(settings);
    });
    this.#form.addEventListener('input', () => this.#showPlan());
    this.#stop.addEventListener('click', () => {
      if (this.#running) onStop();
    });
    this.choose(DEFAULTS.software);
  }

  get settings(): Settings {
    const [samples, features, components] = ['samples', 'features', 'components'].map((id) =>
      checked(id).map(Number),
    );
    const sides = checked('sides');
    const model = this.#model.value as BenchShape['model'];
    return {
      shapes: gridOf(model, samples, features, components),
      sides: SIDES.filter((side) => sides.includes(side)),
      repetitions: this.#repetitions.valueAsNumber,
    };
  }

  choose(grid: Readonly<Record<'samples' | 'features' | 'components', readonly number[]>>): void {
    for (const id of ['samples', 'features', 'components'] as const) {
      for (const box of boxes(id)) box.checked = grid[id].includes(Number(box.value));
    }
    this.#showPlan();
  }

  /** A side that is not here cannot be chosen. */
  withdraw(side: SideName, why: string): void {
    const box = boxes('sides').find(({ value }) => value === side);
    if (!box) return;
    box.checked = false;
    box.disabled = true;
    box.parentElement!.append(' (not here)');
    box.parentElement!.title = why;
    this.#showPlan();
  }

  running(running: boolean): void {
    this.#running = running;
    this.#stop.setAttribute('aria-disabled', String(!running));
    this.#run.setAttribute('aria-disabled', String(running));
    this.#showPlan();
  }

  #showPlan(): void {
    const settings = this.settings;
    const trouble = this.#trouble(settings);
    const { shapes, sides, repetitions } = settings;
    const plan = `${shapes.length} ${shapes.length === 1 ? 'shape' : 'shapes'}, ${sides.length} ${sides.length === 1 ? 'side' : 'sides'}, ${repetitions} repetitions each.`;
    this.#plan.textContent = trouble ?? plan;
    if (!this.#running) this.#run.setAttribute('aria-disabled', String(trouble !== undefined));
  }

  #trouble({ shapes, sides, repetitions }: Settings): string | undefined {
    if (sides.length === 0) return 'Choose at least one side.';
    if (shapes.length === 0)
      return 'Choose at least one number each of samples, features and components.';
    if (!this.#repetitions.checkValidity() || !(repetitions >= LEAST_REPETITIONS)) {
      return `Repetitions are a whole number from ${LEAST_REPETITIONS} to ${this.#repetitions.max}.`;
    }
    return undefined;
  }
}

function boxes(id: string): HTMLInputElement[] {
  const fieldset = element(id, HTMLFieldSetElement);
  return [...fieldset.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
}

function checked(id: string): string[] {
  return boxes(id).flatMap(({ checked, value }) => (checked ? [value] : []));
}
