/** The place that a key leads to from this one of so many in a row; undefined where it leads nowhere. */
export function cardTo(
  { key, altKey, ctrlKey, metaKey }: KeyboardEvent,
  at: number,
  length: number,
): number | undefined {
  if (altKey || ctrlKey || metaKey || at < 0) return undefined;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(length - 1, at + 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
