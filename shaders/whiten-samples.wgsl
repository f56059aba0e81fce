// W x of a part of a chunk, for components that share W: then ln p is a sum of plain squares, |W x - W m_k|^2, and a component costs
// D multiply-adds a sample where it would cost D^2.
//   in    a part of a chunk of samples; W of the tied family (shaders/families/gaussian-full.wgsl has its layout)
//   out   whitened[feature * joint_stride + quad]
//   grid  a workgroup per (tile of 4 * WORKGROUP samples, four blocks of rows), an invocation per quad
@group(2) @binding(0) var<storage, read_write> whitened: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn whiten_samples(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count) {
    return;
  }
  let unit = dispatch.first_unit + index;
  let strips = (BLOCKS + 3u) / 4u;
  let quad = (unit / strips) * WORKGROUP + lane;
  let c = (unit % strips) * 4u;
  let end = min(c + 4u, BLOCKS);
  let row0 = 2u * c * (c + 1u);
  let row1 = row0 + 4u * (c + 1u);
  let row2 = row1 + 4u * (c + 2u);
  let row3 = row2 + 4u * (c + 3u);
  var y0 = mat4x4f();
  var y1 = mat4x4f();
  var y2 = mat4x4f();
  var y3 = mat4x4f();
  for (var j = 0u; j < end; j++) {
    let x = features(j, dispatch.first_quad + quad);
    if (j <= c) {
      y0 = add_product(y0, x, row0 + 4u * j);
    }
    if (c + 1u < BLOCKS && j <= c + 1u) {
      y1 = add_product(y1, x, row1 + 4u * j);
    }
    if (c + 2u < BLOCKS && j <= c + 2u) {
      y2 = add_product(y2, x, row2 + 4u * j);
    }
    if (c + 3u < BLOCKS) {
      y3 = add_product(y3, x, row3 + 4u * j);
    }
  }
  write_block(c, quad, y0);
  write_block(c + 1u, quad, y1);
  write_block(c + 2u, quad, y2);
  write_block(c + 3u, quad, y3);
}

fn write_block(block: u32, quad: u32, y: mat4x4f) {
  write_feature(4u * block, quad, y[0]);
  write_feature(4u * block + 1u, quad, y[1]);
  write_feature(4u * block + 2u, quad, y[2]);
  write_feature(4u * block + 3u, quad, y[3]);
}

fn write_feature(index: u32, quad: u32, y: vec4f) {
  if (index < D) {
    whitened[index * dispatch.joint_stride + quad] = y;
  }
}
