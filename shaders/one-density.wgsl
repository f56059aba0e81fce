// log_joint of families that give log-densities one component at a time (DENSITY_COMPONENTS 1).
fn log_densities(component: u32, quad: u32, _last: u32) -> mat4x4f {
  let none = vec4f(0.0);
  return mat4x4f(log_density(component, quad), none, none, none);
}
