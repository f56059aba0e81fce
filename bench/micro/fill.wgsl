// Numbers to be copied: each says where it lies.
@group(0) @binding(0) var<storage, read_write> values: array<vec4u>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var i = 0u; i < 4; i++) {
    let at = group.x * 1024 + lane + 256 * i;
    values[at] = (4 * at + vec4u(0, 1, 2, 3)) * 2654435761u;
  }
}
