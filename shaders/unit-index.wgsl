// Dispatches over 65,535 workgroups are folded into two dimensions; this undoes the fold.
fn unit_index(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return workgroup.x + workgroup.y * workgroups.x;
}
