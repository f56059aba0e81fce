// Draws samples straight from the buffers that the fit reads: one triangle around each disc, no vertex buffer.
//   clip = standardised value * view.scale + view.offset
// Grid: 3 vertices a drawn sample; sample = slice.first + slice.every * (vertex / 3).

struct View {
  scale: vec2f,
  offset: vec2f,
  radius: vec2f,         // disc radius in clip units
  radius_pixels: f32,    // the same in device pixels, for the soft edge
  alpha: f32,
}

struct Slice {
  x_start: u32,          // where feature x begins in the chunk: feature * stride
  y_start: u32,
  first: u32,
  every: u32,
  first_sample: u32,     // the chunk's first sample, so that the scatter below is the same for any chunking
  has_y: u32,            // 0: one feature, the height is random
  n_colours: u32,        // 0: not labelled yet
  padding: u32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> colours: array<vec4f>;  // one a component, then one for unlabelled samples

@group(1) @binding(0) var<uniform> slice: Slice;
@group(1) @binding(1) var<storage, read> values: array<f32>;
@group(1) @binding(2) var<storage, read> labels: array<u32>;

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) local: vec2f,                       // in radii from the centre
  @location(1) @interpolate(flat) colour: vec3f,
}

@vertex
fn place_sample(@builtin(vertex_index) vertex: u32) -> Corner {
  let i = slice.first + slice.every * (vertex / 3u);
  var standardised = vec2f(values[slice.x_start + i], 0.0);
  if (slice.has_y == 1u) {
    standardised.y = values[slice.y_start + i];
  } else {
    standardised.y = random_height(slice.first_sample + i);
  }
  // an equilateral triangle whose inscribed circle reaches half a pixel beyond the disc
  var corners = array<vec2f, 3>(vec2f(0.0, 2.0), vec2f(-1.7320508, -1.0), vec2f(1.7320508, -1.0));
  let local = corners[vertex % 3u] * (1.0 + 0.5 / view.radius_pixels);
  var colour = slice.n_colours;
  if (slice.n_colours > 0u) {
    colour = min(labels[i], slice.n_colours - 1u);
  }
  var corner: Corner;
  corner.position = vec4f(standardised * view.scale + view.offset + local * view.radius, 0.0, 1.0);
  corner.local = local;
  corner.colour = colours[colour].rgb;
  return corner;
}

/// A fixed height in [0, 1) for a sample of one feature (PCG hash).
fn random_height(sample: u32) -> f32 {
  let state = sample * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return f32(((word >> 22u) ^ word) >> 8u) / 16777216.0;
}

@fragment
fn shade_sample(corner: Corner) -> @location(0) vec4f {
  let inside = (1.0 - length(corner.local)) * view.radius_pixels + 0.5;
  let alpha = view.alpha * clamp(inside, 0.0, 1.0);
  return vec4f(corner.colour * alpha, alpha);      // premultiplied
}
