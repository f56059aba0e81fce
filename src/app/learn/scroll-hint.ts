import { setText } from '../shared/elements.ts';
import { make } from './dom.ts';
import type { Walk } from './walk.ts';

/** Below every box that scrolls: a line that says on which sides there is more, as most systems hide the scroll bar. */
export function hintAtScrolling(walk: Walk): void {
  for (const box of document.querySelectorAll<HTMLElement>('main .scroll')) {
    const hint = make('p', { class: 'note scroll-hint', hidden: true });
    box.after(hint);
    const show = () => {
      const wide = box.scrollWidth - box.clientWidth > 1;
      const high = box.scrollHeight - box.clientHeight > 1;
      const sides = [
        ...(wide && box.scrollLeft > 1 ? ['← to the left'] : []),
        ...(wide && box.scrollLeft < box.scrollWidth - box.clientWidth - 1
          ? ['→ to the right']
          : []),
        ...(high && box.scrollTop > 1 ? ['↑ above'] : []),
        ...(high && box.scrollTop < box.scrollHeight - box.clientHeight - 1 ? ['↓ below'] : []),
      ];
      hint.hidden = sides.length === 0;
      setText(hint, `More ${sides.join(', ')}`);
    };
    box.addEventListener('scroll', show, { passive: true });
    // the box, for the window; what it holds, for the numbers
    const sizes = new ResizeObserver(show);
    for (const sized of [box, ...box.children]) sizes.observe(sized);
    walk.subscribe(show);
  }
}
