import { createContext, GaussianMixture } from '../../src/index.ts';
import type { Context } from '../../src/index.ts';
import type { SourceData } from '../../src/app/data/source-data.ts';
import { clumps } from '../../src/app/data/synthetic.ts';
import { FitSession } from '../../src/app/fit/fit-session.ts';
import type { Frame } from '../../src/app/fit/frame.ts';
import type { Phase } from '../../src/app/fit/phases.ts';
import { Broadcast } from '../../src/app/fit/session-view.ts';
import { DEFAULTS } from '../../src/app/fit/settings.ts';
import type { FitSettings } from '../../src/app/fit/settings.ts';

export const SETTINGS: FitSettings = {
  ...DEFAULTS,
  nComponents: 3,
  covarianceType: 'full',
  initParams: 'random_from_data',
  seed: 1,
};
export const N = 600;

export function source(samples: SourceData['samples'] = clumps(N, 1)): SourceData {
  return {
    name: 'clumps',
    samples,
    featureNames: ['x', 'y'],
    columns: [],
    nMissing: 0,
    standardised: undefined,
    origin: { kind: 'built-in', id: 'synthetic' },
    note: '',
    nComponents: 3,
    initParams: 'k-means++',
  };
}

const contexts: Context[] = [];

export async function cpu(): Promise<Context> {
  const context = await createContext({ backend: 'cpu' });
  contexts.push(context);
  return context;
}

/** After each test. */
export function disposeContexts(): void {
  for (const context of contexts.splice(0)) context.dispose();
}

/** A session that runs a thousand iterations a second, with all it told. */
export async function openSession({
  playing = true,
  settings = {},
  data = source(),
  isLoaded = true,
} = {}) {
  const shown: Frame[] = [];
  const phases: Phase[] = [];
  const errors: unknown[] = [];
  const refused: unknown[] = [];
  const loads: boolean[] = [];
  let woken = () => {};
  const view = new Broadcast();
  view.add({
    onFrame: (frame) => void shown.push(frame),
    onPosition: () => woken(),
    onPhase: (phase) => {
      phases.push(phase);
      woken();
    },
    onDiagnosis: () => woken(),
    onError: (error) => void errors.push(error),
    onRefused: (error) => void refused.push(error),
    onData: (_dataset, _data, again) => void loads.push(again),
  });
  const context = await cpu();
  const session = new FitSession(context, view, { ...SETTINGS, ...settings }, playing, 1000);
  if (isLoaded) session.load(data, { ...SETTINGS, ...settings });
  /** Waits until this holds; looks whenever the session tells something. */
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        woken = resolve;
      });
    }
  };
  return {
    session,
    view,
    context,
    shown,
    phases,
    errors,
    refused,
    loads,
    until,
    iteration: () => session.position.frame?.iteration,
    phase: (phase: Phase) => until(() => session.phase === phase),
  };
}

/** The same fit by the library alone. */
export const reference = async (options = {}) =>
  GaussianMixture.fit(clumps(N, 1), { ...SETTINGS, ...options, context: await cpu() });
