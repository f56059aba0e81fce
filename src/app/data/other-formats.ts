/** What is no table of samples, told by what files begin with. */
interface OtherFormat {
  /** In Latin-1: what it begins with, or is like. */
  readonly start: readonly string[] | RegExp;
  readonly what: string;
  readonly hint: string;
}

const TABLES = 'CSV, Parquet, Arrow, Feather, npy, npz and IDX files are read.';
const PICTURE = `A picture holds no table of samples. ${TABLES}`;

const OTHERS: readonly OtherFormat[] = [
  {
    start: ['%PDF'],
    what: 'a PDF document',
    hint: `Copy its table and paste it here, or save that as CSV. ${TABLES}`,
  },
  { start: ['\x89PNG'], what: 'a PNG picture', hint: PICTURE },
  { start: ['\xff\xd8\xff'], what: 'a JPEG picture', hint: PICTURE },
  { start: ['GIF8'], what: 'a GIF picture', hint: PICTURE },
  { start: /^RIFF[^]{4}WEBP/, what: 'a WebP picture', hint: PICTURE },
  {
    start: ['\xd0\xcf\x11\xe0'],
    what: 'a spreadsheet of an old Excel, or another Office document',
    hint: 'Open it there, and save the sheet as CSV (File, Save as, CSV UTF-8).',
  },
  {
    start: ['FEA1'],
    what: 'Feather of version 1',
    hint: 'Write it again with version 2, the default of pandas and pyarrow.',
  },
  {
    start: ['\x89HDF'],
    what: 'HDF5',
    hint: 'Write it as Parquet, Arrow, npy or CSV; in Python: pandas.read_hdf(path).to_parquet("data.parquet").',
  },
  {
    start: ['MATLAB 5'],
    what: 'a MATLAB file',
    hint: 'Save the matrix as CSV: writematrix(x, "data.csv").',
  },
  { start: ['SQLite format 3'], what: 'an SQLite database', hint: 'Export the table as CSV.' },
  {
    start: ['RDX2\n', 'RDX3\n', 'RDA2\n', 'RDA3\n', 'X\n\0', 'A\n2\n', 'A\n3\n'],
    what: 'an R object',
    hint: 'Write it as CSV: write.csv(x, "data.csv").',
  },
  {
    start: ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
    what: 'a Python pickle',
    hint: 'Write it as Parquet, npy or CSV: a pickle is a program, and is not run here.',
  },
  {
    start: ['BZh', '\xfd7zXZ', '7z\xbc\xaf', 'Rar!', '\x28\xb5\x2f\xfd', '\x04\x22\x4d\x18'],
    what: 'packed by bzip2, xz, 7-Zip, RAR, Zstandard or LZ4',
    hint: 'Unpack it and give the file within. Of packed files those of gzip are read.',
  },
  { start: ['ORC'], what: 'ORC', hint: 'Write it as Parquet.' },
  { start: ['Obj\x01'], what: 'Avro', hint: 'Write it as Parquet.' },
  {
    start: /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|!--)/i,
    what: 'a web page, not a file of data',
    hint: 'Give the address of the file itself: on GitHub that of the button "Raw", elsewhere that of the download.',
  },
  { start: /^(\xef\xbb\xbf)?\s*<\?xml/i, what: 'XML', hint: 'Write its table as CSV.' },
  {
    start: /^\s*\{\s*"format": ?"webgpu-em\//,
    what: 'a model of webgpu-em, and no samples',
    hint: 'Open the samples first; then give the model to "Load a model", under "Take it away".',
  },
  {
    start: /^(\xef\xbb\xbf)?\s*(\{\s*"|\[\s*[[{])/,
    what: 'JSON',
    hint: 'Write it as CSV or Parquet; in Python: pandas.read_json(path).to_csv("data.csv", index=False).',
  },
];

/** Spreadsheets and documents that are zip archives, by their endings. */
const ZIPPED: readonly { readonly ending: RegExp; readonly what: string; readonly hint: string }[] =
  [
    {
      ending: /\.(xls[xmb]?|ods|numbers)$/i,
      what: 'a spreadsheet',
      hint: 'Save the sheet as CSV (in Excel: File, Save as, CSV UTF-8), or copy its cells and paste them here.',
    },
    {
      ending: /\.(docx|pptx|odt|odp|epub|jar|apk)$/i,
      what: 'a document or a program',
      hint: TABLES,
    },
  ];

/** A file that is known not to be read: what it is, and what to do about it. @param start its first bytes in Latin-1 */
export function otherFormat(start: string, name: string): Omit<OtherFormat, 'start'> | undefined {
  const other = OTHERS.find(({ start: begins }) =>
    begins instanceof RegExp ? begins.test(start) : begins.some((text) => start.startsWith(text)),
  );
  if (other || !start.startsWith('PK')) return other;
  return ZIPPED.find(({ ending }) => ending.test(name));
}
