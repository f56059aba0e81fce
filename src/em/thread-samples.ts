import type { Hand, Rows, ShardSpec } from '../cpu/job.ts';
import type { Family } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import type { Dataset } from './dataset.ts';
import { pacer } from '../data/pause.ts';

/**
 * Operations of one pass and one component from which on worker threads are started: about 2 ms on one core, where starting two takes
 * 40 ms and handing over costs 0.2 ms a pass.
 */
const LEAST_WORK = 4e6;
/** Numbers copied at once to the threads. */
const PIECE = 2 ** 17;

type Form = ShardSpec['form'];

/** Samples that lie on the threads of a context, in order. */
export interface ThreadSamples {
  readonly hands: readonly Hand[];
}

const placed = new WeakMap<Dataset, Map<string, Promise<ThreadSamples>>>();

/** A dataset's samples on its context's threads: copied there once, freed with the dataset. */
export function samplesOnThreads(
  dataset: Dataset,
  family: Pick<Family, 'coordinates'>,
  bits: boolean,
  context: Context,
): Promise<ThreadSamples> {
  let forms = placed.get(dataset);
  if (!forms) placed.set(dataset, (forms = new Map()));
  const form = bits ? 'bits' : floatForm(dataset);
  const key = `${form} ${family.coordinates}`;
  let samples = forms.get(key);
  if (!samples) {
    samples = place(dataset, family, form, key, context);
    forms.set(key, samples);
    // tried again by the next pass
    samples.catch(() => forms.delete(key));
  }
  return samples;
}

async function place(
  dataset: Dataset,
  family: Pick<Family, 'coordinates'>,
  form: Form,
  key: string,
  context: Context,
): Promise<ThreadSamples> {
  // (fetched where it is needed: most of it is kernels, of no use to a page that has a device)
  const { Pool } = await import('../cpu/pool.ts');
  dataset.assertUsable();
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const { means, scales } = dataset.standardisationFor(family);
  const pool = context.keep(
    'threads',
    () => new Pool(context.threads, context.leastWork ?? LEAST_WORK),
  );
  const weighted = relativeWeights !== undefined;
  const slot = dataset.of?.threads;
  const room = slot?.chunkSamples ?? nSamples;
  const spec = { form, nFeatures, nSamples: room, weighted, means, scales };
  const open = (): Promise<Hand[]> =>
    pool.open(spec, room * operations(form, nFeatures), (reason) =>
      context.amend({
        threads: 1,
        reason: `${context.info.reason} Worker threads cannot be started here (${reason}), so that the calling thread computes, with pauses.`,
      }),
    );
  const hands = slot ? await slot.hands(key, open) : await open();
  if (!slot) {
    dataset.own({
      dispose() {
        for (const hand of hands) hand.close();
      },
    });
  }
  await Promise.all(hands.map((hand) => copy(dataset, hand)));
  return { hands };
}

/** Piece by piece, so that what is on its way stays small. */
async function copy(dataset: Dataset, hand: Hand): Promise<void> {
  const { form, firstSample, count } = hand.spec;
  const { samples, nFeatures, nSamples, relativeWeights } = dataset;
  // (a stream's last chunk has less than there is room for)
  const stop = Math.min(firstSample + count, nSamples);
  const source = form === 'bits' ? dataset.bits.bits : samples.data!;
  const width = form === 'bits' ? source.length / nSamples : nFeatures;
  const make = form === 'bits' ? Uint32Array : form === 'float32' ? Float32Array : Float64Array;
  const step = Math.max(1, Math.floor(PIECE / width));
  const pause = pacer();
  let rows: Rows = new make(0);
  for (let n = firstSample; n < stop; n += step) {
    const end = Math.min(stop, n + step);
    const part = source.subarray(n * width, end * width);
    const weights = relativeWeights?.slice(n, end);
    if (isShared(part)) {
      await hand.load(n, part as Rows, weights);
    } else {
      if (rows.length !== part.length) rows = new make(part.length);
      rows.set(part);
      rows = await hand.load(n, rows, weights);
    }
    await pause();
  }
}

/** Whether worker threads see the memory of an array as it is. */
const isShared = ({ buffer }: ArrayBufferView): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/** float32 wherever it holds the numbers exactly. */
function floatForm({ samples: { data } }: Dataset): Form {
  const wide =
    data instanceof Float64Array || data instanceof Int32Array || data instanceof Uint32Array;
  return wide ? 'float64' : 'float32';
}

/** Of one sample and component, in a pass. */
function operations(form: Form, nFeatures: number): number {
  return form === 'bits' ? nFeatures / 4 + 60 : nFeatures * nFeatures + 60;
}
