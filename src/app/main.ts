import { Announcer } from './shared/announcer.ts';
import { ComparisonView } from './results/comparison-view.ts';
import { Controls } from './fit/controls.ts';
import { Broadcast } from './fit/session-view.ts';
import { CpuScatter } from './plot/cpu-scatter.ts';
import { DataPanel } from './data/data-panel.ts';
import { download, labelsCsv, modelJson } from './results/downloads.ts';
import { element } from './shared/elements.ts';
import { FitSession } from './fit/fit-session.ts';
import { FitView } from './fit/fit-view.ts';
import { GpuScatter } from './plot/gpu-scatter.ts';
import { Picture } from './plot/picture.ts';
import { axesProjection } from './plot/projection.ts';
import { ViewStore } from './plot/view-state.ts';
import { openContext } from './shared/open-context.ts';
import type { OpenedContext } from './shared/open-context.ts';
import { ProblemPanel } from './shared/problem-panel.ts';
import { Progress } from './fit/progress.ts';
import { isDark, onTheme, wireTheme } from './shared/theme.ts';
import { showContext, watchDevice } from './shared/where.ts';

wireTheme();
const problems = new ProblemPanel();

function start(opened: OpenedContext): void {
  const { context, kind } = opened;
  watchDevice(context.device, problems, (message) =>
    problems.show('The graphics device was lost: reload the page to go on', message),
  );
  const canvas = element('points', HTMLCanvasElement);
  const scatter = context.device
    ? new GpuScatter(canvas, context)
    : new CpuScatter(canvas, context);
  const controls = new Controls({
    onSettings: (settings) => session.configure(settings),
    onRun: () => session.play(),
    onPause: () => session.pause(),
    onStep: () => session.stepOnce(),
    onReset: () => session.reset(),
  });
  const comparison = new ComparisonView({
    onCompare: (asked) => session.compare(asked),
    onCancel: () => session.cancelComparison(),
    onPick: (trial) => session.choose(trial),
  });
  const view = new ViewStore({
    projection: axesProjection(['x', 'y'], 0, 1),
    window: { x: { low: 0, high: 1 }, y: { low: 0, high: 1 } },
    colouring: { by: 'component' },
    palette: 'petroff',
    density: false,
    highlighted: undefined,
    selected: undefined,
    dark: isDark(),
  });
  onTheme((dark) => view.set({ dark }));
  const announcer = new Announcer(element('live', HTMLElement));
  const listeners = new Broadcast();
  listeners.add(
    new Picture(scatter, view),
    new FitView({
      view,
      controls,
      comparison,
      progress: new Progress(opened.adapter),
      problems,
      announcer,
    }),
  );
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const session = new FitSession(context, listeners, controls.settings, !still);

  const panel = new DataPanel({
    kind,
    onData(data, again) {
      if (!again) controls.suggest(data);
      session.load(data, controls.settings);
    },
    onError: (title, error) => problems.show(title, error),
    onProgressText: (text) => announcer.say(text),
  });
  wireDownloads(session);
  panel.open('faithful');
}

function wireDownloads(session: FitSession): void {
  element('download-labels', HTMLButtonElement).addEventListener('click', () => {
    const name = session.data?.name;
    session.labels().then(
      (labels) => {
        if (labels) download(`${name}-labels.csv`, 'text/csv', labelsCsv(labels));
      },
      (error: unknown) => problems.show('The labels could not be made', error),
    );
  });
  element('download-model', HTMLButtonElement).addEventListener('click', () => {
    if (!session.mixture) return;
    download(`${session.data?.name}-model.json`, 'application/json', modelJson(session.mixture));
  });
}

try {
  const opened = await openContext();
  showContext(opened);
  start(opened);
} catch (error) {
  problems.show('The page could not start', error);
}
