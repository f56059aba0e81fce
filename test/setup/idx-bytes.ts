/** The bytes of an IDX file: two zeros, the type (8: unsigned bytes), the number of dimensions, their sizes, the values. */
export function idx(
  shape: readonly number[],
  values: ArrayLike<number>,
  type = 0x08,
): Uint8Array<ArrayBuffer> {
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + values.length);
  bytes.set([0, 0, type, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  bytes.set(values, header);
  return bytes;
}
