import { MixtureError } from '../errors.ts';
import type { Steps } from './pause.ts';

/** Which entries are observed, N x D, row-major: 1 or true = observed, 0 or false = missing. */
export type Mask = Uint8Array | readonly (number | boolean)[];

/**
 * A mask as bytes of 0 and 1.
 * @param length how many entries there are
 * @throws MixtureError INVALID_SAMPLES for another length or other values
 */
export function* readMask(mask: Mask | undefined, length: number): Steps<Uint8Array | undefined> {
  if (mask === undefined || mask === null) return undefined;
  const wrong = (message: string, details: Record<string, unknown>): MixtureError =>
    new MixtureError(
      'INVALID_SAMPLES',
      message,
      'Give one 0 (missing) or 1 (observed) for each number, row by row.',
      details,
    );
  if (!(Array.isArray(mask) || ArrayBuffer.isView(mask))) {
    throw wrong('The mask is no array.', {});
  }
  if (mask.length !== length) {
    throw wrong(`The mask holds ${mask.length} entries for ${length} numbers.`, {
      length: mask.length,
    });
  }
  const bytes = mask instanceof Uint8Array ? mask : new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    if (i % 4096 === 4095) yield;
    const entry: unknown = mask[i];
    if (entry !== 0 && entry !== 1 && typeof entry !== 'boolean') {
      throw wrong(`The mask holds ${String(entry)} at position ${i}.`, { index: i });
    }
    if (bytes !== mask) bytes[i] = Number(entry);
  }
  return bytes;
}
