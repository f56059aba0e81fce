// Adds samples up in cells, straight from the buffers that the fit reads: no vertices, no order, no blending, so that ten million
// cost about what their reading costs, and the same grid serves dots and densities.
//   in    one chunk of samples: `plane` (two numbers a sample, of all its numbers), what is known of each, and its component
//   out   four numbers a cell: sums of weight * red, * green, * blue (a byte each), and of the weight itself
//   grid  an invocation for each sample that is drawn, one of every block of `every`: thinned.ts
// Largest sum: 255 * weight * samples in one cell. A u32 holds 16 million samples of weight 1 in one cell, or a million as discs.

struct View {
  scale: vec2f,          // cell coordinates = number * scale + offset
  offset: vec2f,
  columns: u32,
  rows: u32,
  reach: f32,            // disc radius in cells; 0: the sample falls in one cell
  highlighted: i32,      // component, -1: none
  by: u32,               // BY_NOTHING, BY_SLOTS, BY_SHARES
  n_entries: u32,        // of the table, without the one for "nothing known" and without the dimmed ones
  share_scale: f32,      // shares = number * share_scale
  emphasis: u32,         // how many times a highlighted sample counts
}

struct Slice {
  x_start: u32,          // where the horizontal numbers begin in `plane`
  y_start: u32,
  first_block: u32,      // numbers of blocks and samples are those of all chunks: so the picture is the same for any chunking
  n_blocks: u32,
  every: u32,
  first_sample: u32,     // of the chunk
  n_samples: u32,        // of the chunk
  n_in_all: u32,
  has_y: u32,            // 0: one feature, the height is random
}

const BY_NOTHING = 0u;
const BY_SLOTS = 1u;
/// A full cell of a disc; its rim has less.
const FULL = 16.0;
/// Entries that are missing are -3e38.
const LEAST = -1e38;

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> table: array<u32>;
@group(0) @binding(2) var<storage, read_write> cells: array<atomic<u32>>;

@group(1) @binding(0) var<uniform> slice: Slice;
@group(1) @binding(1) var<storage, read> plane: array<f32>;
@group(1) @binding(2) var<storage, read> known: array<u32>;
@group(1) @binding(3) var<storage, read> labels: array<u32>;

@compute @workgroup_size(256)
fn splat(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= slice.n_blocks) {
    return;
  }
  let sample = sample_of(slice.first_block + id.x);
  let i = sample - slice.first_sample;
  if (sample < slice.first_sample || i >= slice.n_samples) {
    return;
  }
  var place = vec2f(plane[slice.x_start + i], 0.0);
  if (slice.has_y == 1u) {
    place.y = plane[slice.y_start + i];
  } else {
    place.y = random_height(sample);
  }
  if (any(place < vec2f(LEAST))) {
    return;
  }
  let at = place * view.scale + view.offset;
  let size = vec2f(f32(view.columns), f32(view.rows));
  if (any(at < vec2f(-view.reach)) || any(at >= size + view.reach)) {
    return;
  }

  var entry = entry_of(i);
  var weight = 1u;
  if (view.highlighted >= 0) {
    if (labels[i] == u32(view.highlighted)) {
      weight = view.emphasis;
    } else {
      entry += 1u + view.n_entries;
    }
  }
  let colour = unpack(table[entry]);
  if (view.reach == 0.0) {
    add(vec2i(at), colour, weight);
    return;
  }
  let low = vec2i(max(floor(at - view.reach), vec2f(0.0)));
  let high = vec2i(min(ceil(at + view.reach), size));
  for (var y = low.y; y < high.y; y++) {
    for (var x = low.x; x < high.x; x++) {
      let from_centre = distance(vec2f(f32(x) + 0.5, f32(y) + 0.5), at);
      let share = u32(clamp(view.reach - from_centre + 0.5, 0.0, 1.0) * FULL + 0.5);
      if (share > 0u) {
        add(vec2i(x, y), colour, weight * share);
      }
    }
  }
}

fn entry_of(i: u32) -> u32 {
  if (view.by == BY_NOTHING) {
    return 0u;
  }
  if (view.by == BY_SLOTS) {
    let slot = bitcast<i32>(known[i]);
    return select(1u + min(u32(slot), view.n_entries - 1u), 0u, slot < 0);
  }
  let share = bitcast<f32>(known[i]) * view.share_scale;
  let last = f32(view.n_entries - 1u);
  return select(1u + u32(clamp(share * last + 0.5, 0.0, last)), 0u, share < 0.0);
}

fn add(cell: vec2i, colour: vec3u, weight: u32) {
  let at = 4u * (u32(cell.y) * view.columns + u32(cell.x));
  atomicAdd(&cells[at], colour.r * weight);
  atomicAdd(&cells[at + 1u], colour.g * weight);
  atomicAdd(&cells[at + 2u], colour.b * weight);
  atomicAdd(&cells[at + 3u], weight);
}

fn unpack(colour: u32) -> vec3u {
  return vec3u(colour & 255u, (colour >> 8u) & 255u, (colour >> 16u) & 255u);
}

/// The sample that stands for a block: as `thinnedSample` in thinned.ts.
fn sample_of(block: u32) -> u32 {
  let first = block * slice.every;
  return first + hash(block) % min(slice.every, slice.n_in_all - first);
}

/// A fixed height in [0, 1) for a sample of one feature.
fn random_height(sample: u32) -> f32 {
  return f32(hash(sample) >> 8u) / 16777216.0;
}

/// PCG.
fn hash(value: u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}
