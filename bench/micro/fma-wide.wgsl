// The FMA peak with 32 independent chains an invocation: enough for a GPU's latency, in registers that every GPU has.
// x -> -x + b, with two b in turn: exact on whole numbers, so that a step too few or too many shows in the sum.
override FUSED: bool = true;

struct Run {
  a: vec4f, // -1; a compiler cannot know
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
  let start = vec4f(f32(lane), f32(lane + 1), f32(lane + 2), f32(lane + 3));
  var p = start;
  var q = start + 4;
  var r = start + 8;
  var s = start + 12;
  var t = start + 16;
  var u = start + 20;
  var v = start + 24;
  var w = start + 28;
  for (var i = 0u; i < run.loops; i++) {
    p = step(p, a, b);
    q = step(q, a, b);
    r = step(r, a, b);
    s = step(s, a, b);
    t = step(t, a, b);
    u = step(u, a, b);
    v = step(v, a, b);
    w = step(w, a, b);
    p = step(p, a, c);
    q = step(q, a, c);
    r = step(r, a, c);
    s = step(s, a, c);
    t = step(t, a, c);
    u = step(u, a, c);
    v = step(v, a, c);
    w = step(w, a, c);
    p = step(p, a, b);
    q = step(q, a, b);
    r = step(r, a, b);
    s = step(s, a, b);
    t = step(t, a, b);
    u = step(u, a, b);
    v = step(v, a, b);
    w = step(w, a, b);
    p = step(p, a, c);
    q = step(q, a, c);
    r = step(r, a, c);
    s = step(s, a, c);
    t = step(t, a, c);
    u = step(u, a, c);
    v = step(v, a, c);
    w = step(w, a, c);
  }
  let sum = ((p + q) + (r + s)) + ((t + u) + (v + w));
  sums[group.x * 64 + lane] = (sum.x + sum.y) + (sum.z + sum.w);
}
