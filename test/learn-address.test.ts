import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../src/app/learn/address.ts';
import { lesson, LESSON_IDS } from '../src/app/learn/lesson.ts';
import { boundText, changeText, fromLog, shareText, written } from '../src/app/learn/numbers.ts';

describe('the address of a half step', () => {
  test('names data set and step, and no more where the rest is as it begins', () => {
    const start = lesson('worked').starts[0];
    const choice = { lessonId: 'worked', start, assignment: 'soft' } as const;
    expect(formatAddress(choice, 3)).toBe('worked/3');
    expect(parseAddress('#worked/3')).toEqual({ choice, index: 3 });
  });

  test.each(LESSON_IDS)('%s: every start and assignment comes back', (lessonId) => {
    for (const start of lesson(lessonId).starts) {
      for (const assignment of ['soft', 'hard'] as const) {
        const choice = { lessonId, start, assignment };
        expect(parseAddress(`#${formatAddress(choice, 12)}`)).toEqual({ choice, index: 12 });
      }
    }
  });

  test('a start of the user’s own comes back to the last digit', () => {
    const start = { means: [0.1 + 0.2, -1e-7], deviations: [2, 1 / 3] };
    const choice = { lessonId: 'worked', start, assignment: 'soft' } as const;
    expect(parseAddress(`#${formatAddress(choice, 0)}`)).toEqual({ choice, index: 0 });
  });

  test.each([
    '',
    '#',
    '#nonsense/x',
    '#worked/-1',
    '#worked/0?means=1&deviations=1',
    '#worked/0?means=1,2&deviations=0,1',
    '#worked/0?start=99',
  ])('%j falls back to the first lesson and start', (hash) => {
    const start = lesson('worked').starts[0];
    const choice = { lessonId: 'worked', start, assignment: 'soft' };
    expect(parseAddress(hash)).toEqual({ choice, index: 0 });
  });
});

test('numbers as they are written', () => {
  expect(written(-24.512532330086678)).toBe('−24.5125');
  expect(written(1.3651204889115536e-7)).toBe('1.4e−7');
  expect(written(0.1 + 0.2, true)).toBe('0.30000000000000004');
  expect(boundText(-8.465258966889513)).toBe('−8.465259');
  expect(changeText(13.55662, -10)).toBe('+13.556620');
  expect(changeText(1e-15, -10)).toBe('0');
  expect(changeText(-3.21e-7, -10)).toBe('−3.2e−7');
  expect(shareText(0.4547)).toBe('45%');
  expect(shareText(0.9999)).toBe('more than 99%');
  expect(shareText(1e-9)).toBe('less than 1%');
  expect(fromLog(Math.log(0.02703))).toEqual({ mantissa: '0.02703', power: undefined });
  expect(fromLog(-1000 * Math.LN10 + Math.log(4))).toEqual({ mantissa: '4.000', power: -1000 });
});
