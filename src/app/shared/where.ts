import { element } from './elements.ts';
import { adviceFor } from './gpu-advice.ts';
import type { OpenedContext } from './open-context.ts';
import type { ProblemPanel } from './problem-panel.ts';

const KIND_LABEL = { hardware: 'Hardware adapter', software: 'Software adapter', cpu: 'CPU' };

/** Says where the page computes, why there, and what this visitor can do about it. */
export function showContext({ kind, reason, code }: OpenedContext): void {
  const panel = element('where', HTMLElement);
  panel.dataset['kind'] = kind;
  panel.dataset['code'] = code;
  element('where-kind', HTMLElement).textContent = KIND_LABEL[kind];
  element('where-reason', HTMLElement).textContent = reason;
  panel.querySelector('details')?.remove();
  const advice = adviceFor(code, { origin: location.origin, userAgent: navigator.userAgent });
  if (!advice) return;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Why, and what to do';
  const title = document.createElement('p');
  title.textContent = advice.title;
  const steps = document.createElement('ul');
  for (const step of advice.steps) {
    const item = document.createElement('li');
    item.textContent = step;
    steps.append(item);
  }
  details.append(summary, title, steps);
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
