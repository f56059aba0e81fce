// moments of families whose sums are of one component at a time (TASK_COMPONENTS 1). Such a family declares
// quad_sums(component, block, quad, responsibility): one quad's share of one block.
fn accumulate(sums: Sums, component: u32, block: vec2u, quad: u32) -> Sums {
  let own = quad_sums(component, block, dispatch.first_quad + quad, responsibility(component, quad));
  return add_sums(sums, own);
}
