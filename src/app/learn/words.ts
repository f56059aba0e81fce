import type { HalfStep } from './half-step.ts';
import type { Lesson } from './lesson.ts';
import { brief, rounded } from './numbers.ts';

/** "sample 3 (x = 4)", "sample 12 (eruption 1.833, waiting 54)"; counted from 1, as on the board. */
export function sampleText(lesson: Lesson, sample: number): string {
  const { data, nFeatures } = lesson.samples;
  const place = placeText(lesson, data, sample);
  return `sample ${sample + 1} (${nFeatures === 1 ? `x = ${place}` : place})`;
}

/** A mean as text: "5.132", "eruption 4.29, waiting 79.97" */
export function meanText(lesson: Lesson, { means }: HalfStep, component: number): string {
  return placeText(lesson, means, component);
}

/** The values of that row, each with its feature's name where there are several. */
function placeText({ samples, shortNames }: Lesson, rows: Float64Array, row: number): string {
  const { nFeatures } = samples;
  const values = Array.from(rows.subarray(row * nFeatures, (row + 1) * nFeatures), (value) =>
    brief(rounded(value)),
  );
  if (nFeatures === 1) return values[0];
  return values.map((value, d) => `${shortNames[d]} ${value}`).join(', ');
}
