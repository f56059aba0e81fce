// Categorical: a_nk = constant_k + sum_d table_kd[x_nd]. Twin of src/families/categorical-device.ts.
// Samples are the categories 0, 1, ... as float32. Tables, per component: CATEGORY_VECTORS vec4s a feature.

fn log_density(component: u32, quad: u32) -> vec4f {
  var sum = vec4f(log_constant(component));
  // four features a turn, for llvmpipe's count of iterations
  for (var feature = 0u; feature < D; feature += 4u) {
    var four = feature_terms(component, feature, quad);
    if (feature + 1u < D) {
      four += feature_terms(component, feature + 1u, quad);
    }
    if (feature + 2u < D) {
      four += feature_terms(component, feature + 2u, quad);
    }
    if (feature + 3u < D) {
      four += feature_terms(component, feature + 3u, quad);
    }
    sum += four;
  }
  return sum;
}

fn feature_terms(component: u32, feature: u32, quad: u32) -> vec4f {
  let table = component * WHITENING_STRIDE + feature * CATEGORY_VECTORS;
  let categories = sample_values[feature * dispatch.quad_stride + quad];
  // a missing entry is far below 0: it looks up category 0, and counts nothing
  let at = vec4u(max(categories, vec4f(0.0)));
  let terms = vec4f(
    whitening[table + at.x / 4u][at.x % 4u],
    whitening[table + at.y / 4u][at.y % 4u],
    whitening[table + at.z / 4u][at.z % 4u],
    whitening[table + at.w / 4u][at.w % 4u],
  );
  if (HAS_MISSING) {
    return select(terms, vec4f(0.0), categories < vec4f(0.0));
  }
  return terms;
}

// One block of sums: four categories (from 4 y on) of one feature (x).
struct Sums {
  counts: vec4f,
  mass: f32,
}

const BLOCK_COUNT = D * CATEGORY_VECTORS;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.counts + b.counts, a.mass + b.mass);
}

fn block_at(index: u32) -> vec2u {
  return vec2u(index / CATEGORY_VECTORS, index % CATEGORY_VECTORS);
}

fn quad_sums(component: u32, block: vec2u, quad: u32, responsibility: vec4f) -> Sums {
  let categories = sample_values[block.x * dispatch.quad_stride + quad];
  let counted = f32(4u * block.y) + vec4f(0.0, 1.0, 2.0, 3.0);
  let counts = (count(responsibility.x, categories.x, counted) + count(responsibility.y, categories.y, counted)) +
    (count(responsibility.z, categories.z, counted) + count(responsibility.w, categories.w, counted));
  return Sums(counts, dot(vec4f(1.0), responsibility));
}

// One sample's weight at its own category.
fn count(weight: f32, category: f32, counted: vec4f) -> vec4f {
  return select(vec4f(0.0), vec4f(weight), vec4f(category) == counted);
}
