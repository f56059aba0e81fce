import type { CovarianceType, InitParams } from '../../index.ts';
import { MOST } from '../fit/settings.ts';
import type { PaletteName } from '../shared/palette.ts';
import { lists, numberOf, rows } from './address-rows.ts';
import { CRITERIA } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import type { PackedModel } from './packed-model.ts';

/** What a link reproduces: everything but the data. What is undefined is left to the page. */
export interface PageState {
  /** The id of a built-in data set, an address (http or https), or `file`: one that a link cannot bring. */
  readonly data?: string | undefined;
  /** Names of the columns that are fitted. */
  readonly columns?: readonly string[] | undefined;
  readonly standardise?: boolean | undefined;
  /** Rows with missing values: fitted, or left out. */
  readonly missing?: 'fit' | 'leave out' | undefined;
  readonly nComponents?: number | undefined;
  readonly covarianceType?: CovarianceType | undefined;
  readonly initParams?: InitParams | undefined;
  readonly seed?: number | undefined;
  readonly nInit?: number | undefined;
  readonly regCovar?: number | undefined;
  readonly tol?: number | undefined;
  readonly maxIter?: number | undefined;
  /** Two features by name, one where there is no other, or the principal components. */
  readonly axes?: readonly string[] | 'pca' | undefined;
  /** The part of the plane, where it is zoomed: x from, x to, y from, y to in the user's units. */
  readonly window?: readonly [number, number, number, number] | undefined;
  readonly colouring?: LinkedColouring | undefined;
  readonly palette?: PaletteName | undefined;
  readonly density?: boolean | undefined;
  /** Iterations a second; Infinity as fast as they come. */
  readonly speed?: number | undefined;
  /** The sample that was clicked. */
  readonly sample?: number | undefined;
  /** The component that is kept highlighted. */
  readonly component?: number | undefined;
  readonly order?: CardOrder | undefined;
  /** What is compared over the number of components, */
  readonly compare?: Readonly<Comparison> | undefined;
  /** and the size that is shown of it; undefined where none is. */
  readonly picked?: number | undefined;
  /** Means that were placed by hand, K rows. */
  readonly placed?: PackedModel | undefined;
  /** A model from a file; before its rows one with the number of its iterations. */
  readonly model?: PackedModel | undefined;
  /** Changes by hand; before each one's rows one with the restart, from 1, the iteration and, see `ScriptedEdit`, `others`. */
  readonly edits?: readonly PackedModel[] | undefined;
  /** The restart that is followed in place of the best, from 1. */
  readonly restart?: number | undefined;
  /** Where the fit stands still. */
  readonly at?: LinkedLook | undefined;
}

export type CardOrder = 'number' | 'weight';

export interface LinkedLook {
  readonly iteration: number;
  /** Before the change by hand that was made at it. */
  readonly isBefore: boolean;
  /** The last iteration that is known; Infinity where every restart has come to its end. */
  readonly known: number;
  /** From 1. */
  readonly restart: number;
}

export type LinkedColouring =
  | { readonly by: 'component' }
  | { readonly by: 'entropy' }
  | { readonly by: 'responsibility'; readonly component: number }
  | { readonly by: 'column'; readonly name: string };

/** How one property stands in the address. `read` gives undefined for what it cannot be. */
export interface Field<T> {
  readonly key: string;
  write(value: T): string;
  read(text: string): T | undefined;
}

type Fields = { readonly [Name in keyof PageState]-?: Field<NonNullable<PageState[Name]>> };

const COVARIANCE_TYPES: readonly CovarianceType[] = ['full', 'tied', 'diag', 'spherical'];
const INIT_PARAMS: readonly InitParams[] = ['k-means++', 'kmeans', 'random_from_data', 'random'];
const PALETTES: readonly PaletteName[] = ['petroff', 'okabe-ito', 'tol'];

const FIELDS: Fields = {
  data: {
    key: 'data',
    write: encode,
    read: (text) => {
      const value = decode(text);
      return /^https?:\/\/./.test(value) || /^[a-z0-9-]+$/.test(value) ? value : undefined;
    },
  },
  columns: list('columns'),
  standardise: flag('standardise'),
  missing: choice('missing', ['fit', 'leave out']),
  nComponents: whole('k', 1, MOST.components),
  covarianceType: choice('cov', COVARIANCE_TYPES),
  initParams: choice('start', INIT_PARAMS),
  seed: whole('seed', 0, MOST.seed),
  nInit: whole('restarts', 1, MOST.restarts),
  regCovar: numeric('reg', (value) => value >= 0),
  tol: numeric('tol', (value) => value >= 0),
  maxIter: whole('iterations', 1, MOST.iterations),
  axes: {
    key: 'axes',
    write: (axes) => (axes === 'pca' ? 'pca' : axes.map(encodeName).join(',')),
    read: (text) => {
      if (text === 'pca') return 'pca';
      const names = text.split(',').map(decode);
      return names.length <= 2 && names.every((name) => name !== '') ? names : undefined;
    },
  },
  window: {
    key: 'window',
    write: ([a, b, c, d]) => [...rounded(a, b), ...rounded(c, d)].join(','),
    read: (text) => {
      const [a, b, c, d, ...more] = text.split(',').map(numberOf);
      const isWindow = more.length === 0 && b! - a! > 0 && d! - c! > 0;
      return isWindow && [a, b, c, d].every(Number.isFinite) ? [a!, b!, c!, d!] : undefined;
    },
  },
  colouring: {
    key: 'colour',
    write: (colouring) => {
      if (colouring.by === 'responsibility') return `component-${colouring.component}`;
      return colouring.by === 'column' ? `column:${encode(colouring.name)}` : colouring.by;
    },
    read: (text) => {
      if (text === 'component' || text === 'entropy') return { by: text };
      const [, component] = /^component-(\d{1,2})$/.exec(text) ?? [];
      if (component !== undefined) return { by: 'responsibility', component: Number(component) };
      const [, name] = /^column:(.+)$/.exec(text) ?? [];
      return name === undefined ? undefined : { by: 'column', name: decode(name) };
    },
  },
  palette: choice('palette', PALETTES),
  density: flag('density'),
  speed: {
    key: 'speed',
    write: (speed) => (speed === Infinity ? 'full' : String(speed)),
    read: (text) => {
      const value = text === 'full' ? Infinity : numberOf(text);
      return value !== undefined && value > 0 ? value : undefined;
    },
  },
  sample: whole('sample', 0, Number.MAX_SAFE_INTEGER),
  component: whole('component', 0, MOST.components - 1),
  order: choice('order', ['number', 'weight']),
  compare: {
    key: 'compare',
    write: ({ from, to, nInit, criterion }) => `${from}-${to},${nInit},${criterion}`,
    read: (text) => {
      const [, from, to, nInit, name] = /^(\d{1,2})-(\d{1,2}),(\d{1,3}),(\w+)$/.exec(text) ?? [];
      const criterion = CRITERIA.find((one) => one === name);
      const [least, most, starts] = [Number(from), Number(to), Number(nInit)];
      const isRange = least >= 1 && most > least && most <= MOST.components;
      return criterion && isRange && starts >= 1 && starts <= 100
        ? { from: least, to: most, nInit: starts, criterion }
        : undefined;
    },
  },
  picked: whole('picked', 1, MOST.components),
  placed: rows('placed'),
  model: rows('model'),
  edits: lists('edits'),
  restart: whole('restart', 1, MOST.restarts),
  at: {
    key: 'at',
    write: ({ iteration, isBefore, known, restart }) =>
      [
        iteration,
        isBefore ? '-' : '',
        known === iteration ? '' : `/${known === Infinity ? 'end' : known}`,
        restart === 1 ? '' : `@${restart}`,
      ].join(''),
    read: (text) => {
      const [, iteration, before, known, restart] =
        /^(\d{1,9})(-?)(?:\/(\d{1,9}|end))?(?:@(\d{1,2}))?$/.exec(text) ?? [];
      if (iteration === undefined) return undefined;
      return {
        iteration: Number(iteration),
        isBefore: before === '-',
        known: known === 'end' ? Infinity : Number(known ?? iteration),
        restart: Math.max(1, Number(restart ?? 1)),
      };
    },
  },
};

const NAMES = Object.keys(FIELDS) as (keyof PageState)[];

/**
 * The state as the part of an address after "#", such as "data=synthetic&k=8". What is as `usual` is left out.
 * @param usual what the page does by itself with these data
 */
export function encodeState(state: PageState, usual: PageState = {}): string {
  return NAMES.flatMap((name) => {
    const field = FIELDS[name] as Field<unknown>;
    const [value, common] = [state[name], usual[name]];
    if (value === undefined) return [];
    const text = field.write(value);
    if (common !== undefined && field.write(common) === text) return [];
    return [`${field.key}=${text}`];
  }).join('&');
}

/** @returns what the address says, and sentences on what cannot be read in it, which is passed over */
export function decodeState(hash: string): { state: PageState; problems: string[] } {
  const state: Partial<Record<keyof PageState, unknown>> = {};
  const problems: string[] = [];
  const given = hash.replace(/^#/, '');
  // (a plain "#place" is an anchor of the page)
  for (const pair of given.includes('=') ? given.split('&') : []) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const key = at < 0 ? pair : pair.slice(0, at);
    const text = at < 0 ? '' : pair.slice(at + 1);
    const name = NAMES.find((name) => FIELDS[name].key === key);
    if (name === undefined) {
      problems.push(`"${key}" is no setting of this page.`);
      continue;
    }
    const value = readSafely(FIELDS[name], text);
    if (value === undefined) problems.push(`"${key}=${text}" cannot be used.`);
    else state[name] = value;
  }
  return { state: state as PageState, problems };
}

/** A percent sign that begins no escape makes decoding throw. */
function readSafely(field: Pick<Field<unknown>, 'read'>, text: string): unknown {
  try {
    return field.read(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function whole(key: string, least: number, most: number): Field<number> {
  return numeric(key, (value) => Number.isInteger(value) && value >= least && value <= most);
}

function numeric(key: string, isRight: (value: number) => boolean): Field<number> {
  return {
    key,
    write: String,
    read: (text) => {
      const value = numberOf(text);
      return value !== undefined && Number.isFinite(value) && isRight(value) ? value : undefined;
    },
  };
}

function flag(key: string): Field<boolean> {
  const words: Record<string, boolean> = { yes: true, no: false };
  return {
    key,
    write: (value) => (value ? 'yes' : 'no'),
    read: (text) => (Object.hasOwn(words, text) ? words[text] : undefined),
  };
}

function choice<T extends string>(key: string, values: readonly T[]): Field<T> {
  return {
    key,
    write: encode,
    read: (text) => values.find((value) => value === decode(text)),
  };
}

function list(key: string): Field<readonly string[]> {
  return {
    key,
    write: (names) => names.map(encodeName).join(','),
    read: (text) => (text === '' ? undefined : text.split(',').map(decode)),
  };
}

/** Only what would end a value, or change on its way through a browser or a chat, is escaped. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/%(2F|3A|2C|3F|3D|40)/g, (escape) => decodeURIComponent(escape));
}

/** A name in a list, whose commas are its own. */
function encodeName(name: string): string {
  return encode(name).replaceAll(',', '%2C');
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** Both ends to a ten-thousandth of the length: what no eye tells apart. */
function rounded(low: number, high: number): [number, number] {
  const digits = Math.min(100, Math.max(0, 4 - Math.floor(Math.log10(high - low))));
  const round = (value: number) => (digits > 20 ? value : Number(value.toFixed(digits)));
  const [from, to] = [round(low), round(high)];
  return to > from ? [from, to] : [low, high];
}
