// D independent features of one exponential family. Twin of src/families/exponential-family.ts.
// a_nk = constant_k + sum_d sum_s eta_kds (T_s(x_nd) - t_kds), with t near E_k[T]: residuals, so that float32 has their digits.
// A family adds one function, in a file of its own:
//   fn sufficient_statistics(x: f32) -> array<f32, STATISTICS>
// components: (constant, a value of the support, 0, 0) a component. whitening: for each block of four features and each
// statistic a vec4 of eta and one of t; then, where entries are missing, a vec4 of the features' constants, which go with them.
// Features after the last one of the last block have eta = 0 and t = 0.

const BLOCK_VECTORS = 2u * STATISTICS + select(0u, 1u, HAS_MISSING);

fn log_density(component: u32, quad: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var block = 0u; block < BLOCKS; block++) {
    let at = component * WHITENING_STRIDE + block * BLOCK_VECTORS;
    if (STATISTICS == 1u) {
      // no loop: llvmpipe would count two turns for its one
      sum += centred_statistic(component, block, 0u, quad) * whitening[at];
    } else {
      for (var s = 0u; s < STATISTICS; s++) {
        sum += centred_statistic(component, block, s, quad) * whitening[at + 2u * s];
      }
    }
    if (HAS_MISSING) {
      sum += observed_entries(block, quad) * whitening[at + 2u * STATISTICS];
    }
  }
  return log_constant(component) + sum;
}

// T_s(x) - t_s for the four features of a block (columns) and the four samples of a quad (rows); 0 where missing.
fn centred_statistic(component: u32, block: u32, s: u32, quad: u32) -> mat4x4f {
  let t = whitening[component * WHITENING_STRIDE + block * BLOCK_VECTORS + 2u * s + 1u];
  return mat4x4f(
    feature_statistic(component, 4u * block, s, quad, t.x),
    feature_statistic(component, 4u * block + 1u, s, quad, t.y),
    feature_statistic(component, 4u * block + 2u, s, quad, t.z),
    feature_statistic(component, 4u * block + 3u, s, quad, t.w),
  );
}

fn feature_statistic(component: u32, feature: u32, s: u32, quad: u32, t: f32) -> vec4f {
  if (!has_feature(feature)) {
    return vec4f(0.0);
  }
  let x = sample_values[feature * dispatch.quad_stride + quad];
  if (HAS_MISSING) {
    // T is never asked about a missing entry: a value of the support stands in, and is left out
    let seen = is_observed(x);
    let value = select(vec4f(components[component * COMPONENT_VECTORS].y), x, seen);
    return select(vec4f(0.0), statistic(value, s) - t, seen);
  }
  return statistic(x, s) - t;
}

fn statistic(x: vec4f, s: u32) -> vec4f {
  var t0 = sufficient_statistics(x.x);
  var t1 = sufficient_statistics(x.y);
  var t2 = sufficient_statistics(x.z);
  var t3 = sufficient_statistics(x.w);
  return vec4f(t0[s], t1[s], t2[s], t3[s]);
}

fn is_observed(x: vec4f) -> vec4<bool> {
  return x > vec4f(0.5 * MISSING);
}

// 1 for each observed entry of the four features of a block (columns) and the four samples of a quad (rows), else 0.
fn observed_entries(block: u32, quad: u32) -> mat4x4f {
  return mat4x4f(
    observed_feature(4u * block, quad),
    observed_feature(4u * block + 1u, quad),
    observed_feature(4u * block + 2u, quad),
    observed_feature(4u * block + 3u, quad),
  );
}

fn observed_feature(feature: u32, quad: u32) -> vec4f {
  if (!has_feature(feature)) {
    return vec4f(0.0);
  }
  return vec4f(is_observed(sample_values[feature * dispatch.quad_stride + quad]));
}

// Sums of one statistic over four features: sum gamma (T_s - t_s), the mass of the observed entries; and sum gamma.
struct Sums {
  first: vec4f,
  observed: vec4f,
  mass: f32,
}

const BLOCK_COUNT = BLOCKS * STATISTICS;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.first + b.first, a.observed + b.observed, a.mass + b.mass);
}

// A block of features, and a statistic.
fn block_at(index: u32) -> vec2u {
  return vec2u(index / STATISTICS, index % STATISTICS);
}

fn quad_sums(component: u32, block: vec2u, quad: u32, responsibility: vec4f) -> Sums {
  let mass = dot(vec4f(1.0), responsibility);
  var observed = vec4f(mass);
  if (HAS_MISSING) {
    observed = responsibility * observed_entries(block.x, quad);
  }
  return Sums(responsibility * centred_statistic(component, block.x, block.y, quad), observed, mass);
}
