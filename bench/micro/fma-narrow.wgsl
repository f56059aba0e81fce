// The FMA peak with 8 independent chains an invocation: what a software adapter keeps in a processor's 16 vector registers.
// As fma-wide.wgsl in all else.
override FUSED: bool = true;

struct Run {
  a: vec4f,
  b: vec4f,
  c: vec4f,
  loops: u32,
}

@group(0) @binding(0) var<uniform> run: Run;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

fn step(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
  if (FUSED) {
    return fma(x, a, b);
  }
  return x * a + b;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let a = run.a;
  let b = run.b;
  let c = run.c;
  var p = vec4f(f32(lane), f32(lane + 1), f32(lane + 2), f32(lane + 3));
  var q = p + 4;
  for (var i = 0u; i < run.loops; i++) {
    p = step(p, a, b);
    q = step(q, a, b);
    p = step(p, a, c);
    q = step(q, a, c);
    p = step(p, a, b);
    q = step(q, a, b);
    p = step(p, a, c);
    q = step(q, a, c);
    p = step(p, a, b);
    q = step(q, a, b);
    p = step(p, a, c);
    q = step(q, a, c);
    p = step(p, a, b);
    q = step(q, a, b);
    p = step(p, a, c);
    q = step(q, a, c);
  }
  let sum = p + q;
  sums[group.x * 64 + lane] = (sum.x + sum.y) + (sum.z + sum.w);
}
