// E-step, second: ln p(x_n) = ln sum_k exp(a_nk), and s_n gamma_nk in place of a_nk. Annealed, beta a_nk in place of a_nk.
// HARD: s_n for the component of the largest a_nk (the first of equals), 0 for the others.
//   in    joint[component * joint_stride + quad] = a_nk of a part of a chunk, for every model
//   out   joint: s_n gamma_nk; likelihood_partials[unit] = the unit's sum of s_n ln p(x_n), after those of earlier parts
//   grid  a workgroup per (model, WORKGROUP / LANES quads); LANES invocations share a quad's components
// gamma = exp(a - maximum - ln sum): ln p(x_n) in one float32 would round away 0.004 of a sample 450 deviations out.
@group(2) @binding(0) var<storage, read_write> joint: array<vec4f>;
@group(2) @binding(1) var<storage, read_write> likelihood_partials: array<f32>;

const QUADS = WORKGROUP / LANES;

var<workgroup> maxima: array<vec4f, WORKGROUP>;
var<workgroup> sums: array<vec4f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn normalise(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let unit = dispatch.first_unit + index;
  let units = dispatch.part_quads / QUADS;
  let model = unit / units;
  let quad = (unit % units) * QUADS + lane % QUADS;
  let chunk_quad = dispatch.first_quad + quad;
  let first = lane / QUADS;
  let row = model * dispatch.n_components * dispatch.joint_stride + quad;

  // WGSL may assume that there are no infinities: the lowest float32 stands for ln 0
  var maximum = vec4f(-3.0e38);
  var sum = vec4f(0.0);
  for (var k = first; k < dispatch.n_components; k += LANES) {
    let a = scaled(joint[row + k * dispatch.joint_stride], k, chunk_quad);
    if (HARD) {
      sum = select(sum, vec4f(f32(k)), a > maximum);
    } else {
      let ratio = exp(-abs(a - maximum));
      sum = select(sum + ratio, sum * ratio + 1.0, a > maximum);
    }
    maximum = max(maximum, a);
  }
  if (LANES > 1u) {
    maxima[lane] = maximum;
    sums[lane] = sum;
    workgroupBarrier();
    let own = lane % QUADS;
    maximum = maxima[own];
    for (var other = 1u; other < LANES; other++) {
      maximum = max(maximum, maxima[own + other * QUADS]);
    }
    sum = vec4f(select(0.0, 3.0e38, HARD));
    for (var other = 0u; other < LANES; other++) {
      let theirs = sums[own + other * QUADS];
      let below = maxima[own + other * QUADS];
      if (HARD) {
        sum = select(sum, min(sum, theirs), below == maximum);
      } else {
        sum += theirs * exp(below - maximum);
      }
    }
  }

  let weight = sample_weights[chunk_quad];
  var log_sum = vec4f(0.0);
  if (!HARD) {
    log_sum = log(sum);
  }
  for (var k = first; k < dispatch.n_components; k += LANES) {
    let at = row + k * dispatch.joint_stride;
    if (HARD) {
      joint[at] = select(vec4f(0.0), weight, sum == vec4f(f32(k)));
    } else {
      joint[at] = exp(scaled(joint[at], k, chunk_quad) - maximum - log_sum) * weight;
    }
  }

  if (LANES > 1u) {
    workgroupBarrier();
  }
  if (first == 0u) {
    sums[lane] = weight * (maximum + log_sum);
  }
  for (var width = QUADS / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      sums[lane] += sums[lane + width];
    }
  }
  if (lane == 0u) {
    let tile = dispatch.first_quad / QUADS + unit % units;
    likelihood_partials[model * (dispatch.chunk_quads / QUADS) + tile] = dot(vec4f(1.0), sums[0]);
  }
}

fn scaled(a: vec4f, component: u32, quad: u32) -> vec4f {
  return dispatch.inverse_temperature * guided(a, component, quad);
}
