import { expect, test } from 'vitest';
import { hastened } from '../src/gpu/hasten.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36';

/** A device that tells of its work's end at the n-th look only. */
function tellsAt(looks: number) {
  let submits = 0;
  let tell: (value: string) => void;
  const ended = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const submit = (commands: readonly unknown[]) => {
    expect(commands).toEqual([]);
    submits++;
    if (submits === looks) tell('told');
  };
  const device = { queue: { submit } } as unknown as GPUDevice;
  return { device, ended, count: () => submits };
}

test.each([1, 50])('Firefox is made to look, until it tells: %i times', async (looks) => {
  const { device, ended, count } = tellsAt(looks);
  expect(await hastened(device, ended, FIREFOX)).toBe('told');
  expect(count()).toBe(looks);
});

test('an error comes through, and ends the looking', async () => {
  const { device, count } = tellsAt(1000);
  const failed = Promise.reject(new Error('lost'));
  await expect(hastened(device, failed, FIREFOX)).rejects.toThrow('lost');
  expect(count()).toBeLessThan(2);
});

test.each([CHROME, undefined])('others are left alone: %s', async (userAgent) => {
  const { device, count } = tellsAt(1);
  expect(await hastened(device, Promise.resolve('told'), userAgent)).toBe('told');
  expect(count()).toBe(0);
});
