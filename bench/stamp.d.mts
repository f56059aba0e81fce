import type { Stamp } from './result.ts';
import type { AdapterFound } from './sides.ts';

/** Where, when and with what it is measured. @param version the browser's */
export function stampOf(version: string, adapter: AdapterFound): Stamp;
