import { exponential, grouped, threeDigits } from '../format.ts';
import { sideOf, type Row, type SideRow } from '../result.ts';
import type { SideName } from '../sides.ts';

/** A row of times for every shape, each beside how far it is from float64. */
export class TimesTable {
  readonly #table: HTMLTableElement;
  #sides: readonly SideName[] = [];
  #names: Readonly<Record<SideName, string>> = { cpu: '', threads: '', webgpu: '' };

  constructor(table: HTMLTableElement) {
    this.#table = table;
  }

  clear(sides: readonly SideName[], names: Readonly<Record<SideName, string>>): void {
    this.#sides = sides;
    this.#names = names;
    this.#table.tHead?.remove();
    for (const body of this.#table.tBodies) body.remove();
    const head = this.#table.createTHead().insertRow();
    for (const text of ['N', 'D', 'K', ...sides.flatMap((side) => [this.#names[side], 'off'])]) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = text;
      head.append(cell);
    }
    this.#table.createTBody();
  }

  add(row: Row): void {
    const { nSamples, nFeatures, nComponents } = row.shape;
    const line = this.#table.tBodies[0].insertRow();
    const name = document.createElement('th');
    name.scope = 'row';
    name.textContent = grouped(nSamples);
    line.append(name);
    for (const value of [nFeatures, nComponents]) line.insertCell().textContent = String(value);
    for (const side of this.#sides) {
      const found = sideOf(row, side);
      fillTime(line.insertCell(), found);
      const off = line.insertCell();
      off.className = 'off';
      off.textContent = offText(found, row.checkedBy);
    }
  }

  /** A shape of which there is only why it failed. */
  fail({ nSamples, nFeatures, nComponents }: Row['shape'], message: string): void {
    const line = this.#table.tBodies[0].insertRow();
    for (const text of [grouped(nSamples), nFeatures, nComponents]) {
      line.insertCell().textContent = String(text);
    }
    const cell = line.insertCell();
    cell.colSpan = 2 * this.#sides.length;
    cell.className = 'failure';
    cell.textContent = message;
  }
}

function fillTime(cell: HTMLTableCellElement, side: SideRow | undefined): void {
  if (side?.time === undefined) {
    cell.className = 'wrong';
    cell.textContent = side?.right === false ? 'WRONG' : '–';
    if (side?.error !== undefined) cell.title = side.error;
    return;
  }
  const { median, lowerQuartile, upperQuartile } = side.time.milliseconds;
  const quartiles = document.createElement('span');
  quartiles.className = 'quartiles';
  quartiles.textContent = `[${threeDigits(lowerQuartile)}–${threeDigits(upperQuartile)}]`;
  cell.append(`${threeDigits(median)} `, quartiles);
}

function offText(side: SideRow | undefined, checkedBy: SideName): string {
  if (!side?.differences) return side?.error ?? '–';
  return side.side === checkedBy ? 'float64' : exponential(side.differences.lowerBound);
}
