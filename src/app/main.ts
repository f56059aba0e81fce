import { readFile, builtIns } from './data/data-sources.ts';
import { acceptFiles } from './data/file-drop.ts';
import type { SourceData } from './data/source-data.ts';
import { ViewTools } from './colour/view-tools.ts';
import { Controls } from './fit/controls.ts';
import { FitSession } from './fit/fit-session.ts';
import { FitView } from './fit/fit-view.ts';
import { Progress } from './fit/progress.ts';
import { SPEED } from './fit/transport.ts';
import { Broadcast } from './fit/session-view.ts';
import type { PlotRequests } from './plot/plot-input.ts';
import { axesProjection } from './plot/projection.ts';
import { ViewStore } from './plot/view-state.ts';
import { ComparisonView } from './results/comparison-view.ts';
import { ComponentCards } from './results/component-cards.ts';
import { PageLink } from './results/page-link.ts';
import { SampleInspector } from './results/sample-inspector.ts';
import { TakeAway } from './results/take-away.ts';
import { Announcer } from './shared/announcer.ts';
import { element } from './shared/elements.ts';
import { openContext } from './shared/open-context.ts';
import type { OpenedContext } from './shared/open-context.ts';
import { ProblemPanel } from './shared/problem-panel.ts';
import { isDark, onTheme, wireTheme } from './shared/theme.ts';
import { Sides } from './sides.ts';
import { setStage } from './stage.ts';

/** The data set that the page begins with. */
const FIRST = 'faithful';
const N_SYNTHETIC = { hardware: 1_000_000, software: 100_000, cpu: 100_000 };

wireTheme();
const problems = new ProblemPanel();
const announcer = new Announcer(element('live', HTMLElement));

async function start(opened: OpenedContext): Promise<void> {
  const sources = builtIns(N_SYNTHETIC[opened.kind]);
  const kept = new Map<string, SourceData>();
  const use = (id: string, data: SourceData) => {
    kept.set(id, data);
    controls.chooseData(id, data.name);
    controls.suggest(data);
    controls.showSettings(link.settingsFor(data));
    session.load(data, controls.settings);
  };
  const controls = new Controls({
    onData: (id) => use(id, kept.get(id) ?? sources.find((source) => source.id === id)!.read()),
    onSettings: (settings) => session.configure(settings),
    onComponents: (by) => session.addComponents(by),
    onRun: () => session.play(),
    onPause: () => session.pause(),
    onStepBack: () => session.stepBack(),
    onStep: () => session.stepOnce(),
    onSeek: (index) => session.seek(index),
    onSpeed: (perSecond) => {
      session.setSpeed(perSecond);
      link.changed();
    },
    onRestart: (restart) => session.showRestart(restart),
    onReset: () => session.reset(),
  });
  const comparison = new ComparisonView({
    onCompare: (asked) => session.compare(asked),
    onCancel: () => session.cancelComparison(),
    onPick: (trial) => session.choose(trial),
    onError: (error) => problems.show('The chart could not be drawn', error),
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
  const requests: PlotRequests = {
    onEditStart: () => session.beginEdit(),
    onEdit: (edit) => session.edit(edit),
    onEditEnd: () => session.endEdit(),
    onPlaceStarts: (means) => session.placeStarts(means),
    say: (sentence) => announcer.say(sentence),
    onError: (error) => problems.show('The picture could not be made', error),
  };
  const stage = (context: OpenedContext['context']) => setStage(context, view, requests);
  const progress = new Progress();
  const listeners = new Broadcast();
  const picture = await stage(opened.context);
  listeners.add(
    picture,
    new ViewTools(element('view-tools', HTMLElement), view),
    new FitView({
      view,
      controls,
      comparison,
      progress,
      problems,
      announcer,
      onSeek: (restart, iteration) => session.seekIteration(restart, iteration),
    }),
  );
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const session = new FitSession(
    opened.context,
    listeners,
    controls.settings,
    !still,
    controls.speed,
  );
  const sides = new Sides(opened, picture, {
    session,
    listeners,
    problems,
    stage,
    onOpened: ({ adapter }) => progress.showAdapter(adapter),
    say: (sentence) => announcer.say(sentence),
  });
  sides.begin();

  let newestFile: File | undefined;
  acceptFiles(([file]) => {
    newestFile = file;
    readFile(file).then(
      (data) => {
        // a file dropped while this one was read is the one that is wanted
        if (file === newestFile) use(`file ${file.name}`, data);
      },
      (error: unknown) => problems.show(`${file.name} cannot be read`, error),
    );
  });
  listeners.add(
    new ComponentCards(element('component-cards', HTMLElement), view),
    new SampleInspector(element('sample-card', HTMLElement), view, problems),
    new TakeAway(element('take-away', HTMLElement), {
      source: session,
      problems,
      announcer,
      link: () => link.link,
    }),
  );
  const link = new PageLink({
    view,
    problems,
    first: FIRST,
    usualSpeed: SPEED,
    session,
    speed: () => controls.speed,
    look: (plane) => sides.picture.look(plane),
    open: ({ data = FIRST, speed }) => {
      if (speed !== undefined) controls.showSpeed(speed);
      session.setSpeed(controls.speed);
      const source =
        sources.find(({ id }) => id === data) ?? sources.find(({ id }) => id === FIRST)!;
      use(source.id, source.read());
    },
  });
  listeners.add(link);
  controls.listData(sources);
  link.begin();
}

openContext()
  .then(start)
  .catch((error: unknown) => problems.show('The page could not start', error));
