import { MixtureError } from '../../index.ts';
import type { Way } from './problem-panel.ts';

const CODES: ReadonlySet<string> = new Set([
  'DEVICE_ERROR',
  'OUT_OF_MEMORY',
  'LIMIT_EXCEEDED',
  'SHADER_COMPILE',
]);

/** Whether another device, or the CPU, may well do what failed here. */
export function isDeviceFault(error: unknown): boolean {
  return error instanceof MixtureError && CODES.has(error.code);
}

/** To the CPU, on a page that can go there and is not there yet. */
export function wayToCpu(error: unknown): Way[] {
  const toSwitch = document.querySelector<HTMLButtonElement>('#switch-side');
  const isThere = toSwitch && !toSwitch.hidden && toSwitch.dataset['to'] === 'cpu';
  if (!isThere || !isDeviceFault(error)) return [];
  return [{ label: 'Compute on the CPU', take: () => toSwitch.click() }];
}
