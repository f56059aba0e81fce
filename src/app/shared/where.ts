import { MixtureError } from '../../index.ts';
import { element } from './elements.ts';
import { adviceFor } from './gpu-advice.ts';
import type { Advice } from './gpu-advice.ts';
import type { OpenedContext } from './open-context.ts';
import type { ProblemPanel } from './problem-panel.ts';
import { whereLine } from './where-line.ts';

const KIND_LABEL = { hardware: 'Hardware adapter', software: 'Software adapter', cpu: 'CPU' };

/**
 * Says where the page computes, why there, and what this visitor can do about it.
 * @param atSmaller see `whereLine`
 */
export function showContext(opened: OpenedContext, atSmaller?: string): void {
  const { kind, code, by, found, reason } = opened;
  const { origin } = location;
  const { userAgent, maxTouchPoints } = navigator;
  const advice = adviceFor(code, { origin, userAgent, maxTouchPoints }, found);
  const panel = element('where', HTMLElement);
  panel.dataset['kind'] = kind;
  panel.dataset['code'] = code;
  const isWrong = advice?.isWrong === true || (by === 'loss' && kind === 'cpu');
  panel.dataset['tone'] = isWrong ? 'warning' : 'calm';
  element('where-kind', HTMLElement).textContent = KIND_LABEL[kind];
  element('where-reason', HTMLElement).textContent = whereLine(opened, advice, atSmaller);
  panel.querySelector('details')?.remove();
  if (advice) panel.append(folded(advice, advice.isWrong === true ? reason : undefined));
}

/** Milliseconds that an event stays to be read. */
const READ_FOR = 60_000;
let fading: ReturnType<typeof setTimeout> | undefined;

/** Says for a while, where the page says where it computes, what has happened there. */
export function showWhereEvent(sentence: string): void {
  clearTimeout(fading);
  const panel = element('where', HTMLElement);
  const line = panel.querySelector('.event') ?? document.createElement('p');
  line.className = 'event';
  line.textContent = sentence;
  panel.prepend(line);
  fading = setTimeout(() => line.remove(), READ_FOR);
}

/** @param reason what the browser said of it */
function folded({ steps, command }: Advice, reason: string | undefined): HTMLElement {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Why, and what to do';
  details.append(summary);
  if (reason !== undefined) details.append(textIn('p', reason));
  const list = document.createElement('ul');
  list.append(...steps.map((step) => textIn('li', step)));
  details.append(list);
  if (command !== undefined) details.append(textIn('code', command));
  return details;
}

function textIn(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
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
    problems.show(
      'The graphics device reported an error',
      new MixtureError('DEVICE_ERROR', error.message, 'The fit may go on, or go wrong.'),
    ),
  );
  void device.lost.then(({ message }) => onLost(message));
}
