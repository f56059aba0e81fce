import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from './family.ts';
import {
  blockDensity,
  joinParameters,
  layBlocks,
  parametersOf,
  readBlock,
  resolveBlock,
  setRows,
  standardisationOf,
  type Block,
  type IndependentDensity,
  type IndependentParameters,
} from './independent-block.ts';
import { checkBlocks, checkColumns, inBlock } from './independent-checks.ts';
import { independentTwin, whyDeviceless } from './independent-device.ts';
import {
  logIndependentPrior,
  readIndependentPrior,
  type IndependentPrior,
} from './independent-prior.ts';
import { blocksFromSettings, settingsOf } from './independent-settings.ts';
import { blockStatistics, independentStatistics } from './independent-statistics.ts';
import { supportOf, type ColumnSupport } from './independent-support.ts';
import { leastSamples } from './least-samples.ts';
import { weightsFromMass } from './statistics.ts';

export interface IndependentFamily extends Family<IndependentParameters, IndependentDensity> {
  readonly blocks: readonly Block[];
  readonly support: ColumnSupport;
  /** Why it runs in float64 only; left out where the device can. */
  readonly deviceless?: string;
}

/**
 * Columns of different families in one mixture: given the component they are independent,
 * p(x | theta_k) = prod_b p_b(x_b | theta_kb), so log-densities add and statistics and M-steps are the blocks' own (the
 * naive-Bayes or latent-class assumption; Murphy, Probabilistic Machine Learning, ch. 8).
 *
 * Blocks take the samples' columns in the order of the object's keys, one each, or as many as the family was made for:
 * `independent({ age: poisson(), clicks: bernoulli(4), score: gaussian({ covarianceType: 'diag' }) })` takes six. (JavaScript
 * puts keys that are whole numbers first.) The mixture's parameters are the blocks', in the user's units, by the names
 * `age.rates` (K x 1), `clicks.probabilities` (K x 4), `score.means` (K x 1), ... A block's prior is an option of its factory;
 * the mixture's own `prior: { alpha }` is that on the weights.
 *
 * Missing entries are allowed where every block allows them and is a product of columns. It computes on WebGPU where every
 * block has `Family.columns`; else in float64, and `deviceless` names the block.
 * @param blocks families by the names that their parameters get
 * @throws MixtureError INVALID_OPTION for no blocks, an empty name or one with a dot, or a value that is no family
 */
export function independent(blocks: Readonly<Record<string, Family>>): IndependentFamily {
  checkBlocks(blocks);
  const named = Object.entries(blocks).map(([name, family]) => ({ name, family }));
  return makeIndependent(layBlocks(named));
}

/** The family again from its `settings`. @param make a block's family from its name and settings */
export function independentFromSettings(
  settings: Readonly<Record<string, unknown>>,
  make: (name: string, settings: Readonly<Record<string, unknown>>) => Family,
): IndependentFamily {
  return makeIndependent(blocksFromSettings(settings, make));
}

/** Counts families made: their encodings have different names. */
let made = 0;

/** @param resolved whether the blocks have seen samples: then they keep what they took from them */
function makeIndependent(blocks: readonly Block[], resolved = false): IndependentFamily {
  const nFeatures = sum(blocks, ({ width }) => width);
  const length = sum(blocks, ({ nSums }) => nSums);
  const encodingName = `independent ${++made}`;
  const deviceless = whyDeviceless(blocks);
  const whole = blocks.find(({ family }) => family.missing !== 'observed');
  const missingRefusal =
    whole && `block "${whole.name}" (${whole.family.name}) needs whole samples in independent()`;
  const sumsOf = sumViews(blocks, length);
  const each = (
    { weights, ...arrays }: IndependentParameters,
    map: (block: Block, own: Parameters) => Parameters,
  ): IndependentParameters => {
    const parameters = { ...arrays, weights: weights.slice() };
    const parts = blocks.map((block) => map(block, parametersOf(block, parameters)));
    return joinParameters(parameters.weights, blocks, parts);
  };

  return {
    name: 'independent',
    settings: settingsOf(blocks),
    blocks,
    ...(deviceless !== undefined && { deviceless }),
    coordinates: 'raw',
    missing: missingRefusal === undefined ? 'observed' : 'refused',
    missingRefusal,
    start: blocks.some(({ family }) => 'narrow' in family || family.start === 'partition')
      ? 'partition'
      : 'blend',
    support: supportOf(blocks),
    parameterShapes: (nComponents) =>
      Object.fromEntries(
        blocks.flatMap(({ name, family, width }) =>
          Object.entries(family.parameterShapes(nComponents, width)).map(([array, shape]) => [
            `${name}.${array}`,
            shape,
          ]),
        ),
      ),
    checkParameters(parameters) {
      for (const block of blocks) {
        const own = parametersOf(block, parameters);
        const problem = block.family.checkParameters(own, block.width);
        if (problem !== undefined) return `in block "${block.name}", ${problem}`;
      }
      return undefined;
    },
    freeParameters: (nComponents) =>
      sum(blocks, ({ family, width }) => family.freeParameters(nComponents, width)),
    leastSamples: () => Math.max(...blocks.map(({ family, width }) => leastSamples(family, width))),
    statisticsLength: () => length,

    *resolve(samples) {
      checkColumns(blocks, nFeatures, samples);
      if (resolved) return this;
      const own: Block[] = [];
      for (const block of blocks) {
        const steps = resolveBlock(block, samples);
        for (;;) {
          const { done, value } = inBlock(block, () => steps.next());
          if (done === true) {
            own.push(value);
            break;
          }
          yield;
        }
      }
      return makeIndependent(layBlocks(own), true);
    },
    standardise: (parameters) =>
      each(parameters, (block, own) => block.family.standardise(own, standardisationOf(block))),
    restore: (parameters) =>
      each(parameters, (block, own) => block.family.restore(own, standardisationOf(block))),

    density: (parameters) => ({
      nComponents: parameters.weights.length,
      nFeatures,
      logConstants: parameters.weights.map(Math.log),
      blocks: blocks.map((block) => inBlock(block, () => blockDensity(block, parameters))),
    }),
    logDensity(density, component, sample) {
      let total = density.logConstants[component];
      for (let b = 0; b < blocks.length; b++) {
        const block = blocks[b];
        const own = readBlock(block, sample);
        total += block.family.logDensity(density.blocks[b], component, own, block.residual);
      }
      return total;
    },
    ...(blocks.some(({ family }) => 'logBaseMeasure' in family) && {
      logBaseMeasure: (sample: Float64Array) =>
        sum(blocks, (block) => block.family.logBaseMeasure?.(readBlock(block, sample)) ?? 0),
    }),
    origin(density) {
      const origin = new Float64Array(density.nComponents * nFeatures);
      blocks.forEach(({ family, first, width }, b) => {
        const own = family.origin(density.blocks[b]);
        if (own.length > 0) setRows(origin, nFeatures, first, own, width);
      });
      return origin;
    },
    accumulate(density, component, weight, sample, _residual, sums) {
      for (let b = 0; b < blocks.length; b++) {
        const { family, residual } = blocks[b];
        const own = readBlock(blocks[b], sample);
        const out = sumsOf(sums, component, b);
        family.accumulate(density.blocks[b], component, weight, own, residual, out);
      }
    },

    ...independentStatistics(blocks),
    mStep(statistics, previous, options) {
      const priors = options.prior as IndependentPrior | undefined;
      const parts = blocks.map((block, b) => {
        const { family, first } = block;
        const standardisation = standardisationOf(block);
        const own = blockStatistics(block, statistics);
        // given in the user's units: see `coordinates`
        const regCovar = standardisation.scales.map(
          (scale, d) => options.regCovar[first + d] / scale / scale,
        );
        return inBlock(block, () =>
          family.mStep(own, parametersOf(block, previous), {
            regCovar,
            standardisation,
            prior: priors?.[b],
          }),
        );
      });
      return joinParameters(weightsFromMass(statistics.componentMass), blocks, parts);
    },
    readPrior: (prior, problem) => readIndependentPrior(blocks, prior, problem),
    logPrior: (parameters, prior) =>
      logIndependentPrior(blocks, parameters, prior as IndependentPrior),

    categoryProbabilities(parameters, feature) {
      const block = blocks.find(({ first, width }) => feature < first + width)!;
      const own = parametersOf(block, parameters);
      return block.family.categoryProbabilities?.(own, feature - block.first, block.width);
    },
    expectation(parameters) {
      const out = new Float64Array(parameters.weights.length * nFeatures);
      for (const block of blocks) {
        const own = block.family.expectation(parametersOf(block, parameters), block.width);
        setRows(out, nFeatures, block.first, own, block.width);
      }
      return out;
    },
    // how long each block's part is, then the parts
    prepareDraws(parameters) {
      const parts = blocks.map((block) =>
        block.family.prepareDraws(parametersOf(block, parameters), block.width),
      );
      return Float64Array.from(
        parts.map((part) => part.length).concat(parts.flatMap((part) => Array.from(part))),
      );
    },
    draw(parameters, prepared, component, random, out, offset) {
      let at = blocks.length;
      blocks.forEach((block, b) => {
        const own = prepared.subarray(at, at + prepared[b]);
        at += prepared[b];
        const numbers = parametersOf(block, parameters);
        block.family.draw(numbers, own, component, random, out, offset + block.first);
      });
    },
    neutral: (nComponents) =>
      joinParameters(
        new Float64Array(nComponents).fill(1 / nComponents),
        blocks,
        blocks.map(({ family, width }) => family.neutral(nComponents, width)),
      ),
    device(_nFeatures, missing) {
      if (deviceless === undefined) return independentTwin(blocks, missing, encodingName);
      throw new MixtureError(
        'INVALID_OPTION',
        `This mixture cannot compute on WebGPU: ${deviceless}.`,
        'Use the CPU (backend: "cpu"), or blocks whose features are independent.',
        { family: 'independent' },
      );
    },
  };
}

const sum = <T>(items: readonly T[], number: (item: T) => number): number =>
  items.reduce((total, item) => total + number(item), 0);

/**
 * A block's sums such that its component k lies where the mixture's component k has them: a component's sums are the blocks'
 * one after the other. The views of one array are kept, as it is added to sample after sample.
 */
function sumViews(
  blocks: readonly Block[],
  length: number,
): (sums: Float64Array, component: number, block: number) => Float64Array {
  let of: Float64Array | undefined;
  let views: Float64Array[] = [];
  return (sums, component, block) => {
    if (of !== sums) {
      of = sums;
      views = Array.from({ length: sums.length / length }, (_, k) => k).flatMap((k) =>
        blocks.map(({ firstSum, nSums }) => sums.subarray(k * (length - nSums) + firstSum)),
      );
    }
    return views[component * blocks.length + block];
  };
}
