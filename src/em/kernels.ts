import assign from '../../shaders/assign.wgsl?raw';
import dispatch from '../../shaders/dispatch.wgsl?raw';
import entropy from '../../shaders/entropy.wgsl?raw';
import features from '../../shaders/features.wgsl?raw';
import fused from '../../shaders/fused.wgsl?raw';
import eStep from '../../shaders/e-step.wgsl?raw';
import logJoint from '../../shaders/log-joint.wgsl?raw';
import moments from '../../shaders/moments.wgsl?raw';
import normalise from '../../shaders/normalise.wgsl?raw';
import oneDensity from '../../shaders/one-density.wgsl?raw';
import oneSum from '../../shaders/one-sum.wgsl?raw';
import guidance from '../../shaders/guidance.wgsl?raw';
import guidanceRandom from '../../shaders/guidance-random.wgsl?raw';
import posterior from '../../shaders/posterior.wgsl?raw';
import philox from '../../shaders/philox.wgsl?raw';
import reduce from '../../shaders/reduce.wgsl?raw';
import residualsSplit from '../../shaders/residuals-split.wgsl?raw';
import residuals from '../../shaders/residuals.wgsl?raw';
import responsibilities from '../../shaders/responsibilities.wgsl?raw';
import model from '../../shaders/model.wgsl?raw';
import samples from '../../shaders/samples.wgsl?raw';
import samplesBits from '../../shaders/samples-bits.wgsl?raw';
import samplesBitsMask from '../../shaders/samples-bits-mask.wgsl?raw';
import statistics from '../../shaders/statistics.wgsl?raw';
import whitenSamples from '../../shaders/whiten-samples.wgsl?raw';
import unitIndex from '../../shaders/unit-index.wgsl?raw';
import { blocksOf } from '../families/device-layout.ts';
import { PhiloxUse } from '../data/philox.ts';
import {
  MISSING,
  type DeviceTwin,
  type SampleLayout,
  type SumsForm,
} from '../families/device-twin.ts';
import { LOG_ZERO } from '../families/log-constants.ts';
import type { BindingKind, KernelSource } from '../gpu/kernel.ts';
import type { Guidance } from './guidance.ts';
import {
  fusedBatch,
  FUSED_QUADS,
  GROUP_SLABS,
  impossibleBelow,
  jointPlanes,
  shareBlocks,
  SLAB_QUADS,
  slabSamples,
  taskComponents,
  taskVectors,
  tileQuads,
  WORKGROUP,
} from './kernel-shape.ts';

export const ENTRY_POINTS: Readonly<
  Record<string, { code: string; workspace: readonly BindingKind[] }>
> = {
  log_joint: { code: logJoint, workspace: ['write'] },
  whiten_samples: { code: whitenSamples, workspace: ['write'] },
  normalise: { code: normalise, workspace: ['write', 'write'] },
  moments: { code: moments, workspace: ['read', 'write'] },
  statistics: { code: statistics, workspace: ['read', 'write'] },
  fused: { code: fused, workspace: ['write', 'write'] },
  e_step: { code: eStep, workspace: ['write', 'write', 'write'] },
  reduce: { code: reduce, workspace: ['read', 'write'] },
  responsibilities: { code: responsibilities, workspace: ['read', 'read', 'write'] },
  assign: { code: assign, workspace: ['write', 'write'] },
  entropy: { code: entropy, workspace: ['read', 'read', 'write'] },
  posterior: { code: posterior, workspace: ['read', 'read', 'write'] },
};
export type EntryPoint =
  | 'log_joint'
  | 'whiten_samples'
  | 'normalise'
  | 'moments'
  | 'statistics'
  | 'fused'
  | 'e_step'
  | 'reduce'
  | 'responsibilities'
  | 'assign'
  | 'entropy'
  | 'posterior';

/** What a kernel's text depends on. */
export interface KernelShape {
  readonly twin: DeviceTwin;
  readonly nFeatures: number;
  /** vec4s of tables a component; 0 where all components share them. */
  readonly tableVectors: number;
  /** Samples and means as pairs of float32. */
  readonly split: boolean;
  /** Whether some entries are missing. */
  readonly missing: boolean;
  readonly guidance?: Guidance['kind'] | undefined;
  /** Responsibilities of 0 and 1 (normalise and fused alone). */
  readonly hard?: boolean | undefined;
  /** Invocations that share a quad's components (normalise alone). */
  readonly lanes?: number | undefined;
  /** moments, statistics, fused and reduce: which of the family's sums; its own by default. */
  readonly sums?: SumsForm | undefined;
}

/** GUIDANCE of shaders/guidance.wgsl. */
const GUIDANCE = { none: 0, labels: 1, priors: 2, random: 3 };

/** WGSL may assume that there are no infinities: below every log-density. */
const LOWEST = -3.4e38;

/** Declarations of the samples by layout; bindings of group 0. */
const LAYOUTS: Readonly<Record<SampleLayout, (split: boolean, missing: boolean) => Prelude>> = {
  standardised: (split) => ({
    code: [samples, features, split ? residualsSplit : residuals],
    planes: split ? 3 : 2,
  }),
  values: () => ({ code: [samples], planes: 2 }),
  encoded: () => ({ code: [samples], planes: 2 }),
  bits: (_split, missing) => ({
    code: missing ? [samplesBits, samplesBitsMask] : [samplesBits],
    planes: missing ? 3 : 2,
  }),
};

interface Prelude {
  readonly code: readonly string[];
  readonly planes: number;
}

/**
 * One kernel's whole text: numbers, shared declarations, the family, the entry point. Declaration order is free in WGSL.
 */
export function kernelSource(entryPoint: EntryPoint, shape: KernelShape): KernelSource {
  const { twin, nFeatures, tableVectors, split, missing, guidance: known = 'none' } = shape;
  const hard = shape.hard === true && (entryPoint === 'normalise' || entryPoint === 'fused');
  const lanes = entryPoint === 'normalise' ? (shape.lanes ?? 1) : 1;
  const form = shape.sums ?? twin.sums;
  const numbers = {
    D: nFeatures,
    BLOCKS: blocksOf(nFeatures),
    COMPONENT_VECTORS: twin.componentVectors,
    WORKGROUP,
    SLAB_QUADS,
    GROUP_SLABS,
    LANES: lanes,
    DENSITY_COMPONENTS: twin.densityComponents ?? 1,
    ...(entryPoint === 'log_joint' ? { PLANES: jointPlanes(form) } : {}),
    ...(SUMMING.has(entryPoint) ? taskNumbers(form) : {}),
    ...(entryPoint === 'statistics' ? tileNumbers(form) : {}),
    ...(entryPoint === 'posterior'
      ? { IMPOSSIBLE: Math.max(LOWEST, impossibleBelow(twin, known !== 'none')) }
      : {}),
    ...(entryPoint === 'fused' ? { FUSED_QUADS, FUSED_BATCH: fusedBatch(form) } : {}),
    WHITENING_STRIDE: tableVectors,
    GUIDANCE: GUIDANCE[known],
    LOG_ZERO,
    RANDOM_STREAM: PhiloxUse.RESPONSIBILITIES,
    ...twin.numbers,
  };
  const header = [
    ...Object.entries(numbers).map(([name, value]) => `const ${name} = ${literal(value)};\n`),
    `const HAS_MISSING = ${missing};\n`,
    `const HARD = ${hard};\n`,
    `const SPLIT = ${split};\n`,
    `const MISSING = ${MISSING.toExponential(1)}f;\n`,
  ];
  const { code, workspace } = ENTRY_POINTS[entryPoint];
  const prelude = LAYOUTS[twin.layout](split, missing);
  const own = Object.entries(twin.numbers ?? {}).map(([name, value]) => `, ${name}=${value}`);
  const words = [
    split && 'split',
    missing && 'missing',
    hard && 'hard',
    lanes > 1 && `${lanes} lanes`,
    SUMMING.has(entryPoint) && form.name,
    entryPoint === 'log_joint' && form.keepsLogJoint && 'kept',
    known !== 'none' && `guided by ${known}`,
  ].filter(Boolean);
  const flags = [...words.map((word) => `, ${String(word)}`), ...own].join('');
  return {
    name: `${entryPoint}(${twin.name}, D=${nFeatures}, tables=${tableVectors}${flags})`,
    entryPoint,
    code: [
      header.join(''),
      dispatch,
      unitIndex,
      model,
      ...prelude.code,
      ...(known === 'random' ? [philox, guidanceRandom] : [guidance]),
      twin.shader,
      ...ownCode(entryPoint, twin, form),
      code,
    ].join('\n'),
    groups: [
      Array.from({ length: prelude.planes }, () => 'read' as const),
      ['read', 'read'],
      workspace,
      ['uniform'],
    ],
  };
}

/** Kernels whose text depends on which sums they are for. */
export const SUMMING: ReadonlySet<EntryPoint> = new Set([
  'moments',
  'statistics',
  'fused',
  'reduce',
]);

/** What the entry point needs beside the family's density. */
function ownCode(entryPoint: EntryPoint, twin: DeviceTwin, form: SumsForm): string[] {
  if (entryPoint === 'log_joint') return twin.densityComponents === 4 ? [] : [oneDensity];
  if (entryPoint === 'moments')
    return form.components === 1 ? [form.shader, oneSum] : [form.shader];
  return entryPoint === 'statistics' || entryPoint === 'fused' ? [form.shader] : [];
}

const taskNumbers = (form: SumsForm): Record<string, number> => ({
  TASK_COMPONENTS: taskComponents(form),
  TASK_BLOCKS: form.blockCount,
  TASK_VECTORS: taskVectors(form),
});

function tileNumbers({ tileRows = 0, blockCount }: SumsForm): Record<string, number> {
  const quads = tileQuads(tileRows);
  const { shared, owned, groups } = shareBlocks(blockCount, quads);
  return {
    TILE_QUADS: quads,
    SLAB_TILES: slabSamples(quads) / (4 * quads),
    SHARED: shared,
    OWNED: owned,
    BLOCK_GROUPS: groups,
    BLOCKS_PER_GROUP: (WORKGROUP / shared) * owned,
  };
}

/** Whole numbers are u32, others f32. */
const literal = (value: number): string =>
  Number.isInteger(value) && value >= 0 ? `${value}u` : `${value.toExponential()}f`;
