// Columns of several families. Twin of src/families/independent.ts (and of every family that has `columns`).
// a_nk = constant_k + sum over terms, each one statistic of one feature (src/families/independent-terms.ts lays them out):
//   LINEAR     slope (x - origin)                  an exponential family's natural parameter times its statistic
//   QUADRATIC  -(slope (x - origin))^2 / 2         a Gaussian; x and origin are pairs of float32 (see residuals-split.wgsl)
//   CATEGORY   the table's number for x
// A missing entry takes its feature's share of the constant with it.
// Tables of a component, in vec4s: two a term, (kind, column, origin or first table, slope) and (origin's low part, share of the
// constant, 0, 0); then one a block of sums, (term, which four categories, 0, 0); then the categories' log-probabilities.
// Kinds, columns and places are whole numbers below 2^24: exact in float32.
const LINEAR = 0u;
const QUADRATIC = 1u;
const CATEGORY = 2u;

struct Term {
  kind: u32,
  column: u32,
  origin: f32,
  slope: f32,
  origin_low: f32,
  constant: f32,
}

fn term_at(component: u32, index: u32) -> Term {
  let at = component * WHITENING_STRIDE + 2u * index;
  let first = whitening[at];
  let second = whitening[at + 1u];
  return Term(u32(first.x), u32(first.y), first.z, first.w, second.x, second.y);
}

fn encoded(column: u32, quad: u32) -> vec4f {
  return sample_values[column * dispatch.quad_stride + quad];
}

// Which of four samples are observed there.
fn observed(x: vec4f) -> vec4<bool> {
  return select(vec4<bool>(true), x != vec4f(MISSING), vec4<bool>(HAS_MISSING));
}

// x - origin, 0 where x is missing. A pair's low part is missing where its high part is.
fn difference(term: Term, quad: u32, x: vec4f, known: vec4<bool>) -> vec4f {
  var residual = select(vec4f(term.origin), x, known) - term.origin;
  if (term.kind == QUADRATIC) {
    let low = encoded(term.column + 1u, quad);
    residual += select(vec4f(term.origin_low), low, known) - term.origin_low;
  }
  return residual;
}

fn log_density(component: u32, quad: u32) -> vec4f {
  var a = vec4f(log_constant(component));
  for (var index = 0u; index < TERMS; index++) {
    let term = term_at(component, index);
    let x = encoded(term.column, quad);
    let known = observed(x);
    var share: vec4f;
    if (term.kind == CATEGORY) {
      share = category_share(component, term, vec4u(select(vec4f(0.0), x, known)));
    } else {
      let y = term.slope * difference(term, quad, x, known);
      share = select(y, -0.5 * y * y, vec4<bool>(term.kind == QUADRATIC));
    }
    a += select(vec4f(-term.constant), share, known);
  }
  return a;
}

fn category_share(component: u32, term: Term, x: vec4u) -> vec4f {
  let table = component * WHITENING_STRIDE + u32(term.origin);
  return vec4f(
    whitening[table + x.x / 4u][x.x % 4u],
    whitening[table + x.y / 4u][x.y % 4u],
    whitening[table + x.z / 4u][x.z % 4u],
    whitening[table + x.w / 4u][x.w % 4u],
  );
}

// One block of sums: the component's mass; or a term's (sum gamma r, sum gamma r^2, sum gamma) over observed entries, with r = x -
// origin, for QUADRATIC times slope; or the masses of four categories.
struct Sums {
  values: vec4f,
}

const BLOCK_COUNT = SUM_BLOCKS;

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.values + b.values);
}

// (term, which four categories); (TERMS, 0) for the mass. Every component's tables say the same.
fn block_at(index: u32) -> vec2u {
  return vec2u(whitening[DIRECTORY + index].xy);
}

fn quad_sums(component: u32, block: vec2u, quad: u32, responsibility: vec4f) -> Sums {
  let ones = vec4f(1.0);
  if (block.x == TERMS) {
    return Sums(vec4f(dot(ones, responsibility), 0.0, 0.0, 0.0));
  }
  let term = term_at(component, block.x);
  let x = encoded(term.column, quad);
  if (term.kind == CATEGORY) {
    let first = f32(4u * block.y);
    let categories = vec4f(first, first + 1.0, first + 2.0, first + 3.0);
    return Sums(
      select(vec4f(0.0), vec4f(responsibility.x), categories == vec4f(x.x)) +
      select(vec4f(0.0), vec4f(responsibility.y), categories == vec4f(x.y)) +
      select(vec4f(0.0), vec4f(responsibility.z), categories == vec4f(x.z)) +
      select(vec4f(0.0), vec4f(responsibility.w), categories == vec4f(x.w)),
    );
  }
  let known = observed(x);
  let r = select(1.0, term.slope, term.kind == QUADRATIC) * difference(term, quad, x, known);
  let weight = select(vec4f(0.0), responsibility, known);
  return Sums(vec4f(dot(weight, r), dot(weight * r, r), dot(ones, weight), 0.0));
}
