import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root } from './run-page.ts';

const page = readFileSync(`${root}/docs/errors.md`, 'utf8');
const headings = [...page.matchAll(/^### ([A-Z_]+)$/gm)].map(([, code]) => code);

/** The words of a union type of a source. */
function codesOf(file: string, type: string): string[] {
  const source = readFileSync(`${root}/${file}`, 'utf8');
  const union = new RegExp(`export type ${type} =([^;]+);`).exec(source)![1];
  return [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code);
}

test.each([
  ['src/errors.ts', 'ErrorCode', 20],
  ['src/gpu/adapter.ts', 'ContextCode', 10],
  ['src/model/warnings.ts', 'WarningCode', 12],
] as const)('docs/errors.md has an anchor for each code of %s', (file, type, least) => {
  const codes = codesOf(file, type);
  expect(codes.length).toBeGreaterThanOrEqual(least);
  expect(codes.filter((code) => !headings.includes(code))).toEqual([]);
});

test('docs/errors.md has each code once, and no others', () => {
  const known = [
    ...codesOf('src/errors.ts', 'ErrorCode'),
    ...codesOf('src/gpu/adapter.ts', 'ContextCode'),
    ...codesOf('src/model/warnings.ts', 'WarningCode'),
  ];
  expect([...headings].sort()).toEqual([...new Set(known)].sort());
});

test('each code says what it means and shows a message', () => {
  for (const section of page.split(/^### /m).slice(1)) {
    expect(section, section).toMatch(/^[A-Z_]+\n\n[A-Z`][^\n]+/);
    expect(section, section).toContain('```text\n');
  }
});

// Messages that no snippet can provoke on a clean machine are those of the sources.
test('messages that are only quoted are in the sources', () => {
  const quoted = [
    ['src/em/dataset.ts', 'The device has no room for'],
    ['src/gpu/context.ts', 'The GPU device was lost'],
    [
      'src/gpu/context.ts',
      'Make a new context and fit again, with warmStart from the last mixture you were given.',
    ],
    ['src/gpu/context.ts', 'Runs on WebGPU by a hardware adapter'],
    ['src/gpu/context.ts', 'Runs on WebGPU by a software adapter, as asked'],
    ['src/gpu/context.ts', "Runs on the caller's own WebGPU device."],
    [
      'src/em/make-seam.ts',
      'needs conditional moments for each pattern of missingness, which only the float64 side computes',
    ],
    ['src/gpu/kernel.ts', 'does not compile on this device'],
  ] as const;
  for (const [file, words] of quoted) {
    expect(readFileSync(`${root}/${file}`, 'utf8'), file).toContain(words);
    expect(page).toContain(words);
  }
});
