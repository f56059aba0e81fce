import type { GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Frame } from '../fit/frame.ts';
import { mixtureOf } from '../fit/parameters.ts';
import { MOST } from '../fit/settings.ts';
import type { FitSettings } from '../fit/settings.ts';
import type { Lane } from '../fit/history.ts';
import type { Script, ScriptedEdit } from '../fit/script.ts';
import { plural } from '../shared/format.ts';
import type { LinkedLook, PageState } from './address.ts';
import { rowsText } from './address-rows.ts';
import { pack, packMeans, unpack } from './packed-model.ts';
import type { PackedModel } from './packed-model.ts';
import type { RecipeSource } from './recipe-of.ts';

/** Characters of an address that numbers of models may take: mail and chat programs cut addresses of more than some thousands. */
const MOST_CHARACTERS = 4000;

/** What a link says of how the mixture shown came about, beside the settings, and sentences on what it cannot say. */
export interface Story {
  readonly state: Pick<
    PageState,
    'nComponents' | 'placed' | 'model' | 'edits' | 'restart' | 'at' | 'picked'
  >;
  readonly lacks: readonly string[];
}

export function storyOf({ settings, phase, position }: RecipeSource): Story {
  const { history, frame, picked } = position;
  if (!frame) return { state: {}, lacks: [] };
  const { lanes } = history;
  const [begun] = lanes[0].frames;
  const lacks: string[] = [];
  const told = beginning(begun);
  let left = MOST_CHARACTERS - (told.rows ? rowsText(told.rows).length : 0);
  if (left < 0) {
    lacks.push(
      `The link leaves out the ${begun.by === 'placed' ? 'starts that were placed' : 'model from the file'}: an address is too short for ${begun.by === 'placed' ? 'them' : 'it'}. The model as JSON holds what is shown.`,
    );
    left = 0;
  } else if (begun.by === 'file' && begun.mixture.lowerBounds.length > 0) {
    lacks.push('The link leaves out the curve of the model from the file.');
  }
  const all = lanes.flatMap((lane) => editsOf(lane, lanes));
  const edits = fitting(all, frame, left);
  if (edits.length < all.length) {
    lacks.push(
      `The link leaves out ${edits.length === 0 ? plural(all.length, 'change') : `all but the last of ${plural(all.length, 'change')}`} by hand: an address is too short for ${edits.length === 0 && all.length === 1 ? 'it' : 'them'}. The model as JSON holds what is shown.`,
    );
  }
  // a look goes astray where the changes before it are not there
  const isWhole = lacks.length === 0 || edits.length === all.length;
  return {
    state: {
      // (after K up or down, what the fit began with)
      nComponents: begun.by === 'start' && all.length > 0 ? begun.mixture.nComponents : undefined,
      ...(left > 0 && told.state),
      edits: edits.length > 0 ? edits.map(({ rows }) => rows) : undefined,
      restart: picked === undefined || lanes.length < 2 ? undefined : picked + 1,
      at: isWhole && phase === 'paused' ? lookOf(frame, lanes, settings) : undefined,
      picked: begun.by === 'comparison' ? begun.mixture.nComponents : undefined,
    },
    lacks,
  };
}

/** What a link asks for, to be done by a session with these samples. */
export interface Told {
  readonly script: Script | undefined;
  readonly placed: Float64Array | undefined;
  readonly model: GaussianMixture | undefined;
  /** Sentences on what cannot be done. */
  readonly problems: readonly string[];
}

export function toldBy(state: PageState, { samples }: SourceData, settings: FitSettings): Told {
  const { nFeatures } = samples;
  const { covarianceType, nInit } = settings;
  const problems: string[] = [];
  const edits = (state.edits ?? []).flatMap(([head, ...rows]): ScriptedEdit[] => {
    const parameters = unpack(rows, covarianceType, nFeatures);
    const [restart, iteration, others] = head ?? [];
    const isUsed = restart >= 1 && restart <= nInit && iteration >= 0;
    if (!parameters || !isUsed || parameters.weights.length > MOST.components) {
      problems.push('A change by hand in the link is none that can be made here.');
      return [];
    }
    return [{ restart: restart - 1, iteration, others, parameters }];
  });
  const { placed, model, at } = state;
  const isPlaced = placed?.every((row) => row.length === nFeatures) === true;
  if (placed && !(isPlaced && placed.length <= MOST.components)) {
    problems.push('The starts in the link have other features than these samples.');
  }
  const [head, ...rows] = model ?? [];
  const given = model && unpack(rows, covarianceType, nFeatures);
  if (model && !given) problems.push('The model in the link is none of these samples.');
  const picked =
    state.restart !== undefined && state.restart <= nInit ? state.restart - 1 : undefined;
  const look = at && { ...at, restart: Math.min(nInit, at.restart) - 1 };
  const isAny = edits.length > 0 || look !== undefined || picked !== undefined;
  return {
    script: isAny ? { edits, picked, look } : undefined,
    placed: isPlaced ? Float64Array.from(placed.flat()) : undefined,
    model: given && mixtureOf(covarianceType, nFeatures, given, head?.[0]),
    problems,
  };
}

function beginning({ by, mixture }: Frame): { state: Story['state']; rows?: PackedModel } {
  if (by === 'placed') {
    const placed = packMeans(mixture);
    return { state: { placed }, rows: placed };
  }
  if (by !== 'file') return { state: {} };
  const rows = rowsOf(mixture);
  const model = [[mixture.nIter], ...rows];
  return { state: { model }, rows: model };
}

const packed = new WeakMap<GaussianMixture, PackedModel>();

/** Of a model that has no room in an address: more rows than it has. */
const TOO_LONG: PackedModel = Array.from({ length: MOST_CHARACTERS }, () => [0]);

function rowsOf(mixture: GaussianMixture): PackedModel {
  const { weights, means, covariances } = mixture;
  const characters = 2 * (weights.length + means.length) + covariances.length;
  if (characters > MOST_CHARACTERS) return TOO_LONG;
  const known = packed.get(mixture);
  if (known) return known;
  const rows = pack(mixture) ?? TOO_LONG;
  packed.set(mixture, rows);
  return rows;
}

interface LaneEdit {
  readonly frame: Frame;
  readonly rows: PackedModel;
}

/** Changes by hand of a restart; of several at one iteration the last. */
function editsOf({ frames, restart }: Lane, lanes: readonly Lane[]): LaneEdit[] {
  const others = lanes.filter((lane) => lane.restart !== restart);
  const reached = Math.max(...others.map((lane) => lane.frames.at(-1)!.iteration));
  return frames.flatMap((frame, i) => {
    const next = frames.at(i + 1);
    if (frame.by !== 'edit' || (next?.by === 'edit' && next.iteration === frame.iteration)) {
      return [];
    }
    const before = frames[i - 1]?.mixture ?? frame.mixture;
    const isResized = before.nComponents !== frame.mixture.nComponents;
    const head = [restart + 1, frame.iteration];
    if (isResized && others.length > 0) head.push(reached);
    return [{ frame, rows: [head, ...rowsOf(frame.mixture)] }];
  });
}

/** As many as there is room for: all, or what the mixture shown came from, or none. */
function fitting(all: readonly LaneEdit[], shown: Frame, room: number): readonly LaneEdit[] {
  const fits = (some: readonly LaneEdit[]) =>
    some.reduce((sum, { rows }) => sum + rowsText(rows).length + 1, 0) <= room;
  if (fits(all)) return all;
  const last = all.filter(
    ({ frame }) => frame.restart === shown.restart && frame.iteration <= shown.iteration,
  );
  return last.length > 0 && fits(last.slice(-1)) ? last.slice(-1) : [];
}

function lookOf(frame: Frame, lanes: readonly Lane[], { maxIter }: FitSettings): LinkedLook {
  const { frames } = lanes.find(({ restart }) => restart === frame.restart)!;
  const isSame = (other: Frame | undefined) => other?.iteration === frame.iteration;
  const isAllKnown = lanes.every(({ frames: all, error }) => {
    const last = all.at(-1)!;
    const begun = all.findLast(({ by }) => by !== 'iteration')!;
    return error !== undefined || last.converged || last.iteration - begun.iteration >= maxIter;
  });
  return {
    iteration: frame.iteration,
    isBefore: isSame(frames[frames.indexOf(frame) + 1]),
    known: isAllKnown ? Infinity : frames.at(-1)!.iteration,
    restart: frame.restart + 1,
  };
}
