import { createContext } from '../../index.ts';
import { Announcer } from '../shared/announcer.ts';
import { element } from '../shared/elements.ts';
import { ProblemPanel } from '../shared/problem-panel.ts';
import { isDark, onTheme, wireTheme } from '../shared/theme.ts';
import { formatAddress, parseAddress } from './address.ts';
import { BoundBars } from './bound-bars.ts';
import { BoundCurve } from './bound-curve.ts';
import { BoundNumbers } from './bound-numbers.ts';
import { Controls } from './controls.ts';
import { Formula } from './formula.ts';
import { Picture } from './picture.ts';
import { failureInWords, summary } from './sentence.ts';
import { StartForm } from './start-form.ts';
import { Tables } from './tables.ts';
import { Walk } from './walk.ts';

/** Milliseconds between two sentences: every half step is told of at the pace "calm", 1800. */
const PAUSE = 1500;

const problems = new ProblemPanel();
/** What listens to the walk by itself. */
const parts: unknown[] = [];

async function start(): Promise<void> {
  // Five samples, or 272: less work than finding an adapter.
  const context = await createContext({ backend: 'cpu', threads: 0 });
  const walk = new Walk(context, (error) => problems.show('The run has no start', error));
  const announcer = new Announcer(element('live', HTMLElement), PAUSE);
  const picture = new Picture(walk, isDark);
  const tables = new Tables(walk, isDark);
  for (const Part of [BoundBars, BoundCurve, BoundNumbers, Formula, Controls, StartForm]) {
    parts.push(new Part(walk));
  }

  walk.subscribe((state, before) => {
    if (state.run === before?.run && state.index === before.index) return;
    problems.hide();
    const { lesson, start, assignment, index, run } = state;
    const address = formatAddress({ lessonId: lesson.id, start, assignment }, index);
    if (location.hash !== `#${address}`) history.replaceState(null, '', `#${address}`);
    if (before) announcer.say(summary(state));
    if (run.failure && index === run.steps.length - 1) {
      problems.show('The next M-step has no result', run.failure, failureInWords(run));
    }
  });
  const open = () => {
    const { choice, index } = parseAddress(location.hash);
    return walk.open(choice, index);
  };
  window.addEventListener('hashchange', () => void open());
  const redraw = () => {
    picture.redraw();
    tables.draw();
  };
  onTheme(redraw);
  await open();
}

wireTheme();
start().catch((error: unknown) => problems.show('The page could not start', error));
