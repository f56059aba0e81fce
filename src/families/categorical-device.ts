import shader from '../../shaders/families/categorical.wgsl?raw';
import type { CategoricalDensity, CategoricalParameters } from './categorical.ts';
import { roundingCorrection } from './device-layout.ts';
import { checkDensityLoops } from './device-loops.ts';
import {
  ownSums,
  type DeviceTwin,
  type PackedDensity,
  type UnpackedStatistics,
} from './device-twin.ts';
import { LOG_ZERO } from './log-constants.ts';

type Packed = PackedDensity<CategoricalDensity>;

/** Features that one turn of log_density's loop looks up. */
const FEATURES_A_TURN = 4;

/**
 * Categorical on WebGPU: tables of ln theta in float32, four categories a vec4, as many for each feature as the one with most
 * needs. Without missing entries a feature's expected ln theta goes, in float64, from its table into the constant: what the
 * device adds up stays about 0 in a sample of the component, where float32 has most digits.
 */
export function categoricalTwin(
  nFeatures: number,
  mostCategories: number,
  missing: boolean,
): DeviceTwin<CategoricalParameters, CategoricalDensity> {
  const vectors = Math.ceil(mostCategories / 4);
  const densityIterations = 1 + Math.ceil(nFeatures / FEATURES_A_TURN);
  checkDensityLoops('categorical', nFeatures, densityIterations);
  return {
    name: 'categorical',
    shader,
    layout: 'values',
    numbers: { CATEGORY_VECTORS: vectors },
    componentVectors: 1,
    couples: false,
    // counts of four categories of a feature, and the mass
    sums: ownSums(nFeatures * vectors, 2),
    densityCost: 8 * nFeatures + 16,
    densityIterations,
    pack: (density) => pack(density, missing),
    unpack: (sums, packed) => unpack(sums, packed, missing),
  };
}

function pack(density: CategoricalDensity, missing: boolean): Packed {
  const { nComponents, nFeatures, mostCategories, nCategories, logProbabilities: exact } = density;
  const stride = 4 * Math.ceil(mostCategories / 4);
  const tables = new Float32Array(nComponents * nFeatures * stride);
  const logProbabilities = exact.slice();
  // what was taken from the tables
  const expected = new Float64Array(nComponents);
  for (let row = 0; row < nComponents * nFeatures; row++) {
    const k = Math.floor(row / nFeatures);
    const own = nCategories[row % nFeatures];
    const logs = exact.subarray(row * mostCategories, row * mostCategories + own);
    let mean = 0;
    // (0 ln 0 = 0)
    if (!missing) for (const log of logs) if (log > -Infinity) mean += Math.exp(log) * log;
    expected[k] += mean;
    logs.forEach((log, c) => {
      const at = row * stride + c;
      tables[at] = Math.max(LOG_ZERO, log - mean);
      logProbabilities[row * mostCategories + c] = tables[at] + mean;
    });
  }
  const constants = density.logConstants.map((constant, k) => constant + expected[k]);
  const shift = Math.max(...constants);
  const components = new Float32Array(4 * nComponents);
  const logConstants = constants.map((constant, k) => {
    components[4 * k] = Math.max(LOG_ZERO, constant - shift);
    return components[4 * k] + shift - expected[k];
  });
  const rounded = { ...density, logConstants, logProbabilities };
  const tableVectors = (nFeatures * stride) / 4;
  return { components, whitening: tables, tableVectors, shift, density, rounded };
}

function unpack(sums: Float64Array, packed: Packed, missing: boolean): UnpackedStatistics {
  const { density, rounded } = packed;
  const { nComponents, nFeatures, mostCategories } = density;
  const vectors = Math.ceil(mostCategories / 4);
  const componentMass = new Float64Array(nComponents);
  const counts = new Float64Array(nComponents * nFeatures * mostCategories);
  const observed = missing ? new Float64Array(nComponents * nFeatures) : undefined;
  let logLikelihoodCorrection = 0;
  for (let row = 0; row < nComponents * nFeatures; row++) {
    const first = row * vectors * 8;
    if (row % nFeatures === 0) {
      const k = row / nFeatures;
      componentMass[k] = sums[first + 4];
      logLikelihoodCorrection += roundingCorrection(packed, k, componentMass[k]);
    }
    for (let c = 0; c < mostCategories; c++) {
      const count = sums[first + 8 * (c >> 2) + (c & 3)];
      const i = row * mostCategories + c;
      counts[i] = count;
      if (observed) observed[row] += count;
      const { logProbabilities } = density;
      // an impossible category has no count, unless no component allows the sample
      if (count === 0 || logProbabilities[i] === -Infinity) continue;
      logLikelihoodCorrection += count * (logProbabilities[i] - rounded.logProbabilities[i]);
    }
  }
  const statistics = { nComponents, componentMass, sums: counts, origin: NO_ORIGIN, observed };
  return { statistics, logLikelihoodCorrection };
}

const NO_ORIGIN = new Float64Array(0);
