import type { Advice } from './gpu-advice.ts';
import type { OpenedContext } from './open-context.ts';

type Opened = Pick<OpenedContext, 'kind' | 'code' | 'by' | 'found' | 'reason'>;

/**
 * Where the page computes, and who decided that: one sentence.
 * @param atSmaller what the page shows less of on the CPU: a sentence's end, such as "the example has 100 samples"
 */
export function whereLine(
  { kind, code, by, found, reason }: Opened,
  advice: Advice | undefined,
  atSmaller?: string,
): string {
  if (kind === 'hardware') {
    return found === undefined ? 'Computed on WebGPU by a hardware adapter.' : reason;
  }
  if (kind === 'software') {
    const chosen = by === 'visitor' ? ', as you chose' : '';
    const adapter = found === undefined ? 'a software adapter' : `a software adapter, ${found}`;
    return `Computed on WebGPU by ${adapter}${chosen}: same numbers, but slow.`;
  }
  const less = atSmaller === undefined ? '' : `; ${atSmaller}`;
  if (by === 'loss') {
    return code === 'CPU_REQUESTED'
      ? 'The graphics device was lost: computed on the CPU from here on.'
      : 'The graphics device was lost, and no new one is to be had: computed on the CPU.';
  }
  if (advice) return `${advice.cause}: computed on the CPU${less}.`;
  return by === 'visitor' ? `Computed on the CPU in float64, as you chose${less}.` : reason;
}
