import { element } from './elements.ts';
import type { OpenedContext } from './open-context.ts';
import type { ProblemPanel } from './problem-panel.ts';

const KIND_LABEL = { hardware: 'Hardware adapter', software: 'Software adapter', cpu: 'CPU' };

/** Says where the page computes, and why there. */
export function showContext({ kind, reason }: OpenedContext): void {
  element('where', HTMLElement).dataset['kind'] = kind;
  element('where-kind', HTMLElement).textContent = KIND_LABEL[kind];
  element('where-reason', HTMLElement).textContent = reason;
}

/** What goes wrong on the device outside any call of the library's is shown too. */
export function watchDevice(device: GPUDevice | undefined, problems: ProblemPanel): void {
  if (!device) return;
  device.addEventListener('uncapturederror', ({ error }) =>
    problems.show('The graphics device reported an error', error.message),
  );
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') {
      problems.show('The graphics device was lost: reload the page to go on', message);
    }
  });
}
