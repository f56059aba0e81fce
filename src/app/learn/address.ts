import type { Assignment } from './half-step.ts';
import { lesson, LESSON_IDS } from './lesson.ts';
import type { LessonId, Start } from './lesson.ts';
import type { Choice } from './walk.ts';

/**
 * The part of the address after '#': data set, half step and what differs from the lesson's first start, such as `worked/3` or
 * `worked/4?start=2&assignment=hard` or `worked/0?means=2,2&deviations=1,2`.
 */
export function formatAddress(choice: Choice, index: number): string {
  const settings = new URLSearchParams();
  const named = namedStart(choice.lessonId, choice.start);
  if (named === undefined) {
    settings.set('means', choice.start.means.join(','));
    settings.set('deviations', choice.start.deviations.join(','));
  } else if (named > 0) {
    settings.set('start', String(named + 1));
  }
  if (choice.assignment === 'hard') settings.set('assignment', 'hard');
  const query = decodeURIComponent(settings.toString());
  return `${choice.lessonId}/${index}${query === '' ? '' : `?${query}`}`;
}

/** What an address names; parts that name nothing are taken for the first lesson, its first start and step 0. */
export function parseAddress(hash: string): { choice: Choice; index: number } {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const [id, step] = path.split('/');
  const lessonId: LessonId = LESSON_IDS.find((known) => known === id) ?? LESSON_IDS[0];
  const settings = new URLSearchParams(query);
  const assignment: Assignment = settings.get('assignment') === 'hard' ? 'hard' : 'soft';
  const index = /^\d{1,6}$/.test(step ?? '') ? Number(step) : 0;
  return { choice: { lessonId, start: startOf(lessonId, settings), assignment }, index };
}

/** The number of the lesson's start, or undefined for one of the user's own. */
export function namedStart(lessonId: LessonId, start: Start): number | undefined {
  const found = lesson(lessonId).starts.findIndex(
    ({ means, deviations }) => same(means, start.means) && same(deviations, start.deviations),
  );
  return found === -1 ? undefined : found;
}

function startOf(lessonId: LessonId, settings: URLSearchParams): Start {
  const { starts } = lesson(lessonId);
  const size = starts[0].means.length;
  const numbers = (name: string) => (settings.get(name) ?? '').split(',').map(Number);
  const means = numbers('means');
  const deviations = numbers('deviations');
  const own =
    means.length === size &&
    deviations.length === size &&
    [...means, ...deviations].every(Number.isFinite) &&
    deviations.every((deviation) => deviation > 0);
  if (own) return { means, deviations };
  return starts[Number(settings.get('start') ?? 1) - 1] ?? starts[0];
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
