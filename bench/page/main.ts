import { Announcer } from '../../src/app/shared/announcer.ts';
import { element } from '../../src/app/shared/elements.ts';
import { openContext } from '../../src/app/shared/open-context.ts';
import { ProblemPanel } from '../../src/app/shared/problem-panel.ts';
import { onTheme, wireTheme } from '../../src/app/shared/theme.ts';
import { showContext } from '../../src/app/shared/where.ts';
import { toMarkdown } from '../report.ts';
import type { Stamp } from '../result.ts';
import { describeRoofline } from '../session.ts';
import { describeShape } from '../shapes.ts';
import { openSide, threadsOf, type SideName } from '../sides.ts';
import { Charts } from './charts.ts';
import { Collected } from './collected.ts';
import { headline } from './headline.ts';
import type { Answer } from './messages.ts';
import { DEFAULTS, SettingsForm, type Settings } from './settings.ts';
import { TimesTable } from './times-table.ts';
import { WorkerRun } from './worker-run.ts';

const problems = new ProblemPanel();

async function start(): Promise<void> {
  const opened = await openContext({ software: true });
  showContext(opened);
  const { kind } = opened;
  const { adapter = 'no adapter', software } = opened.context.info;
  opened.context.dispose();
  const names: Record<SideName, string> = {
    cpu: 'CPU, plain',
    threads: 'CPU threads',
    webgpu: kind === 'hardware' ? 'GPU' : 'WebGPU in software',
  };

  const charts = new Charts();
  const table = new TimesTable(element('times', HTMLTableElement));
  const announcer = new Announcer(element('live', HTMLElement));
  const progress = element('progress', HTMLProgressElement);
  const say = (id: string, text: string): void => {
    element(id, HTMLElement).textContent = text;
  };
  const show = (id: string, shown: boolean): void => {
    element(id, HTMLElement).hidden = !shown;
  };
  let run: WorkerRun | undefined;
  let collected = new Collected({ name: adapter, software: kind !== 'hardware' });

  const form = new SettingsForm(begin, () => {
    run?.stop();
    end(`Stopped after ${count(collected.rows.length, 'shape')}.`);
  });
  if (kind === 'hardware') form.choose(DEFAULTS.hardware);
  if (kind === 'cpu') form.withdraw('webgpu', 'This browser gave no adapter.');
  element('webgpu-name', HTMLElement).textContent = names.webgpu;
  try {
    const context = await openSide('threads');
    names.threads = `CPU, ${threadsOf(context)} threads`;
    context.dispose();
  } catch (error) {
    form.withdraw('threads', error instanceof Error ? error.message : String(error));
  }

  function begin({ shapes, sides, repetitions }: Settings): void {
    problems.hide();
    collected = new Collected({ name: adapter, software: software || kind === 'cpu' });
    table.clear(sides, names);
    charts.clear(shapes, sides, names);
    form.running(true);
    show('copying', false);
    show('table-part', false);
    show('progress', true);
    progress.value = 0;
    say('copied', '');
    say('adapter-peaks', '');
    say('stamp', stampLine(collected.result.stamp));
    say('headline', `Measuring ${count(shapes.length, 'shape')}`);
    say('status', kind === 'hardware' ? 'Measuring what the adapter can do.' : 'Starting.');
    const began = performance.now();
    const onAnswer = (answer: Answer): void => {
      switch (answer.kind) {
        case 'roofline':
          collected.roofline = answer.roofline;
          say('adapter-peaks', `Measured at most: ${describeRoofline(answer.roofline)}.`);
          break;
        case 'begin': {
          progress.value = answer.index / shapes.length;
          const status = `${answer.index + 1} of ${shapes.length}: ${describeShape(shapes[answer.index])}`;
          say('status', status);
          announcer.say(status);
          break;
        }
        case 'row':
          table.add(collected.add(answer.measured));
          show('table-part', true);
          charts.show(collected.rows);
          break;
        case 'failed':
          collected.failures.push({ shape: answer.shape, message: answer.message });
          table.fail(answer.shape, answer.message);
          show('table-part', true);
          break;
        case 'end':
          break;
      }
    };
    // the peaks of a software adapter are the processor's, and take longer than the default grid
    const order = { shapes, sides, repetitions, peaks: kind === 'hardware' };
    run = new WorkerRun(order, onAnswer, (error) => {
      if (error) problems.show('The benchmark ended early', error);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      end(`${count(collected.rows.length, 'shape')} measured in ${seconds} s.`);
      if (!error) say('headline', headline(kind, collected.rows));
    });
  }

  function end(status: string): void {
    run = undefined;
    form.running(false);
    show('progress', false);
    show('copying', collected.rows.length > 0);
    say('headline', collected.rows.length > 0 ? 'Ended early' : 'Nothing measured');
    say('status', status);
    announcer.say(status);
  }

  const copy = (button: string, name: string, text: () => string): void => {
    element(button, HTMLButtonElement).addEventListener('click', () => {
      navigator.clipboard.writeText(text()).then(
        () => say('copied', `Copied as ${name}.`),
        (error: unknown) => problems.show('The browser does not let this page copy', error),
      );
    });
  };
  copy('copy-markdown', 'Markdown', () => toMarkdown(collected.result));
  copy('copy-json', 'JSON', () => `${JSON.stringify(collected.result, null, 2)}\n`);
  onTheme(() => charts.restyle());
}

function stampLine({ adapter, browser, cores, date }: Stamp): string {
  const kind = adapter.software ? 'software' : 'hardware';
  return `${adapter.name}, ${kind}; ${browser}; ${cores} cores; ${date.slice(0, 16).replace('T', ' ')} UTC`;
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

wireTheme();
start().catch((error: unknown) => problems.show('The page could not start', error));
