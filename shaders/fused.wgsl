// The whole E-step of families with few features: responsibilities and sums from one reading of the samples. Nothing of size N is
// written: at few features a_nk costs less to compute twice than to keep (log-joint.wgsl, normalise.wgsl and moments.wgsl write it
// twice and read it three times).
//   in    a part of a chunk of samples, every model
//   out   partials[(slab * stacked components + component) * TASK_VECTORS + vector], what reduce.wgsl reads;
//         likelihood_partials[model * slabs of the chunk + slab] = the slab's sum of s_n ln p(x_n)
//   grid  a workgroup per (slab of 4 * FUSED_QUADS samples, model): an invocation takes every WORKGROUP-th quad, four in all, kept in
//         registers: the variables are named because private arrays that a loop indexes leave them
// First ln p(x_n) of the invocation's own samples, over all components: no barrier. Then, component by component, gamma and the sums
// of the invocation's samples; FUSED_BATCH components are added up over the workgroup at a time, for two barriers.
// A fixed order, no atomics: the same bits every time. Annealed, HARD, and gamma = exp(a - maximum - ln sum) as in normalise.wgsl.
// A family declares coordinates(x, low, component), which log_density_at(coordinates, component) and
// add_sample_sums(sums, coordinates, weights) read.
@group(2) @binding(0) var<storage, read_write> partials: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> likelihood_partials: array<f32>;

const COLUMNS = FUSED_BATCH * TASK_VECTORS;
// invocations that add up one column: COLUMNS is at most 8
const ADDERS = WORKGROUP / 8u;

var<workgroup> lane_sums: array<vec4f, COLUMNS * WORKGROUP>;
var<workgroup> column_sums: array<vec4f, COLUMNS * ADDERS>;
var<workgroup> lane_likelihoods: array<f32, WORKGROUP>;
var<workgroup> likelihood_sums: array<f32, ADDERS>;

// Of a quad: max_k a_nk, and sum_k exp(a_nk - max) or, HARD, the component of the maximum.
struct Extent {
  maximum: vec4f,
  sum: vec4f,
}

@compute @workgroup_size(WORKGROUP)
fn fused(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let unit = dispatch.first_unit + index;
  let models = dispatch.stacked_components / dispatch.n_components;
  let slab = unit / models;
  let model = unit % models;
  let base = model * dispatch.n_components;

  // after the part's last quad that one stands again, of weight 0
  let first_quad = slab * FUSED_QUADS + lane;
  let last = dispatch.part_quads - 1u;
  let quad0 = dispatch.first_quad + min(first_quad, last);
  let quad1 = dispatch.first_quad + min(first_quad + WORKGROUP, last);
  let quad2 = dispatch.first_quad + min(first_quad + 2u * WORKGROUP, last);
  let quad3 = dispatch.first_quad + min(first_quad + 3u * WORKGROUP, last);
  let x0 = features(0u, quad0);
  let x1 = features(0u, quad1);
  let x2 = features(0u, quad2);
  let x3 = features(0u, quad3);
  let low0 = low_features(0u, quad0);
  let low1 = low_features(0u, quad1);
  let low2 = low_features(0u, quad2);
  let low3 = low_features(0u, quad3);

  // WGSL may assume that there are no infinities: the lowest float32 stands for ln 0
  var extent0 = Extent(vec4f(-3.0e38), vec4f(0.0));
  var extent1 = extent0;
  var extent2 = extent0;
  var extent3 = extent0;
  for (var k = 0u; k < dispatch.n_components; k++) {
    let component = base + k;
    extent0 = extended(extent0, scaled(log_density_at(coordinates(x0, low0, component), component), k, quad0), k);
    extent1 = extended(extent1, scaled(log_density_at(coordinates(x1, low1, component), component), k, quad1), k);
    extent2 = extended(extent2, scaled(log_density_at(coordinates(x2, low2, component), component), k, quad2), k);
    extent3 = extended(extent3, scaled(log_density_at(coordinates(x3, low3, component), component), k, quad3), k);
  }

  extent0 = settled(extent0);
  extent1 = settled(extent1);
  extent2 = settled(extent2);
  extent3 = settled(extent3);
  let weight0 = select(vec4f(0.0), sample_weights[quad0], first_quad <= last);
  let weight1 = select(vec4f(0.0), sample_weights[quad1], first_quad + WORKGROUP <= last);
  let weight2 = select(vec4f(0.0), sample_weights[quad2], first_quad + 2u * WORKGROUP <= last);
  let weight3 = select(vec4f(0.0), sample_weights[quad3], first_quad + 3u * WORKGROUP <= last);
  lane_likelihoods[lane] = dot(vec4f(1.0),
    weight0 * logarithm(extent0) + weight1 * logarithm(extent1) + weight2 * logarithm(extent2) + weight3 * logarithm(extent3));

  for (var first = 0u; first < dispatch.n_components; first += FUSED_BATCH) {
    for (var k = first; k < min(first + FUSED_BATCH, dispatch.n_components); k++) {
      let component = base + k;
      // an explicit zero: see statistics.wgsl
      var sums = mat4x4f();
      sums = add_quad(sums, x0, low0, component, k, quad0, extent0, weight0);
      sums = add_quad(sums, x1, low1, component, k, quad1, extent1, weight1);
      sums = add_quad(sums, x2, low2, component, k, quad2, extent2, weight2);
      sums = add_quad(sums, x3, low3, component, k, quad3, extent3, weight3);
      let at = (k - first) * TASK_VECTORS * WORKGROUP + lane;
      lane_sums[at] = sums[0];
      if (TASK_VECTORS > 1u) {
        lane_sums[at + WORKGROUP] = sums[1];
      }
      if (TASK_VECTORS > 2u) {
        lane_sums[at + 2u * WORKGROUP] = sums[2];
      }
      if (TASK_VECTORS > 3u) {
        lane_sums[at + 3u * WORKGROUP] = sums[3];
      }
    }
    workgroupBarrier();
    // (a batch's columns after the last component hold what stood there, and are not written out)
    if (lane < COLUMNS * ADDERS) {
      let at = lane / ADDERS * WORKGROUP + lane % ADDERS;
      column_sums[lane] = ((lane_sums[at] + lane_sums[at + ADDERS]) + (lane_sums[at + 2u * ADDERS] + lane_sums[at + 3u * ADDERS]))
        + ((lane_sums[at + 4u * ADDERS] + lane_sums[at + 5u * ADDERS]) + (lane_sums[at + 6u * ADDERS] + lane_sums[at + 7u * ADDERS]));
    }
    if (first == 0u && lane < ADDERS) {
      var likelihood = lane_likelihoods[lane];
      for (var other = lane + ADDERS; other < WORKGROUP; other += ADDERS) {
        likelihood += lane_likelihoods[other];
      }
      likelihood_sums[lane] = likelihood;
    }
    workgroupBarrier();
    if (lane < COLUMNS && first + lane / TASK_VECTORS < dispatch.n_components) {
      var sum = column_sums[lane * ADDERS];
      for (var adder = 1u; adder < ADDERS; adder++) {
        sum += column_sums[lane * ADDERS + adder];
      }
      partials[(slab * dispatch.stacked_components + base + first) * TASK_VECTORS + lane] = sum;
    }
  }
  if (lane == 0u) {
    var likelihood = likelihood_sums[0];
    for (var adder = 1u; adder < ADDERS; adder++) {
      likelihood += likelihood_sums[adder];
    }
    let slabs = (dispatch.chunk_quads + FUSED_QUADS - 1u) / FUSED_QUADS;
    likelihood_partials[model * slabs + dispatch.first_quad / FUSED_QUADS + slab] = likelihood;
  }
}

fn extended(extent: Extent, a: vec4f, k: u32) -> Extent {
  let above = a > extent.maximum;
  if (HARD) {
    return Extent(max(extent.maximum, a), select(extent.sum, vec4f(f32(k)), above));
  }
  let ratio = exp(-abs(a - extent.maximum));
  return Extent(max(extent.maximum, a), select(extent.sum + ratio, extent.sum * ratio + 1.0, above));
}

// ln of the sum in place of it; HARD, as it is
fn settled(extent: Extent) -> Extent {
  if (HARD) {
    return extent;
  }
  return Extent(extent.maximum, log(extent.sum));
}

// Of a settled one: ln sum_k exp(a_nk); HARD, the largest a_nk
fn logarithm(extent: Extent) -> vec4f {
  if (HARD) {
    return extent.maximum;
  }
  return extent.maximum + extent.sum;
}

fn add_quad(
  sums: mat4x4f,
  x: mat4x4f,
  low: mat4x4f,
  component: u32,
  k: u32,
  quad: u32,
  extent: Extent,
  weight: vec4f,
) -> mat4x4f {
  var at = coordinates(x, low, component);
  var weights = vec4f(0.0);
  if (HARD) {
    weights = select(weights, weight, extent.sum == vec4f(f32(k)));
  } else {
    weights = exp(scaled(log_density_at(at, component), k, quad) - extent.maximum - extent.sum) * weight;
  }
  if (dispatch.moment_offset > 0u) {
    at = coordinates(x, low, component + dispatch.moment_offset);
  }
  return add_sample_sums(sums, at, weights);
}

fn scaled(a: vec4f, k: u32, quad: u32) -> vec4f {
  return dispatch.inverse_temperature * guided(a, k, quad);
}
