import type { SourceData } from '../data/source-data.ts';
import { oneLine } from './js-literal.ts';
import { fromSource, scaling } from './program-source.ts';
import type { SamplesCode } from './program-source.ts';
import { syntheticCode } from './synthetic-code.ts';

/** Numbers of a drawn mixture that are written into the program: 20 KB of text. Those of a file always are. */
const MOST_INLINE = 4000;
/** Characters of a line of samples. */
const WIDTH = 96;

export function samplesCode(data: SourceData): SamplesCode {
  const { origin, samples } = data;
  if (origin.kind === 'built-in') {
    const isDrawn = origin.id.startsWith('synthetic') && samples.data.length > MOST_INLINE;
    return isDrawn ? synthetic(data) : inline(data);
  }
  // what was pasted is no file yet
  const isPasted = origin.kind === 'file' && origin.isPasted === true;
  return isPasted && samples.data.length <= MOST_INLINE ? inline(data) : fromSource(data);
}

/** The samples as they are fitted, standardised where they are. */
function inline({ samples, featureNames }: SourceData): SamplesCode {
  const { data, nSamples, nFeatures } = samples;
  const lines: string[] = [];
  let line = ' ';
  for (let n = 0; n < nSamples; n++) {
    const row = Array.from(data.subarray(n * nFeatures, (n + 1) * nFeatures), (value) =>
      Number.isNaN(value) ? 'null' : String(value),
    );
    const next = ` [${row.join(', ')}],`;
    if (line.length + next.length > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = ' ';
    }
    line += next;
  }
  return {
    imports: [],
    lines: [`// ${oneLine(featureNames.join(', '))}`, 'const samples = [', ...lines, line, '];'],
  };
}

function synthetic({ samples, standardised }: SourceData): SamplesCode {
  const make = `clumps(${samples.nSamples}, 1)`;
  const lines = standardised
    ? [
        `const { data, nSamples, nFeatures } = ${make};`,
        ...scaling(standardised),
        'const samples = {',
        `  data: data.map((value, i) => (value - means[i % nFeatures]) / scales[i % nFeatures]),`,
        '  nSamples,',
        '  nFeatures,',
        '};',
      ]
    : [`const samples = ${make};`];
  return {
    imports: [],
    lines: [
      syntheticCode(samples.data instanceof Float32Array ? 'Float32Array' : 'Float64Array'),
      '',
      ...lines,
    ],
  };
}
