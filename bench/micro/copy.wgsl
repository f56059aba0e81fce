// Copy bandwidth from storage to storage: four vec4 an invocation, neighbours beside each other.
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4u>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * 1024 + lane;
  target_[first] = source[first];
  target_[first + 256] = source[first + 256];
  target_[first + 512] = source[first + 512];
  target_[first + 768] = source[first + 768];
}
