import type { DeviceTwin, SumsForm } from '../families/device-twin.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Work } from '../gpu/work-queue.ts';
import { tilesOf, type DeviceChunk } from './device-chunks.ts';
import type { Model } from './device-model.ts';
import type { DeviceWorks } from './device-works.ts';
import { fusedWorks } from './fused-works.ts';
import {
  CHUNK_ALIGNMENT,
  groupsOf,
  jointPlanes,
  normaliseLanes,
  shareBlocks,
  slabOf,
  sumVectors,
  taskComponents,
  taskVectors,
  TILE_SAMPLES,
  tileQuads,
  WORKGROUP,
} from './kernel-shape.ts';
import { reduceWork } from './reduce-work.ts';
import { inverseTemperatureOf, type Responsibilities } from './responsibilities.ts';

/**
 * Bytes of a_nk (then s_n gamma_nk) held at a time, and of slab partials: what a large GPU's cache holds, and more samples than
 * keep it busy.
 */
export const SCRATCH_BYTES = 32 * 2 ** 20;

const { STORAGE } = BufferUsage;

/** Which samples of a chunk are worked on together. */
export interface ChunkPart {
  readonly firstQuad: number;
  readonly quads: number;
  readonly firstSlab: number;
  readonly slabs: number;
}

/**
 * Where samples are whitened before a pass (shaders/whiten-samples.wgsl): the kernels that follow read them instead, as components
 * of the inner twin.
 */
export interface WhitenedPass {
  readonly twin: DeviceTwin;
  /** The whitening, as the family's own model has it. */
  readonly outer: Model;
}

/** What a pass puts its results in. */
export interface PassTargets {
  readonly form: SumsForm;
  readonly totals: GPUBuffer;
  /** Sums of s_n ln p(x_n), one a workgroup of `normalise` or a slab of `fused`, a row for each model. */
  readonly likelihoods: GPUBuffer;
  /** Slabs of the chunks before. */
  readonly firstSlab: number;
}

/**
 * The kernels of one E-step over a chunk, a part at a time: log_joint, normalise, then the sums of the family's form, for as many
 * components at a time as the scratch holds, added up by reduce.
 */
export class DeviceEStep {
  readonly #works: DeviceWorks;
  readonly #twin: DeviceTwin;

  constructor(works: DeviceWorks) {
    this.#works = works;
    this.#twin = works.twin;
  }

  /** How many models of K components one pass over the samples takes: as many as the scratch holds, at least one. */
  modelsInPass(nComponents: number): number {
    const { nSamples, largestStride, bindingLimit } = this.#works;
    const samples = Math.min(largestStride, 4 * CHUNK_ALIGNMENT);
    const planes = Math.max(...this.#forms().map(jointPlanes));
    const joint = Math.min(SCRATCH_BYTES, bindingLimit) / (4 * samples * planes);
    // all groups of slabs are read back together
    const totals = this.#forms().map(
      (form) => sumVectors(form, nComponents) * (groupsOf(Math.ceil(nSamples / slabOf(form))) + 1),
    );
    const sums = Math.min(2 * SCRATCH_BYTES, bindingLimit) / (16 * Math.max(...totals));
    return Math.max(1, Math.floor(Math.min(joint / nComponents, sums)));
  }

  #forms(): SumsForm[] {
    const { sums, shortSums } = this.#twin;
    return shortSums ? [sums, shortSums] : [sums];
  }

  /** Slabs that a chunk is summed in. */
  slabsOf(chunk: DeviceChunk, form: SumsForm, stacked: number, whitened = 0): number {
    const parts = this.#parts(chunk, form, stacked, whitened);
    const { firstSlab, slabs } = parts[parts.length - 1];
    return firstSlab + slabs;
  }

  /** Log-likelihoods that `normalise`, or `fused`, gives of a chunk, for each model. */
  likelihoodsOf(chunk: DeviceChunk, nComponents: number, form: SumsForm): number {
    if (form.kernel === 'fused') return Math.ceil(chunk.nSamples / slabOf(form));
    return (tilesOf(chunk) * WORKGROUP) / (WORKGROUP / normaliseLanes(nComponents));
  }

  async works(
    chunk: DeviceChunk,
    model: Model,
    targets: PassTargets,
    how: Responsibilities,
    pass?: WhitenedPass,
  ): Promise<Work[]> {
    const { form } = targets;
    if (form.kernel === 'fused') {
      const stacked = model.nComponents * model.parts.length;
      const parts = this.#parts(chunk, form, stacked, 0);
      const largest = this.#partSamples(form, stacked, 0);
      return fusedWorks(this.#works, parts, chunk, model, targets, how, largest);
    }
    const lanes = normaliseLanes(model.nComponents);
    const kernels = this.#works;
    const twin = pass?.twin ?? this.#twin;
    // compiled side by side the first time
    const [logJoint, normalise, summing, reduce] = await Promise.all([
      kernels.kernel('log_joint', model, { twin, sums: form }),
      kernels.kernel('normalise', model, { twin, how, lanes }),
      kernels.kernel(form.kernel, model, { twin, sums: form }),
      kernels.kernel('reduce', model, { twin, sums: form }),
    ]);
    const stacked = model.nComponents * model.parts.length;
    const whitenedRows = pass ? kernels.nFeatures : 0;
    const jointStride = this.#partSamples(form, stacked, whitenedRows) / 4;
    const whitened = pass && kernels.buffer('whitened', jointStride * whitenedRows * 16, STORAGE);
    const joint = kernels.buffer('joint', jointStride * stacked * jointPlanes(form) * 16, STORAGE);
    // by the largest part, so that the scratch never grows while works that bind it wait
    const slabs = Math.ceil((jointStride * 4) / slabOf(form));
    const perBlock = this.#componentsInScratch(form, slabs, stacked);
    const scratch = slabs * sumVectors(form, Math.min(perBlock, stacked)) * 16;
    const partials = kernels.buffer('partials', scratch, STORAGE);
    const { densityCost, densityComponents = 1 } = twin;
    const works: Work[] = [];
    for (const part of this.#parts(chunk, form, stacked, whitenedRows)) {
      const common = {
        firstQuad: part.firstQuad,
        partQuads: part.quads,
        jointStride,
        inverseTemperature: inverseTemperatureOf(how),
      };
      const tiles = part.quads / WORKGROUP;
      if (pass) works.push(await this.#whiten(chunk, pass.outer, part, jointStride, whitened!));
      // whitened samples lie from their part's beginning on
      const source = pass ? { ...common, firstQuad: 0 } : common;
      const laid = pass ? { ...chunk, stride: 4 * jointStride } : chunk;
      works.push({
        kernel: logJoint,
        bindGroups: kernels.groups(logJoint, chunk, model, [joint], whitened),
        units: tiles * Math.ceil(stacked / densityComponents),
        workgroupsPerUnit: 1,
        costPerUnit: TILE_SAMPLES * densityComponents * densityCost,
        uniforms: kernels.uniforms(model, laid, source),
      });
      works.push({
        kernel: normalise,
        bindGroups: kernels.groups(normalise, chunk, model, [joint, targets.likelihoods], whitened),
        units: tiles * lanes * model.parts.length,
        workgroupsPerUnit: 1,
        costPerUnit: (TILE_SAMPLES / lanes) * model.nComponents * 24,
        uniforms: kernels.uniforms(model, chunk, common),
      });
      const firstSlab = targets.firstSlab + part.firstSlab;
      for (let first = 0; first < stacked; first += perBlock) {
        const count = Math.min(perBlock, stacked - first);
        const uniforms = kernels.uniforms(model, laid, {
          ...source,
          firstComponent: first,
          componentCount: count,
          firstSlab,
          slabs: part.slabs,
        });
        works.push({
          kernel: summing,
          bindGroups: kernels.groups(summing, chunk, model, [joint, partials], whitened),
          ...this.#sumUnits(form, part.slabs, count),
          uniforms,
        });
        works.push(
          reduceWork(
            reduce,
            kernels.groups(reduce, chunk, model, [partials, targets.totals], whitened),
            { vectors: sumVectors(form, count), firstSlab, slabs: part.slabs, uniforms },
          ),
        );
      }
    }
    return works;
  }

  /** Slabs that `scatterWorks` sums a chunk in. */
  scatterSlabs(chunk: DeviceChunk, form: SumsForm): number {
    return Math.ceil(chunk.nSamples / slabOf(form));
  }

  /** Sums of one component about 0 that has every sample: its gamma are the sample weights. */
  async scatterWorks(
    chunk: DeviceChunk,
    model: Model,
    form: SumsForm,
    totals: GPUBuffer,
    firstSlab: number,
  ): Promise<Work[]> {
    const kernels = this.#works;
    const [moments, reduce] = await Promise.all([
      kernels.kernel(form.kernel, model, { sums: form }),
      kernels.kernel('reduce', model, { sums: form }),
    ]);
    const slabs = this.scatterSlabs(chunk, form);
    const largest = Math.ceil(kernels.largestStride / slabOf(form));
    const bytes = largest * sumVectors(form, 1) * 16;
    const partials = kernels.buffer('partials', bytes, STORAGE);
    const uniforms = kernels.uniforms(model, chunk, {
      partQuads: (tilesOf(chunk) * TILE_SAMPLES) / 4,
      firstSlab,
      slabs,
    });
    return [
      {
        kernel: moments,
        bindGroups: kernels.groups(moments, chunk, model, [chunk.weights, partials]),
        ...this.#sumUnits(form, slabs, 1),
        uniforms,
      },
      reduceWork(reduce, kernels.groups(reduce, chunk, model, [partials, totals]), {
        vectors: sumVectors(form, 1),
        firstSlab,
        slabs,
        uniforms,
      }),
    ];
  }

  async #whiten(
    chunk: DeviceChunk,
    outer: Model,
    { firstQuad, quads }: ChunkPart,
    jointStride: number,
    whitened: GPUBuffer,
  ): Promise<Work> {
    const kernels = this.#works;
    const kernel = await kernels.kernel('whiten_samples', outer);
    const { nFeatures } = kernels;
    return {
      kernel,
      bindGroups: kernels.groups(kernel, chunk, outer, [whitened]),
      units: (quads / WORKGROUP) * Math.ceil(nFeatures / 16),
      workgroupsPerUnit: 1,
      costPerUnit: TILE_SAMPLES * 16 * nFeatures,
      uniforms: kernels.uniforms(outer, chunk, { firstQuad, partQuads: quads, jointStride }),
    };
  }

  #sumUnits(
    form: SumsForm,
    slabs: number,
    count: number,
  ): Pick<Work, 'units' | 'workgroupsPerUnit' | 'costPerUnit'> {
    const { densityCost } = this.#twin;
    const slab = slabOf(form);
    if (form.kernel === 'moments') {
      const tasks = Math.ceil(count / taskComponents(form)) * form.blockCount;
      // a block of sums costs two or three operations a number
      return {
        units: slabs * tasks,
        workgroupsPerUnit: 1,
        costPerUnit: slab * taskVectors(form) * 4 * 2,
      };
    }
    const { groups } = shareBlocks(form.blockCount, tileQuads(form.tileRows ?? 0));
    return {
      units: slabs * count,
      workgroupsPerUnit: groups,
      costPerUnit: slab * 2 * groups * densityCost,
    };
  }

  /** Components whose partials the scratch holds: all, or a multiple of what a task takes. */
  #componentsInScratch(form: SumsForm, slabs: number, stacked: number): number {
    const step = taskComponents(form);
    const tasks = Math.floor(SCRATCH_BYTES / (16 * slabs * sumVectors(form, step)));
    return Math.max(1, Math.min(Math.ceil(stacked / step), tasks)) * step;
  }

  /**
   * Samples whose a_nk are held at a time: whole multiples of the longest slab where they fit, so that slabs do not depend on how
   * samples are cut.
   */
  #partSamples(form: SumsForm, stacked: number, whitenedRows: number): number {
    const { largestStride, bindingLimit } = this.#works;
    const sampleBytes = 4 * Math.max(whitenedRows, stacked * jointPlanes(form));
    const joint = Math.floor(Math.min(SCRATCH_BYTES, bindingLimit) / sampleBytes);
    // a part whose partials fit in the scratch for all components at once
    const slabs = Math.floor(SCRATCH_BYTES / (16 * sumVectors(form, stacked)));
    const wanted = Math.max(CHUNK_ALIGNMENT, Math.min(joint, slabs * slabOf(form)));
    const fitting = Math.min(wanted, Math.floor(bindingLimit / sampleBytes));
    const unit = fitting >= CHUNK_ALIGNMENT ? CHUNK_ALIGNMENT : TILE_SAMPLES;
    return Math.min(largestStride, Math.max(1, Math.floor(fitting / unit)) * unit);
  }

  #parts(chunk: DeviceChunk, form: SumsForm, stacked: number, whitenedRows: number): ChunkPart[] {
    const samples = this.#partSamples(form, stacked, whitenedRows);
    const all = tilesOf(chunk) * TILE_SAMPLES;
    const parts: ChunkPart[] = [];
    let firstSlab = 0;
    for (let first = 0; first < all; first += samples) {
      const count = Math.min(samples, all - first);
      const slabs = Math.ceil(count / slabOf(form));
      parts.push({ firstQuad: first / 4, quads: count / 4, firstSlab, slabs });
      firstSlab += slabs;
    }
    return parts;
  }
}
