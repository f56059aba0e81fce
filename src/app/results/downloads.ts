import type { GaussianMixture } from '../../index.ts';

/** One line a sample, in the order of the samples: the number of its component, from 0, under the heading "label". */
export function labelsCsv(labels: Int32Array): string {
  return `label\n${labels.join('\n')}\n`;
}

/** The model as `GaussianMixture.fromJSON` reads it. */
export function modelJson(mixture: GaussianMixture): string {
  return `${JSON.stringify(mixture.toJSON(), null, 2)}\n`;
}

/** Hands a text to the browser as a file to save. */
export function download(fileName: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // the browser has taken the file over by the next task
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
