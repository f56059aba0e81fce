import { Announcer } from '../shared/announcer.ts';
import { ComponentGrid } from './digits-components.ts';
import { CompletionView } from './digits-completion-view.ts';
import { DigitControls } from './digits-controls.ts';
import { bundledDigits, describeData } from './digits-data.ts';
import type { DigitData } from './digits-data.ts';
import { acceptFiles } from '../data/file-drop.ts';
import { readDigits } from './digits-files.ts';
import { readInks } from './digits-ink.ts';
import { drawMosaic } from './digits-mosaic.ts';
import { inDigits } from './digits-words.ts';
import { DigitProgress } from './digits-progress.ts';
import { DigitSession } from './digits-session.ts';
import type { DigitPhase as Phase, DigitStep } from './digits-session.ts';
import { element, setText } from '../shared/elements.ts';
import { openKept } from '../shared/open-context.ts';
import type { OpenedContext } from '../shared/open-context.ts';
import { ProblemPanel } from '../shared/problem-panel.ts';
import { onTheme, wireTheme } from '../shared/theme.ts';
import { Sides } from '../sides.ts';

wireTheme();
const problems = new ProblemPanel(inDigits);

/** The digits are shown before any adapter is found, and stay where none is. */
function start(data: DigitData, opening: Promise<OpenedContext>): void {
  const mosaic = element('mosaic', HTMLCanvasElement);
  const grid = new ComponentGrid();
  let inks = readInks();
  let shown = data;
  let step: DigitStep | undefined;
  const completion = new CompletionView(
    inks,
    (responsibilities) => grid.light(responsibilities),
    (error) => problems.show('The digit could not be completed', error),
  );
  const showGrid = () => grid.show(step?.mixture, shown.rows, shown.columns, inks);
  const showData = (next: DigitData) => {
    shown = next;
    step = undefined;
    showGrid();
    completion.showData(next);
    drawMosaic(mosaic, next, inks);
    setText(element('data-note', HTMLElement), describeData(next));
  };
  showData(data);

  opening.then(run, (error: unknown) => problems.show('The page could not start', error));

  function run(opened: OpenedContext): void {
    const announcer = new Announcer(element('live', HTMLElement));
    const progress = new DigitProgress();
    const kept = new Map<string, DigitData>();
    const use = (next: DigitData) => {
      kept.set(next.name, next);
      controls.chooseData(next.name);
      showData(next);
      session.load(next);
    };
    const controls = new DigitControls({
      onData: (name) => use(kept.get(name) ?? data),
      onSettings: (settings) => session.configure(settings),
      onRun: () => session.play(),
      onPause: () => session.pause(),
      onStep: () => session.stepOnce(),
      onReset: () => session.reset(),
    });
    const view = {
      onStart: () => {
        step = undefined;
        progress.clear(shown.train.nSamples);
        problems.hide();
      },
      onStep: (next: DigitStep) => {
        step = next;
        progress.showStep(next);
        showGrid();
        completion.showMixture(next.mixture);
        announcer.say(progress.summary);
      },
      onPhase: (phase: Phase) => {
        controls.showPhase(phase);
        progress.showPhase(phase);
        announcer.say(progress.summary);
      },
      onError: (error: unknown) => problems.show('The fit stopped', error),
    };
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const session = new DigitSession(opened.context, view, controls.settings, !still);
    const onOpened = ({ adapter }: OpenedContext) => progress.showAdapter(adapter);
    new Sides(opened, { session, problems, announcer, onOpened }).begin();

    let newest: File[] | undefined;
    acceptFiles((files) => {
      newest = files;
      readDigits(files, shown).then(
        (next) => {
          // files dropped while these were read are those that are wanted
          if (files === newest) use(next);
        },
        (error: unknown) => problems.show('The files cannot be used', error),
      );
    });
    onTheme(() => progress.restyle());
    use(data);
  }

  onTheme(() => {
    inks = readInks();
    showGrid();
    completion.restyle(inks);
    drawMosaic(mosaic, shown, inks);
  });
}

try {
  const opening = openKept();
  start(await bundledDigits(), opening);
} catch (error) {
  problems.show('The page could not start', error);
}
