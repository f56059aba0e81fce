import { MixtureError } from '../../errors.ts';
import type { PlainError, ReaderReply, ReaderRequest } from './reader-messages.ts';
import type { Table } from './table.ts';

/** Reads files, or draws samples, beside the page. What a format needs is fetched with its first file. */
const port = self as unknown as {
  postMessage(message: ReaderReply, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ReaderRequest>) => void) | null;
};

let onTake: ((every: number) => void) | undefined;

port.onmessage = ({ data }) => {
  if (data.kind === 'take') return onTake?.(data.every);
  const work = data.kind === 'read' ? read(data) : generate(data);
  work.catch((error: unknown) => port.postMessage({ kind: 'failed', error: plain(error) }));
};

async function read({ inputs }: ReaderRequest & { kind: 'read' }): Promise<void> {
  const { readTables } = await import('./read-tables.ts');
  const table = await readTables(inputs, {
    onProgress: (progress) => port.postMessage({ kind: 'progress', progress }),
    onFirst: (first) => port.postMessage({ kind: 'first', table: first }, buffersOf(first)),
    onEstimate: (estimate) =>
      new Promise((resolve) => {
        onTake = resolve;
        port.postMessage({ kind: 'estimate', estimate });
      }),
  });
  port.postMessage({ kind: 'table', table }, buffersOf(table));
}

async function generate({ nSamples, seed }: ReaderRequest & { kind: 'generate' }): Promise<void> {
  const { clumps } = await import('./synthetic.ts');
  const samples = clumps(nSamples, seed);
  port.postMessage({ kind: 'samples', samples }, [samples.data.buffer as ArrayBuffer]);
}

const buffersOf = ({ columns }: Table): Transferable[] =>
  columns.map(({ values }) => values.buffer as ArrayBuffer);

function plain(error: unknown): PlainError {
  if (error instanceof MixtureError) {
    const { code, message, hint, details } = error;
    // (details may hold what cannot be sent)
    return {
      code,
      message,
      hint,
      details: JSON.parse(JSON.stringify(details)) as PlainError['details'],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: undefined, message, hint: '', details: {} };
}
