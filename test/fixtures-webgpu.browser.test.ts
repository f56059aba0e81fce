import { commands } from 'vitest/browser';
import { accuracyMarkdown, summarise, type Accuracy } from './support/accuracy.ts';
import { DEVICE_TOLERANCES } from './support/compare-fixture.ts';
import { describeFixtures } from './support/fixture-suite.ts';

describeFixtures({
  backend: 'webgpu',
  tolerances: DEVICE_TOLERANCES,
  budget: 6e8,
  async report(comparisons, context) {
    if (!import.meta.env['VITE_WRITE_ACCURACY']) return;
    const stored = await commands.readFile('docs/accuracy.json').catch(() => '{}');
    const { cpu } = JSON.parse(stored) as { cpu?: Accuracy };
    const webgpu = summarise(comparisons, 'webgpu', `float32, ${context.info.adapter}`);
    await commands.writeFile('docs/accuracy.json', `${JSON.stringify({ cpu, webgpu }, null, 2)}\n`);
    await commands.writeFile('docs/accuracy.md', accuracyMarkdown(cpu, webgpu));
  },
});
