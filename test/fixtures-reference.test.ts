import { readFile, writeFile } from 'node:fs/promises';
import { accuracyMarkdown, summarise, type Accuracy } from './support/accuracy.ts';
import { REFERENCE_TOLERANCES } from './support/compare-fixture.ts';
import { describeFixtures } from './support/fixture-suite.ts';

describeFixtures({
  backend: 'cpu',
  tolerances: REFERENCE_TOLERANCES,
  budget: 6e9,
  async report(comparisons) {
    if (!import.meta.env['VITE_WRITE_ACCURACY']) return;
    const folder = new URL('../docs/', import.meta.url);
    const stored = await readFile(new URL('accuracy.json', folder), 'utf8').catch(() => '{}');
    const { webgpu } = JSON.parse(stored) as { webgpu?: Accuracy };
    const cpu = summarise(comparisons, 'cpu', `float64, Node ${process.version}`);
    await writeFile(
      new URL('accuracy.json', folder),
      `${JSON.stringify({ cpu, webgpu }, null, 2)}\n`,
    );
    await writeFile(new URL('accuracy.md', folder), accuracyMarkdown(cpu, webgpu));
  },
});
