import type { SumsForm } from '../families/device-twin.ts';
import { sumVectors, taskVectors } from './kernel-shape.ts';

/**
 * Totals of all stacked components by component: each `blockCount` blocks of `blockVectors` vec4s. Where a task sums four components
 * its matrices' columns, and the masses, are dealt out to them. Fused sums come as the family's own.
 */
export function arrangeSums(
  form: SumsForm,
  totals: Float64Array,
  nComponents: number,
): Float64Array {
  if (form.arrange) return form.arrange(totals, nComponents);
  if (form.components !== 4) return totals;
  const { blockCount, blockVectors } = form;
  const matrices = blockVectors - 1;
  const task = 4 * taskVectors(form);
  const out = new Float64Array(nComponents * blockCount * blockVectors * 4);
  for (let k = 0, at = 0; k < nComponents; k++) {
    const column = k % 4;
    for (let block = 0; block < blockCount; block++, at += 4 * blockVectors) {
      const from = (Math.floor(k / 4) * blockCount + block) * task;
      for (let matrix = 0; matrix < matrices; matrix++) {
        for (let i = 0; i < 4; i++) {
          out[at + 4 * matrix + i] = totals[from + 16 * matrix + 4 * column + i];
        }
      }
      out[at + 4 * matrices] = totals[from + 16 * matrices + column];
    }
  }
  return out;
}

/** Bytes of one group's totals. */
export const totalBytes = (form: SumsForm, nComponents: number): number =>
  16 * sumVectors(form, nComponents);
