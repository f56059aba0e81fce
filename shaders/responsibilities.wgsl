// gamma_nk (or ln gamma_nk) of a range of tiles for every component: only for predict_proba, never during a fit.
//   in    one chunk of samples and its log_maxima and log_sums
//   out   responsibilities[component * range quads + quad within the range]
//   grid  a workgroup per (tile of 4 * WORKGROUP samples, component), an invocation per quad
@group(2) @binding(0) var<storage, read> log_maxima: array<vec4f>;
@group(2) @binding(1) var<storage, read> log_sums: array<vec4f>;
@group(2) @binding(2) var<storage, read_write> posterior: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn responsibilities(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = unit_index(workgroup, workgroups);
  if (index >= dispatch.unit_count * dispatch.n_components) {
    return;
  }
  let component = index % dispatch.n_components;
  let tile = dispatch.first_unit + index / dispatch.n_components;
  let quad = (dispatch.range_first_tile + tile) * WORKGROUP + lane;
  let a = guided(log_density(component, quad), component, quad);
  let below = min(a - log_maxima[quad], vec4f(0.0));
  let logarithm = below - log_sums[quad];
  posterior[(component * dispatch.range_tiles + tile) * WORKGROUP + lane] =
    select(exp(logarithm), logarithm, dispatch.logarithms == 1u);
}
