import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HalfStep } from '../src/app/learn/half-step.ts';
import { lesson, LESSON_IDS } from '../src/app/learn/lesson.ts';
import { runLesson } from '../src/app/learn/run.ts';
import type { Run } from '../src/app/learn/run.ts';
import { tell } from '../src/app/learn/sentence.ts';
import { createContext, GaussianMixture } from '../src/index.ts';
import type { Context } from '../src/index.ts';
import { loadWorkedExample } from './support/fixtures.ts';

interface Trace {
  trace: {
    t: number;
    loglik: number;
    weights: number[];
    means: number[];
    variances: number[];
    responsibilities_of_component_1: number[];
  }[];
}

let context: Context;
beforeAll(async () => {
  context = await createContext({ backend: 'cpu', threads: 0 });
});
afterAll(() => context.dispose());

/** Relative to 1 or the number's own size. */
function near(actual: number, expected: number, what: string, tolerance = 1e-12): void {
  const limit = tolerance * Math.max(1, Math.abs(expected));
  expect(Math.abs(actual - expected), `${what}: ${actual}, not ${expected}`).toBeLessThanOrEqual(
    limit,
  );
}

const begin = (id: (typeof LESSON_IDS)[number], start = 0, assignment: 'soft' | 'hard' = 'soft') =>
  runLesson(lesson(id), lesson(id).starts[start], assignment, context);

/** What holds for every run of EM, whatever the data. */
function checkBound({ steps }: Run): void {
  for (const { index, logLikelihood, lowerBound, divergence } of steps) {
    near(lowerBound + divergence, logLikelihood, `L + KL at ${index}`);
    expect(divergence, `KL at ${index}`).toBeGreaterThanOrEqual(-1e-12 * Math.abs(logLikelihood));
    const before = steps[Math.max(0, index - 1)].lowerBound;
    const slack = 1e-12 * Math.abs(logLikelihood);
    expect(lowerBound, `L at ${index}`).toBeGreaterThanOrEqual(before - slack);
  }
  for (const step of steps.filter(({ kind }) => kind === 'e')) {
    near(step.lowerBound, step.logLikelihood, `L touches l at ${step.index}`);
    expect(step.logLikelihood).toBe(steps[step.index - 1].logLikelihood);
  }
  for (const step of steps.filter(({ kind }) => kind === 'm')) {
    const before = steps[step.index - 1];
    expect(step.responsibilities, `q at ${step.index}`).toBe(before.responsibilities);
  }
}

/** The M-steps whose means moved, relative to their size, by more than rounding. */
function moved({ steps }: Run): HalfStep[] {
  return steps.filter(
    ({ kind, index, means }) =>
      kind === 'm' && means.some((mean, i) => Math.abs(mean - steps[index - 1].means[i]) > 1e-6),
  );
}

describe('the half steps of the worked example', () => {
  test('are those of the 50-digit trace, to 1e-12', async () => {
    const { trace } = (await loadWorkedExample()) as Trace;
    const { steps, ending } = await begin('worked');
    expect(ending).toBe('converged');
    const compared = trace.filter(({ t }) => 2 * t + 1 < steps.length);
    expect(compared.length).toBeGreaterThan(5);
    for (const { t, ...expected } of compared) {
      const after = steps[2 * t];
      near(after.logLikelihood, expected.loglik, `l after ${t}`);
      for (const k of [0, 1]) {
        near(after.weights[k], expected.weights[k], `pi ${k} after ${t}`);
        near(after.means[k], expected.means[k], `mu ${k} after ${t}`);
        near(after.covariances[k], expected.variances[k], `variance ${k} after ${t}`);
      }
      const following = steps[2 * t + 1];
      near(following.lowerBound, expected.loglik, `L after E-step ${t + 1}`);
      expected.responsibilities_of_component_1.forEach((gamma, n) => {
        near(following.responsibilities[2 * n], gamma, `q of sample ${n} at ${t}`);
      });
    }
  });

  test('the figures of the table in the mathematics: start, iterations 1, 2, 5 and the limit', async () => {
    const { steps } = await begin('worked');
    const table = [
      [0, -24.512532330086678, 0.5, 6, 7, 1, 2],
      [1, -10.955912420779264, 0.3630370593944437, 5.131728029552676, 1.4710314946241008],
      [2, -10.746385542402495, 0.43173332290875505, 5.1397897604716185, 1.0223747248968242],
      [5, -9.157718257239761, 0.5842795945557314, 5.023143949040036, -0.32454627719320583],
    ];
    for (const [t, l, weight, mean1, mean2] of table) {
      const step = steps[2 * t];
      near(step.logLikelihood, l, `l ${t}`);
      near(step.weights[0], weight, `pi_1 ${t}`);
      near(step.means[0], mean1, `mu_1 ${t}`);
      near(step.means[1], mean2, `mu_2 ${t}`);
    }
    const last = steps.at(-1)!;
    near(last.logLikelihood, -8.465258966889513, 'l at the limit');
    near(Math.sqrt(last.covariances[0]), 0.8164966350647528, 'sigma_1 at the limit', 1e-6);
    // who leans where after the first E-step
    const leans = [0, 1, 2, 3, 4].map((n) => steps[1].responsibilities[2 * n] > 0.5);
    expect(leans).toEqual([false, false, false, true, true]);
  });

  test('an M-step is the library’s from the same responsibilities', async () => {
    const { samples } = lesson('worked');
    const { steps } = await begin('worked');
    const [, expected, maximised] = steps;
    const direct = await GaussianMixture.fit(samples, {
      nComponents: 2,
      responsibilitiesInit: expected.responsibilities,
      maxIter: 0,
      regCovar: 0,
      context,
    });
    direct.means.forEach((mean, k) => near(maximised.means[k], mean, `mu ${k}`));
    direct.covariances.forEach((value, k) => near(maximised.covariances[k], value, `var ${k}`));
  });
});

describe('the bound', () => {
  test.each(LESSON_IDS)('%s, every start: L rises and touches l after each E-step', async (id) => {
    for (let start = 0; start < lesson(id).starts.length; start++) {
      checkBound(await begin(id, start));
    }
  });

  test.each(LESSON_IDS)('%s: an M-step that moved leaves a gap', async (id) => {
    const steps = moved(await begin(id));
    expect(steps.length).toBeGreaterThan(3);
    for (const { divergence, index } of steps) {
      expect(divergence, `KL at ${index}`).toBeGreaterThan(0);
    }
  });

  test('Old Faithful comes to its best maximum, in minutes as standardised', async () => {
    for (const id of ['faithful', 'faithful-minutes'] as const) {
      const { steps, ending } = await begin(id);
      expect(ending).toBe('converged');
      near(steps.at(-1)!.logLikelihood, lesson(id).bestLogLikelihood, id, 1e-9);
    }
    const [standard, minutes] = [await begin('faithful'), await begin('faithful-minutes')];
    standard.steps[9].responsibilities.forEach((share, i) => {
      near(minutes.steps[9].responsibilities[i], share, `q ${i}`, 1e-9);
    });
  });

  test('hard assignment leaves a gap after the E-step', async () => {
    const { steps } = await begin('worked', 0, 'hard');
    expect(steps[1].responsibilities.every((share) => share === 0 || share === 1)).toBe(true);
    expect(steps[1].divergence).toBeGreaterThan(0.1);
    for (let index = 2; index < steps.length; index++) {
      expect(steps[index].lowerBound).toBeGreaterThanOrEqual(steps[index - 1].lowerBound - 1e-12);
    }
  });
});

describe('the sentences', () => {
  /** The half steps of a run as the page tells them. */
  async function told(id: (typeof LESSON_IDS)[number], start: number, assignment: 'soft' | 'hard') {
    const run = await begin(id, start, assignment);
    const chosen = lesson(id);
    const still = { component: 0, sample: chosen.firstSample, playing: false };
    return run.steps.map((_, index) =>
      tell({
        ...still,
        lesson: chosen,
        start: chosen.starts[start],
        assignment,
        run,
        index,
        reached: index,
      }),
    );
  }

  test('what rounding makes of 0 is 0: equal components do not move by 5e-16', async () => {
    const steps = await told('faithful', 3, 'soft');
    expect(steps[2]).toBe(
      'Component 1 becomes narrower; component 2 becomes narrower. No gap opens.',
    );
    expect(steps.join(' ')).not.toMatch(/e−1[3-9]/);
  });

  test('hard assignment does not close the gap, and ends at a partition', async () => {
    for (const id of LESSON_IDS) {
      const steps = await told(id, 0, 'hard');
      expect(steps.join(' ')).not.toMatch(/gap is closed|opens again|by −/);
      const expectations = steps.filter((_, index) => index % 2 === 1);
      expect(expectations.length).toBeGreaterThan(1);
      for (const text of expectations) expect(text).toContain('The gap does not close');
      expect(steps.at(-1)).toMatch(/ends at a partition: \d+ in component 1, \d+ in component 2/);
    }
    expect((await told('worked', 2, 'hard')).at(-1)).toContain(
      '5 in component 1, none in component 2',
    );
  });

  test('features go by their names', async () => {
    const [start, expected] = await told('faithful', 0, 'soft');
    expect(start).toContain('component 1 at eruption −1.5, waiting 1;');
    expect(expected).toMatch(/^Sample 140 \(eruption [\d.]+, waiting [\d.]+\) now belongs/);
  });
});

describe('bad starts', () => {
  test('equal components stay equal: a stationary point far below the best', async () => {
    const { steps, ending } = await begin('worked', 2);
    const last = steps.at(-1)!;
    expect(ending).toBe('converged');
    near(last.means[0], 2.8, 'mu_1');
    near(last.means[1], 2.8, 'mu_2');
    near(last.logLikelihood, -12.217148501511181, 'l');
  });

  test('a component that shrinks onto one sample ends the run, with the library’s reason', async () => {
    const { steps, ending, failure } = await begin('worked', 3);
    expect(ending).toBe('failed');
    expect(failure?.code).toBe('COLLAPSED_COMPONENT');
    expect(steps.at(-1)!.kind).toBe('e');
    expect(steps.at(-1)!.logLikelihood).toBeGreaterThan(lesson('worked').bestLogLikelihood);
  });

  test('Old Faithful has poor maxima', async () => {
    const { steps, ending } = await begin('faithful', 2);
    expect(ending).toBe('converged');
    expect(steps.at(-1)!.logLikelihood).toBeLessThan(lesson('faithful').bestLogLikelihood - 100);
  });

  test('a start that is none is refused with the library’s reason', async () => {
    const start = { means: [1, 2], deviations: [0, 1] };
    await expect(runLesson(lesson('worked'), start, 'soft', context)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});
