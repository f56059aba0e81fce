/** Calls `draw` once a frame at most, with the newest of what was asked for. */
export function oncePerFrame<T>(draw: (last: T) => void): (next: T) => void {
  let pending: { value: T } | undefined;
  return (value) => {
    if (pending) {
      pending.value = value;
      return;
    }
    pending = { value };
    requestAnimationFrame(() => {
      const next = pending!.value;
      pending = undefined;
      draw(next);
    });
  };
}
