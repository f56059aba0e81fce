import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');

// The table of rooms: what a room's files may import besides their own room and src/errors.ts.
const ROOMS: Record<string, string[]> = {
  'src/data': [],
  'src/gpu': [],
  'src/cpu': ['src/data'],
  'src/families': ['src/data'],
  'src/em': ['src/data', 'src/families', 'src/gpu', 'src/cpu'],
  'src/model': ['src/data', 'src/families', 'src/gpu', 'src/em'],
  'src/io': ['src/data'],
  'src/cli': ['src/index.ts', 'src/io'],
  'src/app': ['src/index.ts', 'src/io'],
  bench: ['src/index.ts', 'src/em', 'src/gpu'],
  'bench/page': ['src/index.ts', 'src/app'],
};
const TARGETS = [...Object.keys(ROOMS), 'src/index.ts'];
const WITHOUT_PACKAGES = ['src/data', 'src/gpu', 'src/cpu', 'src/families', 'src/em', 'src/model'];

describe('the lint rule that keeps imports one-way', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webgpu-em-rooms-'));
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Lints one file with the given imports; gives the specifiers that the rule refuses. */
  function refused(file: string, specifiers: string[], statement = importStatement): string[] {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, specifiers.map(statement).join('\n'));
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format=unix', file], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(path);
    const lines = stdout.split('\n').filter((line) => line.includes('no-restricted-imports'));
    return lines.map((line) => specifiers[Number(line.split(':')[1]) - 1] ?? line);
  }

  describe.each(Object.keys(ROOMS))('%s', (room) => {
    const others = TARGETS.filter((target) => target !== room && !target.startsWith('bench'));
    const allowed = ROOMS[room] ?? [];

    test(`may import ${allowed.join(', ') || 'no other room'}`, () => {
      const specifiers = others.map((target) => specifier(room, target));
      const expected = others.filter((target) => !allowed.includes(target));
      expect(refused(`${room}/sample.ts`, specifiers)).toEqual(
        expected.map((target) => specifier(room, target)),
      );
    });

    test('is held to it in type, dynamic and re-exporting imports too', () => {
      const forbidden = others.find((target) => !allowed.includes(target));
      const path = specifier(room, forbidden ?? '');
      const kinds = [
        `import type { Thing } from '${path}'; export type Other = Thing;`,
        `export const later = () => import('${path}');`,
        `export * from '${path}';`,
      ];
      const all = kinds.map(() => path);
      expect(refused(`${room}/sample.ts`, all, (_, index) => kinds[index] ?? '')).toEqual(all);
    });

    test('may import its own files, src/errors.ts and shaders', () => {
      const errors = room.startsWith('bench') ? specifier(room, 'src/errors.ts') : '../errors.ts';
      const own = ['./neighbour.ts', errors];
      if (WITHOUT_PACKAGES.includes(room)) own.push('../../shaders/e-step.wgsl?raw');
      expect(refused(`${room}/sample.ts`, own)).toEqual([]);
    });
  });

  test.each(WITHOUT_PACKAGES)('%s imports no package: the core has no dependency', (room) => {
    const packages = ['papaparse', 'node:fs', '@webgpu/types'];
    expect(refused(`${room}/sample.ts`, packages)).toEqual(packages);
  });

  test('the folders of src/app import one another, index and io', () => {
    const allowed = [
      '../shared/elements.ts',
      '../../index.ts',
      '../../io/csv.ts',
      '../../errors.ts',
      'uplot',
    ];
    const others = ['../../em/seam.ts', '../../model/fit.ts', '../../gpu/context.ts'];
    expect(refused('src/app/fit/sample.ts', [...allowed, ...others])).toEqual(others);
  });

  test('src/index.ts gathers the core, and src/errors.ts imports nothing', () => {
    const core = ['./errors.ts', ...WITHOUT_PACKAGES.map((room) => `./${room.slice(4)}/thing.ts`)];
    const rest = ['./io/csv.ts', './cli/main.ts', './app/main.ts', 'papaparse'];
    expect(refused('src/index.ts', [...core, ...rest])).toEqual(rest);
    expect(refused('src/errors.ts', ['./data/samples.ts'])).toEqual(['./data/samples.ts']);
  });
});

function importStatement(name: string, index: number): string {
  return `import { thing as thing${index} } from '${name}'; export const used${index} = thing${index};`;
}

/** How a file of a room names a file of another: one folder up, from below bench by way of src. */
function specifier(room: string, target: string): string {
  const path = target.endsWith('.ts') ? target : `${target}/thing.ts`;
  const upwards = '../'.repeat(room.split('/').length);
  return room.startsWith('bench') ? `${upwards}${path}` : `../${path.replace(/^src\//, '')}`;
}
