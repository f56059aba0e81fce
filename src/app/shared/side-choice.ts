export type Side = 'webgpu' | 'cpu';

/** Where / and /digits keep on which side the visitor wants them to compute: `webgpu` or `cpu`; nothing where the page decides. */
const KEY = 'webgpu-em.side';

/** A browser that keeps nothing (storage refused) is asked anew at every visit. */
export function keepSide(side: Side): void {
  try {
    localStorage.setItem(KEY, side);
  } catch {
    // (the choice holds as long as the page)
  }
}

export function keptSide(): Side | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'webgpu' || kept === 'cpu' ? kept : undefined;
  } catch {
    return undefined;
  }
}
