import { element } from '../../src/app/shared/elements.ts';
import { grouped } from '../format.ts';
import type { Row } from '../result.ts';
import type { SideName } from '../sides.ts';
import { CostChart, type Axis } from './cost-chart.ts';

const AXES: readonly { axis: Axis; id: string; letter: string }[] = [
  { axis: 'nSamples', id: 'n', letter: 'N' },
  { axis: 'nComponents', id: 'k', letter: 'K' },
  { axis: 'nFeatures', id: 'd', letter: 'D' },
];

/** Three cuts through the grid of rows, along N, K and D, at what the visitor holds the others to. */
export class Charts {
  readonly #section = element('charts', HTMLElement);
  readonly #legends = element('legends', HTMLElement);
  readonly #parts = AXES.map(({ axis, id, letter }) => ({
    axis,
    letter,
    chart: new CostChart(element(`chart-${id}`, HTMLElement), axis),
    caption: element(`chart-${id}-caption`, HTMLElement),
    select: element(`slice-${id}`, HTMLSelectElement),
  }));
  #rows: readonly Row[] = [];
  #sides: readonly SideName[] = [];
  #names: Readonly<Record<SideName, string>> = { cpu: '', threads: '', webgpu: '' };

  constructor() {
    element('slice', HTMLFormElement).addEventListener('input', () => this.#draw());
    element('slice', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
  }

  /** Begins anew; each number is held to its largest until the visitor says otherwise. */
  clear(
    shapes: readonly Row['shape'][],
    sides: readonly SideName[],
    names: Readonly<Record<SideName, string>>,
  ): void {
    this.#rows = [];
    this.#sides = sides;
    this.#names = names;
    for (const { axis, select } of this.#parts) {
      const values = [...new Set(shapes.map((shape) => shape[axis]))].toSorted((a, b) => a - b);
      const options = values.map((value) => new Option(grouped(value), String(value)));
      select.replaceChildren(...options);
      select.value = String(values.at(-1));
    }
    const legends = sides.map((side) => {
      const legend = document.createElement('span');
      legend.className = side;
      legend.textContent = names[side];
      return legend;
    });
    this.#legends.replaceChildren(...legends);
    this.#section.hidden = true;
  }

  show(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#section.hidden = rows.length === 0;
    this.#draw();
  }

  restyle(): void {
    for (const { chart } of this.#parts) chart.restyle();
  }

  #draw(): void {
    for (const { axis, chart, caption } of this.#parts) {
      const others = this.#parts.filter((part) => part.axis !== axis);
      const rows = this.#rows.filter(({ shape }) =>
        others.every((part) => shape[part.axis] === Number(part.select.value)),
      );
      const held = others.map(
        ({ letter, select }) => `${letter} = ${grouped(Number(select.value))}`,
      );
      const name = { nSamples: 'samples', nComponents: 'components', nFeatures: 'features' }[axis];
      caption.textContent = `Time per iteration over ${name}, at ${held.join(', ')}`;
      chart.show(rows, this.#sides, this.#names);
    }
  }
}
