import type { ContextCode } from '../../index.ts';
import { element } from './elements.ts';
import { adviceFor } from './gpu-advice.ts';
import type { OpenedContext } from './open-context.ts';
import type { ProblemPanel } from './problem-panel.ts';

const KIND_LABEL = { hardware: 'Hardware adapter', software: 'Software adapter', cpu: 'CPU' };

/** The library's sentences on these name every browser's remedies: the page has the visitor's own. */
const OF_THE_VISITOR: ReadonlySet<ContextCode> = new Set([
  'INSECURE_CONTEXT',
  'WEBGPU_UNAVAILABLE',
  'NO_ADAPTER',
]);

/** Says where the page computes, why there, and what this visitor can do about it. */
export function showContext({ kind, reason, code }: OpenedContext): void {
  const panel = element('where', HTMLElement);
  panel.dataset['kind'] = kind;
  panel.dataset['code'] = code;
  element('where-kind', HTMLElement).textContent = KIND_LABEL[kind];
  panel.querySelector('details')?.remove();
  const advice = adviceFor(code, { origin: location.origin, userAgent: navigator.userAgent });
  const isVisitors = advice !== undefined && OF_THE_VISITOR.has(code);
  element('where-reason', HTMLElement).textContent = isVisitors
    ? `${advice.title} The page computes on the CPU, in float64.`
    : reason;
  if (!advice) return;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Why, and what to do';
  const steps = document.createElement('ul');
  for (const step of advice.steps) {
    const item = document.createElement('li');
    item.textContent = step;
    steps.append(item);
  }
  details.append(summary);
  if (!isVisitors) {
    const title = document.createElement('p');
    title.textContent = advice.title;
    details.append(title);
  }
  details.append(steps);
  if (advice.command !== undefined) {
    const command = document.createElement('code');
    command.textContent = advice.command;
    details.append(command);
  }
  panel.append(details);
}

/**
 * What goes wrong on the device outside any call of the library's is shown.
 * @param onLost told why the device is gone, where nobody here destroyed it
 */
export function watchDevice(
  device: GPUDevice | undefined,
  problems: ProblemPanel,
  onLost: (message: string) => void,
): void {
  if (!device) return;
  device.addEventListener('uncapturederror', ({ error }) =>
    problems.show('The graphics device reported an error', error.message),
  );
  void device.lost.then(({ message }) => onLost(message));
}
