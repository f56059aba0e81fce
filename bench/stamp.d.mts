import type { Stamp } from './result.ts';
import type { AdapterFound } from './sides.ts';

/**
 * Where, when and with what it is measured.
 *
 * @param version the browser's
 * @param packedFrom the commit that a kit was packed from; by default the checkout's
 */
export function stampOf(version: string, adapter: AdapterFound, packedFrom?: string): Stamp;

/** Of this checkout, or what WEBGPU_EM_COMMIT says. */
export function commit(): string;
