// The rate of exponentials with 16 independent chains an invocation: x -> exp(a x) with a = -1 goes to 0.567143 (x = exp(-x))
// from anywhere in [0, 1]: a wrong exponential or too few steps show.
struct Run {
  a: vec4f,
  b: vec4f,
  c: vec4f,
  loops: u32,
}

@group(0) @binding(0) var<uniform> run: Run;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let a = run.a;
  var p = vec4f(f32(lane) / 64);
  var q = 0.75 * p;
  var r = 0.5 * p;
  var s = 0.25 * p;
  for (var i = 0u; i < run.loops; i++) {
    p = exp(p * a);
    q = exp(q * a);
    r = exp(r * a);
    s = exp(s * a);
    p = exp(p * a);
    q = exp(q * a);
    r = exp(r * a);
    s = exp(s * a);
  }
  let sum = (p + q) + (r + s);
  sums[group.x * 64 + lane] = (sum.x + sum.y) + (sum.z + sum.w);
}
