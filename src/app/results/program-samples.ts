import type { SourceData } from '../data/source-data.ts';
import { oneLine, quoted } from './js-literal.ts';
import { syntheticCode } from './synthetic-code.ts';

/** Where a program has its samples from: imports, and lines that define `samples`. */
export interface SamplesCode {
  readonly imports: readonly string[];
  readonly lines: readonly string[];
}

/** Numbers of a drawn mixture that are written into the program: 20 KB of text. Those of a file always are. */
const MOST_INLINE = 4000;
/** Characters of a line of samples. */
const WIDTH = 96;

/** Endings that webgpu-em/io reads; the page reads more. */
const READABLE = /\.(npy|f32|f64|csv|tsv|txt|parquet|arrow|feather)$/i;

export function samplesCode(data: SourceData): SamplesCode {
  const { origin, samples } = data;
  if (origin.kind === 'built-in') {
    const isDrawn = origin.id.startsWith('synthetic') && samples.data.length > MOST_INLINE;
    return isDrawn ? synthetic(data) : inline(data);
  }
  return fromSource(data);
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

/** A file or an address. Rows are left out, and columns standardised, as the page did. */
function fromSource({
  origin,
  samples,
  nMissing,
  standardised,
  featureNames,
}: SourceData): SamplesCode {
  if (origin.kind === 'built-in') throw new Error('Built-in samples have no source.');
  const [open, place] =
    origin.kind === 'url' ? ['fromUrl', origin.url] : ['fromNodeFile', origin.fileName];
  const [path] = origin.kind === 'url' ? place.split(/[?#]/) : [place];
  const isNpy = /\.npy$/i.test(path);
  // columns of npy files have no names in them: the page numbers them
  const columns = isNpy ? origin.columns.map(positionOf) : origin.columns;
  const list = columns.map((column) => (typeof column === 'number' ? column : quoted(column)));
  const remark = READABLE.test(path)
    ? []
    : [
        `// (webgpu-em/io reads npy, CSV, Parquet and Arrow: save the samples as one of these first)`,
      ];
  const opened = `await ${open}(${quoted(place)}, { columns: [${list.join(', ')}] })`;
  const where =
    origin.kind === 'file'
      ? ['// in the folder that the program is run in; in a browser: fromFile(file, ...)']
      : [];
  const plain = standardised === undefined && nMissing > 0;
  if (plain) {
    return {
      imports: [`import { ${open} } from 'webgpu-em/io';`],
      lines: [...remark, ...where, `const samples = ${opened};`],
    };
  }
  const { nFeatures } = samples;
  const kept = nMissing > 0 ? '' : ' rows with a missing value are left out;';
  return {
    imports: [`import { fromChunks, ${open} } from 'webgpu-em/io';`],
    lines: [
      ...remark,
      ...where,
      `const file = ${opened};`,
      ...(standardised ? scaling(standardised) : []),
      `//${kept}${standardised ? ' each column has mean 0 and standard deviation 1' : ''}`.replace(
        /;$/,
        '',
      ),
      'async function* rows() {',
      '  for await (const { data, nSamples, nFeatures } of file.chunks()) {',
      '    const values = [];',
      '    for (let n = 0; n < nSamples; n++) {',
      '      const row = Array.from(data.slice(n * nFeatures, (n + 1) * nFeatures));',
      ...(nMissing > 0 ? [] : ['      if (row.some(Number.isNaN)) continue;']),
      standardised
        ? '      values.push(row.map((value, d) => (value - means[d]) / scales[d]));'
        : '      values.push(row);',
      '    }',
      '    yield values;',
      '  }',
      '}',
      `const samples = fromChunks(rows, { nFeatures: ${nFeatures} }); // ${oneLine(featureNames.join(', '))}`,
    ],
  };
}

function scaling({ means, scales }: NonNullable<SourceData['standardised']>): string[] {
  return [`const means = [${means.join(', ')}];`, `const scales = [${scales.join(', ')}];`];
}

/** "column 1" is at 0. */
function positionOf(name: string, index: number): number {
  const [digits] = /\d+$/.exec(name) ?? [];
  return digits === undefined ? index : Number(digits) - 1;
}
