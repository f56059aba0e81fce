import { DataPanel } from './data/data-panel.ts';
import { builtIn } from './data/data-sources.ts';
import { ViewTools } from './colour/view-tools.ts';
import { explaining } from './explaining.ts';
import { Controls } from './fit/controls.ts';
import { FitSession } from './fit/fit-session.ts';
import { FitView } from './fit/fit-view.ts';
import { Progress } from './fit/progress.ts';
import { usualSpeed } from './fit/transport.ts';
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
import { openKept } from './shared/open-context.ts';
import type { OpenedContext } from './shared/open-context.ts';
import { ProblemPanel } from './shared/problem-panel.ts';
import type { Explanation } from './shared/problem-panel.ts';
import { isDark, onTheme, wireTheme } from './shared/theme.ts';
import { Sides } from './sides.ts';
import { setStage } from './stage.ts';

wireTheme();
let explain: (error: unknown) => Explanation | undefined = () => undefined;
const problems = new ProblemPanel((error) => explain(error));
const inWords = (error: Error) => explain(error)?.message ?? error.message;
const announcer = new Announcer(element('live', HTMLElement));

async function start(opened: OpenedContext): Promise<void> {
  const controls = new Controls({
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
    inWords,
  });
  const view = new ViewStore({
    projection: axesProjection(['x', 'y'], 0, 1),
    window: { x: { low: 0, high: 1 }, y: { low: 0, high: 1 } },
    colouring: { by: 'component' },
    palette: 'petroff',
    density: false,
    highlighted: undefined,
    pinned: undefined,
    order: 'number',
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
  const progress = new Progress(inWords);
  const listeners = new Broadcast();
  let picture = await setStage(opened.context, view, requests);
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
  const sides = new Sides(opened, {
    session,
    problems,
    announcer,
    async prepare(context) {
      const former = picture;
      picture = await setStage(context, view, requests, former);
      listeners.replace(former, picture);
    },
    onOpened: ({ adapter }) => progress.showAdapter(adapter),
    atSmaller: 'the example has 100,000 samples, not a million',
  });
  sides.begin();

  /** The data set that the page begins with. */
  const first = builtIn('synthetic', opened.kind)!.id;
  let unread: { title: string; error: unknown } | undefined;
  const panel = new DataPanel({
    kind: opened.kind,
    onData(data, again) {
      if (again) {
        link.keepView(data);
      } else {
        controls.suggest(data);
        session.setSpeed(controls.speed);
        progress.showLoading(data);
        controls.showSettings(link.settingsFor(data));
      }
      link.load(data, controls.settings);
    },
    onError(title, error) {
      problems.show(title, error);
      // (once: where the beginning cannot be had either, trying again would never end)
      if (session.data || unread) return;
      // a link's data cannot be had, and there is nothing to stay at: the message stands beside the usual beginning
      unread = { title, error };
      panel.open(first);
    },
    onProgressText: (text) => announcer.say(text),
    onReading: (title) => progress.showReading(title),
  });
  explain = explaining(session, panel);
  listeners.add(
    new ComponentCards(element('component-cards', HTMLElement), view, (error) =>
      problems.show('The correlations could not be shown', error),
    ),
    new SampleInspector(element('sample-card', HTMLElement), view, problems),
    new TakeAway(element('take-away', HTMLElement), {
      source: session,
      problems,
      announcer,
      link: () => ({ address: link.link, lacks: link.lacks }),
    }),
  );
  const link = new PageLink({
    view,
    problems,
    first,
    usualSpeed,
    session,
    comparison,
    speed: () => controls.speed,
    choice: () => panel.choice,
    look: (plane) => picture.look(plane),
    open({ data = first, speed, columns, standardise, missing }) {
      if (speed !== undefined) controls.showSpeed(speed);
      session.setSpeed(controls.speed);
      const wanted = {
        ...(columns && { columns }),
        ...(standardise !== undefined && { standardise }),
        ...(missing && { missing }),
      };
      if (data !== 'file') return panel.open(data, wanted);
      panel.expectFile(wanted);
      if (!session.data) panel.open(first);
    },
  });
  listeners.add(link, {
    onFrame() {
      if (unread) problems.show(unread.title, unread.error);
      unread = undefined;
    },
  });
  element('comparison', HTMLFormElement).addEventListener('change', () => link.changed());
  link.begin();
}

openKept()
  .then(start)
  .catch((error: unknown) => problems.show('The page could not start', error));
